using System.Text.Json;
using Sluice.Formats.Tests.Grammar;

namespace Sluice.Formats.Tests.Fidelity;

/// <summary>Reads whole answers of each format as a client sees them, by the vendors' API references and with none of the codecs.</summary>
internal static class PlainAnswers
{
    public static Seen Read(string format, JsonElement body)
    {
        var seen = new Seen();
        switch (format)
        {
            case "anthropic-messages": Anthropic(body, seen); break;
            case "gemini-generate": Gemini(body, seen); break;
            case "openai-responses": Responses(body, seen); break;
            case "ollama-chat": Ollama(body, seen); break;
            case "bedrock-converse": Bedrock(body, seen); break;
            case "cohere-chat": Cohere(body, seen); break;
            default: Chat(body, seen); break;
        }
        return seen;
    }

    private static void Chat(JsonElement body, Seen seen)
    {
        foreach (var choice in body.List("choices"))
        {
            var view = seen.Candidate(choice.At("index").Is() ? choice.At("index").GetInt32() : 0);
            var message = choice.At("message");
            view.Text.Append(message.Str("content"));
            foreach (var part in message.List("content"))
            {
                view.Text.Append(part.Str("text"));
                foreach (var thought in part.List("thinking")) view.Reasoning.Append(thought.Str("text"));
            }
            view.Text.Append(message.Str("refusal"));
            view.Reasoning.Append(message.Str("reasoning_content") is { Length: > 0 } text ? text : message.Str("reasoning"));
            foreach (var call in message.List("tool_calls")) Call(view, call.Str("id"), call.Str("function", "name"), call.Str("function", "arguments"));
        }
        seen.OutputTokens = Number(body.At("usage", "completion_tokens"));
    }

    private static void Responses(JsonElement body, Seen seen)
    {
        var view = seen.Candidate(0);
        foreach (var item in body.List("output"))
        {
            foreach (var part in item.List("content")) (item.Str("type") == "reasoning" ? view.Reasoning : view.Text).Append(part.Str("text") + part.Str("refusal"));
            foreach (var part in item.List("summary")) view.Reasoning.Append(part.Str("text"));
            if (item.Str("type") == "function_call") Call(view, item.Str("call_id"), item.Str("name"), item.Str("arguments"));
        }
        seen.OutputTokens = Number(body.At("usage", "output_tokens"));
    }

    private static void Anthropic(JsonElement body, Seen seen)
    {
        var view = seen.Candidate(0);
        foreach (var block in body.List("content"))
        {
            view.Text.Append(block.Str("text"));
            view.Reasoning.Append(block.Str("thinking"));
            if (block.Str("type") == "tool_use") Call(view, block.Str("id"), block.Str("name"), block.At("input").GetRawText());
        }
        seen.OutputTokens = Number(body.At("usage", "output_tokens"));
    }

    private static void Gemini(JsonElement body, Seen seen)
    {
        foreach (var candidate in body.List("candidates"))
        {
            var view = seen.Candidate(candidate.At("index").Is() ? candidate.At("index").GetInt32() : 0);
            foreach (var part in candidate.List("content", "parts"))
            {
                (part.At("thought").ValueKind == JsonValueKind.True ? view.Reasoning : view.Text).Append(part.Str("text"));
                if (part.At("functionCall").Is()) Call(view, part.Str("functionCall", "id"), part.Str("functionCall", "name"), part.At("functionCall", "args") is { ValueKind: JsonValueKind.Object } args ? args.GetRawText() : "");
            }
        }
        long? spoken = Number(body.At("usageMetadata", "candidatesTokenCount")), thought = Number(body.At("usageMetadata", "thoughtsTokenCount"));
        seen.OutputTokens = spoken is null && thought is null ? null : (spoken ?? 0) + (thought ?? 0);
    }

    private static void Ollama(JsonElement body, Seen seen)
    {
        var view = seen.Candidate(0);
        view.Text.Append(body.Str("message", "content"));
        view.Reasoning.Append(body.Str("message", "thinking"));
        foreach (var call in body.List("message", "tool_calls")) Call(view, call.Str("id"), call.Str("function", "name"), call.At("function", "arguments").GetRawText());
        seen.OutputTokens = Number(body.At("eval_count"));
    }

    private static void Bedrock(JsonElement body, Seen seen)
    {
        var view = seen.Candidate(0);
        foreach (var block in body.List("output", "message", "content"))
        {
            view.Text.Append(block.Str("text"));
            view.Reasoning.Append(block.Str("reasoningContent", "reasoningText", "text"));
            if (block.At("toolUse").Is()) Call(view, block.Str("toolUse", "toolUseId"), block.Str("toolUse", "name"), block.At("toolUse", "input").GetRawText());
        }
        seen.OutputTokens = Number(body.At("usage", "outputTokens"));
    }

    private static void Cohere(JsonElement body, Seen seen)
    {
        var view = seen.Candidate(0);
        view.Text.Append(body.Str("message", "tool_plan"));
        foreach (var part in body.List("message", "content"))
        {
            view.Text.Append(part.Str("text"));
            view.Reasoning.Append(part.Str("thinking"));
        }
        foreach (var call in body.List("message", "tool_calls")) Call(view, call.Str("id"), call.Str("function", "name"), call.Str("function", "arguments"));
        seen.OutputTokens = Number(body.At("usage", "tokens", "output_tokens"));
    }

    private static void Call(SeenCandidate view, string id, string name, string arguments)
    {
        var call = new SeenCall(id, name);
        call.Arguments.Append(arguments);
        view.Calls.Add(call);
    }

    private static long? Number(JsonElement value) => value.ValueKind == JsonValueKind.Number ? value.GetInt64() : null;
}
