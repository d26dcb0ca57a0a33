using System.Text;
using System.Text.Json;
using Sluice.Chat;
using Sluice.Formats.Json;
using Sluice.Formats.Shared;
using Sluice.Wire;

namespace Sluice.Formats.OllamaChat;

/// <summary>
/// Writes a conversation as Ollama's messages: one text, pictures and calls beside it, each tool result a message of its own. Assistant messages that
/// follow each other become one, so that the calls of one turn stand together.
/// </summary>
internal sealed class OllamaMessageWriter(ChatRequest request, TranslationContext context)
{
    private readonly Dictionary<string, string> _toolNames = new(StringComparer.Ordinal);
    private readonly StringBuilder _text = new();
    private readonly StringBuilder _thinking = new();
    private readonly List<string> _images = [];
    private readonly List<(ToolCallPart Call, string Path)> _calls = [];
    private bool _any;

    private static WireFormatId Id => WireFormatId.OllamaChat;

    private LossReport Losses => context.Losses;

    /// <summary>Writes the items of <c>messages</c>.</summary>
    public void Write(Utf8JsonWriter writer)
    {
        bool own = context.ClientFormat == Id;
        for (int i = 0; i < request.Messages.Count; i++)
        {
            var message = request.Messages[i];
            Take(writer, message, i);
            bool goesOn = !own && message.Role == Role.Assistant && i + 1 < request.Messages.Count && request.Messages[i + 1].Role == Role.Assistant;
            if (!goesOn) Flush(writer, message.Role, message.Notes, always: true);
        }
    }

    private void Take(Utf8JsonWriter writer, ChatMessage message, int index)
    {
        string path = $"messages[{index}]";
        if (message.Name is not null) Losses.Dropped($"{path}.name", "Ollama's messages have no name");
        Losses.Unknown(message.Notes, Id, path);
        for (int i = 0; i < message.Parts.Count; i++)
        {
            var part = message.Parts[i];
            string at = $"{path}.content[{i}]";
            if (part is not ToolCallPart) Losses.Unknown(part.Notes, Id, at);
            if (part.Cache is not null) Losses.Dropped($"{at}.cache_control", "Ollama caches prompts by itself");
            if (part is ToolResultPart result)
            {
                Flush(writer, message.Role, null, always: false);
                WriteResult(writer, result, message.Notes, at);
                _any = true;
            }
            else
            {
                Take(part, message.Role, at);
            }
        }
    }

    private void Take(Part part, Role role, string path)
    {
        switch (part)
        {
            case TextPart text:
                Separate(_text, role);
                _text.Append(text.Text);
                break;
            case RefusalPart refusal:
                Separate(_text, role);
                _text.Append(refusal.Text);
                break;
            case ReasoningPart reasoning:
                TakeReasoning(reasoning, path);
                break;
            case MediaPart media:
                TakeMedia(media, role, path);
                break;
            case ToolCallPart call:
                _toolNames[call.CallId] = call.Name;
                _calls.Add((call, path));
                break;
            default:
                Losses.Dropped(path, $"Ollama has no place for {Describe(part)}");
                break;
        }
    }

    private void TakeReasoning(ReasoningPart reasoning, string path)
    {
        if (reasoning.Signature is not null) Losses.Dropped($"{path}.signature", "made by another model family");
        if (reasoning.IsRedacted || reasoning.Text.Length == 0) return;
        if (_thinking.Length > 0) _thinking.Append("\n\n");
        _thinking.Append(reasoning.Text);
    }

    private void TakeMedia(MediaPart media, Role role, string path)
    {
        if (media.Detail is not null) Losses.Dropped($"{path}.detail", "Ollama has no such setting");
        switch (media)
        {
            case { Source: TextMedia document }:
                Losses.Changed(path, "Ollama has no documents: its text became text of the turn");
                Separate(_text, role);
                _text.Append(document.Text);
                break;
            case { Kind.Value: "image", Source: InlineMedia picture }:
                _images.Add(media.Notes.Has(Id, "data-url") ? DataUrl.From(picture) : picture.Base64);
                break;
            case { Kind.Value: "image", Source: UrlMedia }:
                Losses.Dropped(path, "Ollama takes pictures as bytes, not as addresses");
                break;
            default:
                Losses.Dropped(path, $"Ollama takes no {media.Kind} of this kind");
                break;
        }
    }

