using System.Text.Json;
using Sluice.Simulator.Answers;
using Sluice.Simulator.Hosting;

namespace Sluice.Simulator.OpenAI;

/// <summary>The response object, which the whole answer is and which the first and last events of a stream carry.</summary>
internal sealed class ResponseDocument
{
    private readonly JsonElement root;
    private readonly int cached;

    public ResponseDocument(SimulatedCall call, Ask ask, Answer answer, JsonElement root)
    {
        this.root = root;
        Call = call;
        Ask = ask;
        Answer = answer;
        CreatedAt = call.UnixSeconds;
        var suffix = call.Stage.Ids.Hexadecimal("", 18);
        Id = call.Stage.Ids.Hexadecimal("resp_", 32) + suffix;
        Items = ResponseItem.From(call, ask, answer, root, suffix);
        cached = call.Stage.Cache.ReadImplicit("openai", ask.Prompt);
    }

    public SimulatedCall Call { get; }

    public Ask Ask { get; }

    public Answer Answer { get; }

    public string Id { get; }

    public long CreatedAt { get; }

    public List<ResponseItem> Items { get; }

    public string Status => Answer.Finish is Finish.Length or Finish.Filter ? "incomplete" : "completed";

    public void Write(Utf8JsonWriter writer, bool done)
    {
        writer.WriteStartObject();
        writer.WriteString("id", Id);
        writer.WriteString("object", "response");
        writer.WriteNumber("created_at", CreatedAt);
        writer.WriteString("status", done ? Status : "in_progress");
        writer.WriteBoolean("background", false);
        if (done && Status == "completed")
            writer.WriteNumber("completed_at", CreatedAt + 1);
        else
            writer.WriteNull("completed_at");
        writer.WriteNull("error");
        writer.WriteNumber("frequency_penalty", 0.0);
        WriteIncomplete(writer, done);
        Echo(writer, "instructions");
        Echo(writer, "max_output_tokens");
        writer.WriteNull("max_tool_calls");
        writer.WriteString("model", Ask.Model);
        writer.WriteStartArray("output");
        if (done)
        {
            foreach (var item in Items)
                item.Write(writer, Call, done: true);
        }

        writer.WriteEndArray();
        writer.WriteBoolean("parallel_tool_calls", Ask.Parallel);
        writer.WriteNumber("presence_penalty", 0.0);
        Echo(writer, "previous_response_id");
        Echo(writer, "prompt_cache_key");
        WriteReasoning(writer);
        Echo(writer, "safety_identifier");
        writer.WriteString("service_tier", done ? "default" : "auto");
        writer.WriteBoolean("store", root.Flag("store") ?? true);
        writer.WriteNumber("temperature", root.Real("temperature") ?? 1.0);
        WriteText(writer);
        Echo(writer, "tool_choice", "\"auto\""u8);
        Echo(writer, "tools", "[]"u8);
        writer.WriteNumber("top_logprobs", root.Number("top_logprobs") ?? 0);
        writer.WriteNumber("top_p", root.Real("top_p") ?? 1.0);
        writer.WriteString("truncation", root.Text("truncation") ?? "disabled");
        if (done)
            WriteUsage(writer);
        else
            writer.WriteNull("usage");
        Echo(writer, "user");
        Echo(writer, "metadata", "{}"u8);
        writer.WriteEndObject();
    }

    private void WriteUsage(Utf8JsonWriter writer)
    {
        writer.WriteStartObject("usage");
        writer.WriteNumber("input_tokens", Ask.Prompt.Tokens);
        writer.WriteStartObject("input_tokens_details");
        writer.WriteNumber("cached_tokens", cached);
        writer.WriteEndObject();
        writer.WriteNumber("output_tokens", Answer.OutputTokens);
        writer.WriteStartObject("output_tokens_details");
        writer.WriteNumber("reasoning_tokens", Answer.ReasoningTokens);
        writer.WriteEndObject();
        writer.WriteNumber("total_tokens", Ask.Prompt.Tokens + Answer.OutputTokens);
        writer.WriteEndObject();
    }

    private void WriteIncomplete(Utf8JsonWriter writer, bool done)
    {
        if (!done || Status == "completed")
        {
            writer.WriteNull("incomplete_details");
            return;
        }

        writer.WriteStartObject("incomplete_details");
        writer.WriteString("reason", Answer.Finish == Finish.Filter ? "content_filter" : "max_output_tokens");
        writer.WriteEndObject();
    }

    private void WriteReasoning(Utf8JsonWriter writer)
    {
        var given = root.Has("reasoning", out var reasoning);
        writer.WriteStartObject("reasoning");
        writer.WriteString("effort", given ? reasoning.Text("effort") ?? "medium" : Ask.Thinks ? "medium" : null);
        writer.WriteString("summary", given ? reasoning.Text("summary") : null);
        writer.WriteEndObject();
    }

    private void WriteText(Utf8JsonWriter writer)
    {
        writer.WriteStartObject("text");
        writer.WritePropertyName("format");
        if (root.Has("text", out var text) && text.Has("format", out var format))
            format.WriteTo(writer);
        else
            writer.WriteRawValue("{\"type\":\"text\"}"u8, skipInputValidation: true);
        writer.WriteString("verbosity", "medium");
        writer.WriteEndObject();
    }

    private void Echo(Utf8JsonWriter writer, string name, ReadOnlySpan<byte> otherwise = default)
    {
        writer.WritePropertyName(name);
        if (root.Has(name, out var value))
            value.WriteTo(writer);
        else if (otherwise.IsEmpty)
            writer.WriteNullValue();
        else
            writer.WriteRawValue(otherwise, skipInputValidation: true);
    }
}
