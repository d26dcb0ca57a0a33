using System.Text.Json;
using Sluice.Chat;
using Sluice.Formats.Shared;
using Sluice.Wire;

namespace Sluice.Formats.CohereChat;

/// <summary>A turn of the model, gathered from one or more messages, as one message of Cohere.</summary>
internal sealed class AssistantTurn
{
    /// <summary>Its thinking.</summary>
    public List<string> Thinking { get; } = [];

    /// <summary>Its texts.</summary>
    public List<CohereContent> Said { get; } = [];

    /// <summary>Its calls with their places, for reports.</summary>
    public List<(ToolCallPart Call, string Path)> Calls { get; } = [];

    /// <summary>Writes the message; a turn that holds nothing is left out.</summary>
    public void Write(Utf8JsonWriter writer, LossReport losses)
    {
        if (Thinking.Count == 0 && Said.Count == 0 && Calls.Count == 0) return;
        string text = string.Concat(Said.Select(s => s.Text));
        writer.WriteStartObject();
        writer.WriteString("role"u8, "assistant"u8);
        if (Calls.Count > 0)
        {
            if (text.Length > 0) writer.WriteString("tool_plan"u8, text);
            if (Thinking.Count > 0) WriteContent(writer, "");
            WriteCalls(writer, losses);
        }
        else if (Thinking.Count > 0)
        {
            WriteContent(writer, text);
        }
        else
        {
            writer.WriteString("content"u8, text);
        }
        writer.WriteEndObject();
    }

    private void WriteContent(Utf8JsonWriter writer, string text)
    {
        writer.WriteStartArray("content"u8);
        foreach (string thinking in Thinking)
        {
            writer.WriteStartObject();
            writer.WriteString("type"u8, "thinking"u8);
            writer.WriteString("thinking"u8, thinking);
            writer.WriteEndObject();
        }
        if (text.Length > 0)
        {
            writer.WriteStartObject();
            writer.WriteString("type"u8, "text"u8);
            writer.WriteString("text"u8, text);
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
    }

    private void WriteCalls(Utf8JsonWriter writer, LossReport losses)
    {
        writer.WriteStartArray("tool_calls"u8);
        foreach (var (call, path) in Calls)
        {
            writer.WriteStartObject();
            writer.WriteString("id"u8, call.CallId);
            writer.WriteString("type"u8, "function"u8);
            writer.WriteStartObject("function"u8);
            writer.WriteString("name"u8, call.Name);
            writer.WriteString("arguments"u8, FunctionArguments.Of(call, "Cohere", path, losses));
            writer.WriteEndObject();
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
    }
}