    // The model's own text may be cut anywhere (by citations), a tool's too; what users send in pieces are paragraphs.
    private static void Separate(StringBuilder text, Role role)
    {
        if (text.Length > 0 && role != Role.Assistant && role != Role.Tool) text.Append(role.IsInstruction ? "\n\n" : "\n");
    }

    private void WriteResult(Utf8JsonWriter writer, ToolResultPart result, WireNotes? notes, string path)
    {
        for (int i = 0; i < result.Content.Count; i++)
        {
            string at = $"{path}.content[{i}]";
            Losses.Unknown(result.Content[i].Notes, Id, at);
            if (result.Content[i] is ToolCallPart or ToolResultPart or ReasoningPart) Losses.Dropped(at, $"Ollama has no place for {Describe(result.Content[i])} in a result");
            else Take(result.Content[i], Role.Tool, at);
        }
        if (_text.Length == 0 && !result.Structured.IsAbsent) _text.Append(result.Structured.ToString());
        if (result.IsError == true) Losses.Dropped($"{path}.is_error", "Ollama does not mark results of failed calls");
        writer.WriteStartObject();
        writer.WriteString("role"u8, notes.Value(Id, "role") ?? "tool");
        WriteContent(writer, notes);
        if (!notes.Has(Id, "no-name") && (result.ToolName ?? _toolNames.GetValueOrDefault(result.CallId)) is { } name) writer.WriteString("tool_name"u8, name);
        if (notes.Has(Id, "id-empty")) writer.WriteString("tool_call_id"u8, "");
        else if (!notes.Has(Id, "no-id") && result.CallId.Length > 0) writer.WriteString("tool_call_id"u8, result.CallId);
        writer.WriteKept(notes, Id);
        writer.WriteEndObject();
        Clear();
    }

    private void Flush(Utf8JsonWriter writer, Role role, WireNotes? notes, bool always)
    {
        bool empty = _text.Length == 0 && _thinking.Length == 0 && _images.Count == 0 && _calls.Count == 0;
        if (empty && (!always || _any))
        {
            _any = false;
            return;
        }
        _any = false;
        writer.WriteStartObject();
        writer.WriteString("role"u8, notes.Value(Id, "role") ?? (role == Role.Developer ? "system" : role == Role.Tool ? "user" : role.Value));
        WriteContent(writer, notes);
        if (notes.Has(Id, "thinking-empty")) writer.WriteString("thinking"u8, "");
        else if (_thinking.Length > 0 && !notes.Has(Id, "thinking-carried")) writer.WriteString("thinking"u8, _thinking.ToString());
        WriteCalls(writer, notes);
        writer.WriteKept(notes, Id);
        writer.WriteEndObject();
        Clear();
    }

    private void WriteContent(Utf8JsonWriter writer, WireNotes? notes)
    {
        if (_text.Length > 0 || !notes.Has(Id, "no-content")) writer.WriteString("content"u8, _text.ToString());
        if (_images.Count == 0 && !notes.Has(Id, "images-empty")) return;
        writer.WriteStartArray("images"u8);
        foreach (string image in _images) writer.WriteStringValue(image);
        writer.WriteEndArray();
    }

    private void WriteCalls(Utf8JsonWriter writer, WireNotes? notes)
    {
        if (_calls.Count == 0 && !notes.Has(Id, "tool-calls-empty")) return;
        writer.WriteStartArray("tool_calls"u8);
        foreach (var (call, path) in _calls) OllamaToolCalls.Write(writer, call, Losses, path, toClient: false, []);
        writer.WriteEndArray();
    }

    private void Clear()
    {
        _text.Clear();
        _thinking.Clear();
        _images.Clear();
        _calls.Clear();
    }

    private static string Describe(Part part) => part switch
    {
        ServerToolCallPart call => $"a call of the provider's own tool '{call.Name}'",
        ServerToolResultPart result => $"a result of the provider's own tool '{result.Name}'",
        RawPart raw => $"'{raw.Type}' of {raw.Format}",
        _ => part.GetType().Name,
    };
}
