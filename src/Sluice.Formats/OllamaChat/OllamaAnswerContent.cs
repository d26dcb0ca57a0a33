using System.Text;
using System.Text.Json;
using Sluice.Chat;
using Sluice.Formats.Shared;
using Sluice.Formats.Json;
using Sluice.Wire;

namespace Sluice.Formats.OllamaChat;

/// <summary>What Ollama can say of an answer's parts: one thinking, one text, pictures, calls.</summary>
internal sealed class OllamaAnswerContent
{
    private readonly StringBuilder _text = new();
    private readonly StringBuilder _thinking = new();
    private readonly List<string> _images = [];
    private readonly List<ToolCallPart> _calls = [];
    private readonly List<ReasoningPart> _reasoning = [];

    /// <summary>Sorts the parts; what has no place is reported.</summary>
    public static OllamaAnswerContent From(IReadOnlyList<Part> parts, LossReport losses)
    {
        parts = SpokenText.Once(parts);
        var content = new OllamaAnswerContent();
        for (int i = 0; i < parts.Count; i++) content.Add(parts[i], $"content[{i}]", losses);
        if (content._calls.Count == 0) ReportSignature(content._reasoning, losses);
        return content;
    }

    /// <summary>Reports signatures that no tool call carries to the client.</summary>
    public static void ReportSignature(IReadOnlyList<ReasoningPart> reasoning, LossReport losses)
    {
        if (reasoning.Any(r => r.Signature is not null)) losses.Dropped("reasoning.signature", "Ollama has a place for it beside a tool call only");
    }

    /// <summary>Writes the members of <c>message</c>, or of the root for <see cref="OllamaAnswerStyle.Generate"/>.</summary>
    public void Write(Utf8JsonWriter writer, OllamaAnswerStyle style, WireNotes? notes, LossReport losses)
    {
        var id = WireFormatId.OllamaChat;
        if (_text.Length > 0 || !notes.Has(id, "no-content")) writer.WriteString(style == OllamaAnswerStyle.Chat ? "content"u8 : "response"u8, _text.ToString());
        if (_thinking.Length > 0 || notes.Has(id, "thinking-empty")) writer.WriteString("thinking"u8, _thinking.ToString());
        if (style == OllamaAnswerStyle.Generate) return;
        if (_images.Count > 0 || notes.Has(id, "images-empty")) WriteImages(writer);
        if (_calls.Count > 0 || notes.Has(id, "tool-calls-empty")) WriteCalls(writer, losses);
    }

    private void Add(Part part, string path, LossReport losses)
    {
        if (part is not ToolCallPart) losses.Unknown(part.Notes, WireFormatId.OllamaChat, path);
        switch (part)
        {
            case TextPart text:
                _text.Append(text.Text);
                if (text.Signature is not null) losses.Dropped($"{path}.signature", "Ollama has a place for it beside a tool call only");
                if (text.Citations.Count > 0) losses.Dropped("citations", "Ollama's answers have no place for sources");
                break;
            case RefusalPart refusal:
                _text.Append(refusal.Text);
                break;
            case ReasoningPart reasoning:
                _reasoning.Add(reasoning);
                if (reasoning.Text.Length == 0) break;
                if (_thinking.Length > 0) _thinking.Append("\n\n");
                _thinking.Append(reasoning.Text);
                break;
            case ToolCallPart call:
                _calls.Add(call);
                break;
            case MediaPart { Kind.Value: "image", Source: InlineMedia picture }:
                _images.Add(picture.Base64);
                break;
            case MediaPart { Transcript: { Length: > 0 } words }:
                _text.Append(words);
                losses.Changed(path, "Ollama has no sound in answers; its words are given");
                break;
            case ServerToolCallPart or ServerToolResultPart:
                losses.Dropped(path, "Ollama has no place for tools that the provider runs");
                break;
            default:
                losses.Dropped(path, "Ollama has no place for it");
                break;
        }
    }

    private void WriteImages(Utf8JsonWriter writer)
    {
        writer.WriteStartArray("images"u8);
        foreach (string image in _images) writer.WriteStringValue(image);
        writer.WriteEndArray();
    }

    private void WriteCalls(Utf8JsonWriter writer, LossReport losses)
    {
        writer.WriteStartArray("tool_calls"u8);
        for (int i = 0; i < _calls.Count; i++) OllamaToolCalls.Write(writer, _calls[i], losses, $"tool_calls[{i}]", toClient: true, i == 0 ? _reasoning : []);
        writer.WriteEndArray();
    }
}
