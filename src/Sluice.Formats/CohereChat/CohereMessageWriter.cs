using System.Text.Json;
using Sluice.Chat;
using Sluice.Formats.Shared;
using Sluice.Wire;

namespace Sluice.Formats.CohereChat;

/// <summary>
/// Writes a conversation as Cohere's messages. What an assistant says before its calls is the <c>tool_plan</c>; each result is a message of its own;
/// assistant messages that follow each other become one. Text documents that may be cited go to <c>documents</c>.
/// </summary>
internal sealed class CohereMessageWriter(ChatRequest request, TranslationContext context)
{
    private readonly List<MediaPart> _documents = [];

    private static WireFormatId Id => WireFormatId.CohereChat;

    private LossReport Losses => context.Losses;

    /// <summary>Writes the items of <c>messages</c>.</summary>
    public void Write(Utf8JsonWriter writer)
    {
        for (int i = 0; i < request.Messages.Count; i++)
        {
            var message = request.Messages[i];
            Report(message, i);
            if (message.Role == Role.Assistant) i = WriteAssistant(writer, i);
            else WriteOther(writer, message, i);
        }
    }

    /// <summary>Writes the member <c>documents</c>, where there are any.</summary>
    public void WriteDocuments(Utf8JsonWriter writer)
    {
        if (_documents.Count == 0) return;
        writer.WriteStartArray("documents"u8);
        for (int i = 0; i < _documents.Count; i++)
        {
            writer.WriteStartObject();
            writer.WriteString("id"u8, $"doc_{i}");
            writer.WriteStartObject("data"u8);
            if (_documents[i].Title is { } title) writer.WriteString("title"u8, title);
            writer.WriteString("text"u8, ((TextMedia)_documents[i].Source).Text);
            writer.WriteEndObject();
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
    }

    private void Report(ChatMessage message, int index)
    {
        string path = $"messages[{index}]";
        if (message.Name is not null) Losses.Dropped($"{path}.name", "Cohere's messages have no name");
        Losses.Unknown(message.Notes, Id, path);
        for (int i = 0; i < message.Parts.Count; i++)
        {
            string at = $"{path}.content[{i}]";
            Losses.Unknown(message.Parts[i].Notes, Id, at);
            if (message.Parts[i].Cache is not null) Losses.Dropped($"{at}.cache_control", "Cohere caches prompts by itself");
            if (message.Parts[i].Signature is { Family: not "cohere" }) Losses.Dropped($"{at}.signature", "made by another model family");
        }
    }

    private void WriteOther(Utf8JsonWriter writer, ChatMessage message, int index)
    {
        var said = new List<CohereContent>();
        bool results = false;
        for (int i = 0; i < message.Parts.Count; i++)
        {
            string path = $"messages[{index}].content[{i}]";
            if (message.Parts[i] is ToolResultPart result)
            {
                if (said.Count > 0) WriteSaid(writer, message.Role, said);
                WriteResult(writer, result, path);
                results = true;
            }
            else if (Said(message.Parts[i], path) is { } content)
            {
                said.Add(content);
            }
        }
        if (said.Count > 0 || !results) WriteSaid(writer, message.Role, said);
    }

    private CohereContent? Said(Part part, string path)
    {
        switch (part)
        {
            case TextPart text: return CohereContent.OfText(text.Text);
            case RefusalPart refusal: return CohereContent.OfText(refusal.Text);
            case MediaPart { Kind.Value: "image", Source: InlineMedia or UrlMedia } image:
                return CohereContent.OfImage(image.Source is InlineMedia data ? DataUrl.From(data, "image/jpeg") : ((UrlMedia)image.Source).Url, image.Detail);
            case MediaPart { Source: TextMedia, CitationsEnabled: true } document:
                _documents.Add(document);
                return null;
            case MediaPart { Source: TextMedia document }:
                Losses.Changed(path, "the document of plain text became text of its turn");
                return CohereContent.OfText(document.Text);
            case MediaPart media:
                Losses.Dropped(path, $"Cohere takes no {media.Kind} of this kind");
                return null;
            case ServerToolCallPart or ServerToolResultPart:
                Losses.Dropped(path, "Cohere has no place for tools that another provider runs");
                return null;
            default:
                Losses.Dropped(path, "Cohere has no place for it");
                return null;
        }
    }

    private static void WriteSaid(Utf8JsonWriter writer, Role role, List<CohereContent> said)
    {
        writer.WriteStartObject();
        writer.WriteString("role"u8, role.IsInstruction ? "system" : role == Role.Tool ? "user" : role.Value);
        CohereContent.Write(writer, said, textOnly: role.IsInstruction);
        writer.WriteEndObject();
        said.Clear();
    }

    // Writes the run of assistant messages that begins at `first`; returns the last one's index.
    private int WriteAssistant(Utf8JsonWriter writer, int first)
    {
        var turn = new AssistantTurn();
        int last = first;
        while (true)
        {
            Take(request.Messages[last], last, turn);
            if (last + 1 >= request.Messages.Count || request.Messages[last + 1].Role != Role.Assistant) break;
            Report(request.Messages[++last], last);
        }
        turn.Write(writer, Losses);
        return last;
    }

    private void Take(ChatMessage message, int index, AssistantTurn turn)
    {
        for (int i = 0; i < message.Parts.Count; i++)
        {
            string path = $"messages[{index}].content[{i}]";
            switch (message.Parts[i])
            {
                case ReasoningPart { IsRedacted: false, Text.Length: > 0, Signature: null or { Family: "cohere" } } reasoning: turn.Thinking.Add(reasoning.Text); break;
                case ReasoningPart { Text.Length: > 0 }: Losses.Dropped(path, "thinking that another model family signed"); break;
                case ReasoningPart: break;
                case ToolCallPart call: turn.Calls.Add((call, path)); break;
                case ToolResultPart: Losses.Dropped(path, "a tool's result in the model's own turn"); break;
                case var part when Said(part, path) is { } content: turn.Said.Add(content); break;
                default: break;
            }
        }
    }

    private void WriteResult(Utf8JsonWriter writer, ToolResultPart result, string path)
    {
        var texts = new List<CohereContent>();
        for (int i = 0; i < result.Content.Count; i++)
        {
            switch (result.Content[i])
            {
                case TextPart text: texts.Add(CohereContent.OfText(text.Text)); break;
                case MediaPart { Source: TextMedia document }:
                    Losses.Changed($"{path}.content[{i}]", "the document of plain text became text of the result");
                    texts.Add(CohereContent.OfText(document.Text));
                    break;
                default: Losses.Dropped($"{path}.content[{i}]", "Cohere takes results of tools as text"); break;
            }
        }
        if (texts.Count == 0 && !result.Structured.IsAbsent) texts.Add(CohereContent.OfText(result.Structured.ToString()));
        if (result.IsError == true) Losses.Dropped($"{path}.is_error", "Cohere does not mark results of failed calls");
        writer.WriteStartObject();
        writer.WriteString("role"u8, "tool"u8);
        writer.WriteString("tool_call_id"u8, result.CallId);
        CohereContent.Write(writer, texts, textOnly: false);
        writer.WriteEndObject();
    }
}
