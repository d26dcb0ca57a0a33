using System.Text.Json;
using Sluice.Simulator.Answers;
using Sluice.Simulator.Hosting;

namespace Sluice.Simulator.OpenAI;

/// <summary>One output item of a response: reasoning, a message or a function call.</summary>
internal sealed class ResponseItem
{
    public required string Type { get; init; }

    public required string Id { get; init; }

    public string Text { get; init; } = "";

    public bool Refusal { get; init; }

    public bool Incomplete { get; init; }

    /// <summary>Reasoning: with its encrypted payload, which differs each time it is sent.</summary>
    public bool WithPayload { get; init; }

    public bool WithSummary { get; init; }

    public string CallId { get; init; } = "";

    public string Name { get; init; } = "";

    public static List<ResponseItem> From(SimulatedCall call, Ask ask, Answer answer, JsonElement root, string suffix)
    {
        var ids = call.Stage.Ids;
        var items = new List<ResponseItem>();
        if (ask.Thinks)
        {
            items.Add(new ResponseItem
            {
                Type = "reasoning", Id = ids.Hexadecimal("rs_", 32) + suffix, Text = answer.Reasoning,
                WithPayload = root.Items("include").Any(item => item.ValueEquals("reasoning.encrypted_content")),
                WithSummary = root.Has("reasoning", out var reasoning) && reasoning.Has("summary", out _),
            });
        }

        foreach (var use in answer.Calls)
            items.Add(new ResponseItem { Type = "function_call", Id = ids.Hexadecimal("fc_", 32) + suffix, CallId = ids.Letters("call_", 24), Name = use.Name, Text = use.Arguments });
        if (answer.Calls.Count == 0 && (answer.Text.Length > 0 || answer.Finish is Finish.Stop or Finish.StopSequence))
        {
            items.Add(new ResponseItem
            {
                Type = "message", Id = ids.Hexadecimal("msg_", 32) + suffix, Text = answer.Text, Refusal = answer.Refused, Incomplete = answer.Finish == Finish.Length,
            });
        }

        return items;
    }

    /// <summary>The item as it begins, or as it is when done.</summary>
    public void Write(Utf8JsonWriter writer, SimulatedCall call, bool done)
    {
        writer.WriteStartObject();
        writer.WriteString("id", Id);
        writer.WriteString("type", Type);
        switch (Type)
        {
            case "reasoning":
                if (WithPayload)
                    writer.WriteString("encrypted_content", ResponsesRules.Payload(call));
                writer.WriteStartArray("summary");
                if (done && WithSummary)
                    WritePart(writer, "summary_text", Text);
                writer.WriteEndArray();
                break;
            case "function_call":
                writer.WriteString("status", done ? "completed" : "in_progress");
                writer.WriteString("arguments", done ? Text : "");
                writer.WriteString("call_id", CallId);
                writer.WriteString("name", Name);
                break;
            default:
                writer.WriteString("status", !done ? "in_progress" : Incomplete ? "incomplete" : "completed");
                writer.WriteStartArray("content");
                if (done)
                    WriteContent(writer, Text);
                writer.WriteEndArray();
                writer.WriteString("role", "assistant");
                break;
        }

        writer.WriteEndObject();
    }

    public void WriteContent(Utf8JsonWriter writer, string text)
    {
        writer.WriteStartObject();
        writer.WriteString("type", Refusal ? "refusal" : "output_text");
        if (Refusal)
        {
            writer.WriteString("refusal", text);
        }
        else
        {
            writer.WriteStartArray("annotations");
            writer.WriteEndArray();
            writer.WriteStartArray("logprobs");
            writer.WriteEndArray();
            writer.WriteString("text", text);
        }

        writer.WriteEndObject();
    }

    public static void WritePart(Utf8JsonWriter writer, string type, string text)
    {
        writer.WriteStartObject();
        writer.WriteString("type", type);
        writer.WriteString("text", text);
        writer.WriteEndObject();
    }
}
