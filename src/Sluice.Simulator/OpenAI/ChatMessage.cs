using System.Text;
using System.Text.Json;
using Sluice.Simulator.Answers;
using Sluice.Simulator.Hosting;

namespace Sluice.Simulator.OpenAI;

/// <summary>What the whole and the streamed form of a chat completion have in common.</summary>
internal sealed class ChatMessage
{
    private readonly string[][] callIds;
    private readonly int cached;

    public ChatMessage(SimulatedCall call, Ask ask, Answer answer, JsonElement root)
    {
        Call = call;
        Ask = ask;
        Answer = answer;
        Created = call.UnixSeconds;
        DeepSeek = ChatReader.IsReasoner(ask.Model);
        Logprobs = root.Flag("logprobs") == true;
        TopLogprobs = root.Number("top_logprobs") ?? 0;
        Id = DeepSeek ? call.Stage.Ids.Uuid() : call.Stage.Ids.Letters("chatcmpl-", 29);
        Fingerprint = DeepSeek ? "fp_simulated_prod0623_fp8_kvcache" : "fp_07871e2ad8";
        cached = call.Stage.Cache.ReadImplicit("openai", ask.Prompt);
        callIds = [.. Enumerable.Range(0, ask.Count).Select(choice => answer.Calls
            .Select((_, at) => DeepSeek ? call.Stage.Ids.Letters($"call_{choice * 100 + at:00}_", 24) : call.Stage.Ids.Letters("call_", 24)).ToArray())];
    }

    public SimulatedCall Call { get; }

    public Ask Ask { get; }

    public Answer Answer { get; }

    public string Id { get; }

    public long Created { get; }

    /// <summary>DeepSeek's variant: <c>reasoning_content</c>, its own ids and cache counts.</summary>
    public bool DeepSeek { get; }

    public bool Logprobs { get; }

    public int TopLogprobs { get; }

    public string Fingerprint { get; }

    public string FinishReason => Answer.Finish switch
    {
        Finish.Length => "length",
        Finish.ToolCalls => "tool_calls",
        Finish.Filter => "content_filter",
        _ => "stop",
    };

    public string CallId(int choice, int at) => callIds[choice][at];

    /// <summary>Further choices say the same and which one they are.</summary>
    public string TextOf(int choice) => choice == 0 || Ask.WantsJson || Answer.Finish != Finish.Stop ? Answer.Text : $"{Answer.Text} (choice {choice + 1})";

    public void WriteUsage(Utf8JsonWriter writer)
    {
        var input = Ask.Prompt.Tokens;
        var output = Answer.OutputTokens * Ask.Count;
        writer.WriteStartObject("usage");
        writer.WriteNumber("prompt_tokens", input);
        writer.WriteNumber("completion_tokens", output);
        writer.WriteNumber("total_tokens", input + output);
        writer.WriteStartObject("prompt_tokens_details");
        writer.WriteNumber("cached_tokens", cached);
        if (!DeepSeek)
            writer.WriteNumber("audio_tokens", 0);
        writer.WriteEndObject();
        writer.WriteStartObject("completion_tokens_details");
        writer.WriteNumber("reasoning_tokens", Answer.ReasoningTokens * Ask.Count);
        if (!DeepSeek)
        {
            writer.WriteNumber("audio_tokens", 0);
            writer.WriteNumber("accepted_prediction_tokens", 0);
            writer.WriteNumber("rejected_prediction_tokens", 0);
        }

        writer.WriteEndObject();
        if (DeepSeek)
        {
            writer.WriteNumber("prompt_cache_hit_tokens", cached);
            writer.WriteNumber("prompt_cache_miss_tokens", input - cached);
        }

        writer.WriteEndObject();
    }

    /// <summary>Null, or the log probabilities of the tokens of a text: four characters each.</summary>
    public void WriteLogprobs(Utf8JsonWriter writer, string? text)
    {
        if (text is null)
        {
            writer.WriteNull("logprobs");
            return;
        }

        writer.WriteStartObject("logprobs");
        writer.WriteStartArray("content");
        foreach (var token in Chunks.Of(text, 4))
        {
            writer.WriteStartObject();
            WriteToken(writer, token, -0.25);
            writer.WriteStartArray("top_logprobs");
            for (var i = 0; i < Math.Min(TopLogprobs, 20); i++)
            {
                writer.WriteStartObject();
                WriteToken(writer, i == 0 ? token : token + i, -0.25 - i);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteNull("refusal");
        writer.WriteEndObject();
    }

    private static void WriteToken(Utf8JsonWriter writer, string token, double logprob)
    {
        writer.WriteString("token", token);
        writer.WriteNumber("logprob", logprob);
        writer.WriteStartArray("bytes");
        foreach (var value in Encoding.UTF8.GetBytes(token))
            writer.WriteNumberValue(value);
        writer.WriteEndArray();
    }
}
