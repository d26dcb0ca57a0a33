using System.Text.Json;
using Sluice.Simulator.Hosting;

namespace Sluice.Simulator.OpenAI;

/// <summary>What the API's own SDK (openai 6.49) may send; anything else is refused when members are checked.</summary>
internal static class OpenAIMembers
{
    private static readonly Members Chat = new("""
        messages model audio frequency_penalty function_call functions logit_bias logprobs max_completion_tokens max_tokens metadata modalities moderation n
        parallel_tool_calls prediction presence_penalty prompt_cache_key prompt_cache_options prompt_cache_retention reasoning_effort response_format
        safety_identifier seed service_tier stop store stream stream_options temperature tool_choice tools top_logprobs top_p user verbosity web_search_options
        """);

    private static readonly Members Completions = new("""
        model prompt best_of echo frequency_penalty logit_bias logprobs max_tokens n presence_penalty seed stop stream stream_options suffix temperature top_p user
        """);

    private static readonly Members Responses = new("""
        background context_management conversation include input instructions max_output_tokens max_tool_calls metadata model moderation parallel_tool_calls
        previous_response_id prompt prompt_cache_key prompt_cache_options prompt_cache_retention reasoning safety_identifier service_tier store stream
        stream_options temperature text tool_choice tools top_logprobs top_p truncation user
        """);

    private static readonly Members Embeddings = new("input model dimensions encoding_format user");
    private static readonly Members System = new("role content name");
    private static readonly Members Assistant = new("role audio content function_call name refusal tool_calls");
    private static readonly Members Reasoner = new("role audio content function_call name refusal tool_calls reasoning_content prefix");
    private static readonly Members Tool = new("role content tool_call_id");

    public static ProviderError? Check(SimulatedCall call, JsonElement root, string path)
    {
        if (!Members.AreChecked(call))
            return null;
        var known = path switch { "/chat/completions" => Chat, "/completions" => Completions, "/embeddings" => Embeddings, _ => Responses };
        if (known.FirstUnknown(root) is { } unknown)
        {
            return known == Responses
                ? new ProviderError(400, "unknown_parameter", $"Unknown parameter: '{unknown}'.", unknown)
                : new ProviderError(400, "", $"Unrecognized request argument supplied: {unknown}");
        }

        return known == Chat ? CheckMessages(call, root) : null;
    }

    private static ProviderError? CheckMessages(SimulatedCall call, JsonElement root)
    {
        var index = -1;
        var saysJson = false;
        foreach (var message in root.Items("messages"))
        {
            index++;
            saysJson |= message.GetRawText().Contains("json", StringComparison.OrdinalIgnoreCase);
            var known = message.Text("role") switch
            {
                "assistant" => ChatReader.IsReasoner(call.Model!) ? Reasoner : Assistant,
                "tool" => Tool,
                _ => System,
            };
            if (known.FirstUnknown(message) is { } unknown)
                return new ProviderError(400, "unknown_parameter", $"Unknown parameter: 'messages[{index}].{unknown}'.", $"messages[{index}].{unknown}");
        }

        return !saysJson && root.Has("response_format", out var format) && format.Text("type") == "json_object"
            ? new ProviderError(400, "", "'messages' must contain the word 'json' in some form, to use 'response_format' of type 'json_object'.", "messages")
            : null;
    }
}
