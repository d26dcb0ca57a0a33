using System.Text.Json;
using Sluice.Chat;
using Sluice.Formats.Shared;
using Sluice.Wire;

namespace Sluice.Formats.OpenAIResponses;

/// <summary>Writes messages as input items.</summary>
internal sealed class ResponsesInputWriter(Utf8JsonWriter json, TranslationContext context)
{
    // A reasoning item is refused without the item that it led to: it waits for it. (QUIRKS of the format; HTTP 400 "without its required following item")
    private readonly List<(ReasoningPart Part, string Path)> _waiting = [];
    private readonly List<(Part Part, int Index)> _run = [];

    /// <summary>Writes one message; nothing for what the format cannot say.</summary>
    public void Write(ChatMessage message, int index)
    {
        context.Losses.Unknown(message.Notes, WireFormatId.OpenAIResponses, $"messages[{index}]");
        if (message.Name is not null) context.Losses.Dropped($"messages[{index}].name", $"{WireFormatId.OpenAIResponses} has no names of speakers");
        if (message.Role != Role.Assistant) DropWaiting();
        if (message.Parts.Count == 0 && ResponsesNotes.IsNative(message.Notes)) WriteMessage(message, index);
        for (int i = 0; i < message.Parts.Count; i++)
        {
            var part = message.Parts[i];
            context.Losses.Unknown(part.Notes, WireFormatId.OpenAIResponses, $"messages[{index}].content[{i}]");
            if (IsContent(part, message))
            {
                _run.Add((part, i));
                if (!ResponsesNotes.Silent(part.Notes, ResponsesNotes.Item).IsAbsent) WriteRun(message, index);
                continue;
            }
            WriteRun(message, index);
            WriteItem(part, $"messages[{index}].content[{i}]");
        }
        WriteRun(message, index);
    }

    /// <summary>Ends the list: reasoning that led to nothing is left out.</summary>
    public void End() => DropWaiting();

    private static bool IsContent(Part part, ChatMessage message) => part switch
    {
        TextPart or RefusalPart => true,
        MediaPart media => message.Role != Role.Assistant || !(ResponsesNotes.IsNative(media.Notes) && media.Id is not null),
        RawPart raw => raw.Format == WireFormatId.OpenAIResponses && ResponsesNotes.IsNative(message.Notes) && message.Parts.Count > 1,
        _ => false,
    };

    private void WriteRun(ChatMessage message, int index)
    {
        if (_run.Count == 0) return;
        WriteMessage(message, index);
        _run.Clear();
    }

    private void WriteMessage(ChatMessage message, int index)
    {
        var role = RoleOf(message, index);
        var said = _run.FindAll(p => CanSay(p.Part, role, $"messages[{index}].content[{p.Index}]"));
        if (said.Count == 0 && !ResponsesNotes.IsNative(message.Notes)) return;
        WriteWaiting();
        // Parts of an earlier answer bring the members of their item with them.
        var around = said.Count > 0 ? ResponsesNotes.Silent(said[^1].Part.Notes, ResponsesNotes.Item) : default;
        json.WriteStartObject();
        var members = new ResponsesMembers(json, around.IsAbsent ? message.Notes : ResponsesNotes.Empty with { Shape = around.ToString() });
        if (around.IsAbsent)
        {
            members.String("id", message.Id);
            if (!members.Kept("type")) members.Default("type", "message");
            members.String("role", role.Value);
        }
        else
        {
            members.String("id", said[0].Part.Id);
            members.Type("message");
            if (!members.Kept("role")) members.String("role", role.Value);
        }
        bool plain = members.Has(ResponsesNotes.Plain) || (!members.IsNative && said.Count == 1);
        members.Name("content");
        if (plain && said is [{ Part: TextPart text }] && !IsMarked(text, role)) json.WriteStringValue(text.Text);
        else WriteContent(said, role);
        members.Rest();
        json.WriteEndObject();
    }

    private bool IsMarked(Part part, Role role) => part.Cache is not null && context.TakesCacheBreakpoints && role != Role.Assistant && !ResponsesNotes.IsNative(part.Notes);

    private Role RoleOf(ChatMessage message, int index)
    {
        if (ResponsesNotes.IsNative(message.Notes) || message.Role == Role.User || message.Role == Role.Assistant || message.Role.IsInstruction) return message.Role;
        if (message.Role != Role.Tool) context.Losses.Changed($"messages[{index}].role", $"the role {message.Role} is not known to {WireFormatId.OpenAIResponses}; sent as user");
        return Role.User;
    }

    private void WriteContent(List<(Part Part, int Index)> parts, Role role)
    {
        json.WriteStartArray();
        foreach (var (part, _) in parts) WritePart(part, role);
        json.WriteEndArray();
    }

    private void WritePart(Part part, Role role)
    {
        switch (part)
        {
            case TextPart text: ResponsesItemWriter.Text(json, role == Role.Assistant ? text with { Cache = null } : text, ResponsesContentReader.TextType(role), logprobs: null, context); break;
            case RefusalPart refusal when role == Role.Assistant: ResponsesItemWriter.Refusal(json, refusal); break;
            case RefusalPart refusal: ResponsesItemWriter.Text(json, new TextPart(refusal.Text), ResponsesContentReader.TextType(role), logprobs: null, context); break;
            case MediaPart { Source: TextMedia words, Cache: var cache }: ResponsesItemWriter.Text(json, new TextPart(words.Text) { Cache = cache }, ResponsesContentReader.TextType(role), logprobs: null, context); break;
            case MediaPart media: ResponsesItemWriter.Media(json, media, context); break;
            case RawPart raw: raw.Json.WriteTo(json); break;
            default: break;
        }
    }

    // Tells whether a content part can be written, and reports what of it cannot.
    private bool CanSay(Part part, Role role, string path)
    {
        bool native = ResponsesNotes.IsNative(part.Notes);
        if (part.Cache is not null && !native && (role == Role.Assistant || !CacheBreakpoints.Takes(part, context, path))) context.Losses.Dropped($"{path}.cache", "OpenAI caches prompts by itself");
        if (part.Signature is not null) context.Losses.Dropped($"{path}.signature", "made by another model family");
        switch (part)
        {
            case TextPart { Text.Length: 0 } when !native:
                return false;
            case TextPart { Citations.Count: > 0 } text when !native && !text.Citations.All(ResponsesItemWriter.IsAnnotation):
                context.Losses.Dropped($"{path}.citations", "sources without an address cannot be said");
                return true;
            case RawPart raw when raw.Format != WireFormatId.OpenAIResponses:
                context.Losses.Dropped(path, $"only {raw.Format} has {raw.Type}");
                return false;
            case MediaPart media when !native:
                return CanSay(media, role, path);
            default:
                return true;
        }
    }

    private bool CanSay(MediaPart media, Role role, string path)
    {
        if (role == Role.Assistant) return Lost("the model's own media cannot be sent back");
        if (media.Kind == MediaKind.Audio || media.Kind == MediaKind.Video) return Lost($"{WireFormatId.OpenAIResponses} takes no {media.Kind}");
        if (media.Source is FileMedia && media.Notes?.Format != WireFormatId.OpenAIChat) return Lost("the file was uploaded to another provider");
        if (media.Source is TextMedia) context.Losses.Changed(path, "the document of plain text became text of its turn");
        if (media.CitationsEnabled is not null) context.Losses.Dropped($"{path}.citations_enabled", $"{WireFormatId.OpenAIResponses} cannot ask for citations of a document");
        if (media.Title is not null && media.Kind == MediaKind.Image) context.Losses.Dropped($"{path}.title", $"{WireFormatId.OpenAIResponses} has no titles of images");
        return true;

        bool Lost(string reason)
        {
            context.Losses.Dropped(path, reason);
            return false;
        }
    }

    private void WriteItem(Part part, string path)
    {
        switch (part)
        {
            case ReasoningPart reasoning: WriteReasoning(reasoning, path); break;
            case ToolCallPart call: WriteCall(call, path); break;
            case ToolResultPart result: WriteResult(result, path); break;
            case RawPart raw when raw.Format == WireFormatId.OpenAIResponses:
                WriteWaiting();
                raw.Json.WriteTo(json);
                break;
            case ServerToolCallPart server when ResponsesNotes.IsNative(server.Notes):
                WriteWaiting();
                RawJson.FromText(server.Notes!.Shape!).WriteTo(json);
                break;
            case MediaPart { Source: InlineMedia inline } picture:
                WriteWaiting();
                ResponsesItemWriter.Picture(json, picture, picture.Id ?? "", inline.Base64, "completed");
                break;
            case RawPart raw: context.Losses.Dropped(path, $"only {raw.Format} has {raw.Type}"); break;
            case ServerToolCallPart or ServerToolResultPart: context.Losses.Dropped(path, "a tool that another provider ran"); break;
            default: context.Losses.Dropped(path, $"{WireFormatId.OpenAIResponses} has no such content"); break;
        }
    }

    private void WriteReasoning(ReasoningPart part, string path)
    {
        bool native = ResponsesNotes.IsNative(part.Notes);
        if (part.Signature is { Family: not ReasoningPayload.Family }) context.Losses.Dropped($"{path}.signature", "made by another model family");
        else if (native) ResponsesItemWriter.Reasoning(json, part, part.Id, part.Signature?.Value);
        else if (part.Signature is null) context.Losses.Dropped(path, "reasoning without OpenAI's own payload cannot be sent back");
        else _waiting.Add((part, path));
    }

    private void WriteWaiting()
    {
        foreach (var (part, _) in _waiting) ResponsesItemWriter.Reasoning(json, part, part.Id, part.Signature!.Value);
        _waiting.Clear();
    }

    private void DropWaiting()
    {
        foreach (var (_, path) in _waiting) context.Losses.Dropped(path, "OpenAI refuses reasoning without the item that it led to");
        _waiting.Clear();
    }

    private void WriteCall(ToolCallPart call, string path)
    {
        bool native = ResponsesNotes.IsNative(call.Notes);
        if (call.Signature is not null) context.Losses.Dropped($"{path}.signature", "made by another model family");
        WriteWaiting();
        string callId = native ? call.CallId : ToolCallIds.Fit(call.CallId);
        ResponsesItemWriter.Call(json, call, native ? call.Id : null, callId, new DeclaredTool(ResponsesToolWriter.Name(call.Name, context)), call.Arguments, status: null);
    }

    private void WriteResult(ToolResultPart result, string path)
    {
        bool native = ResponsesNotes.IsNative(result.Notes);
        if (result.IsError == true && !native) context.Losses.Dropped($"{path}.is_error", $"{WireFormatId.OpenAIResponses} has no mark for a failed tool");
        var content = (native ? result.Content : CacheBreakpoints.OnParts(result, context)).Select((part, i) => (Part: part, Index: i)).Where(p => CanSay(p.Part, Role.User, $"{path}.content[{p.Index}]")).ToList();
        json.WriteStartObject();
        var members = new ResponsesMembers(json, result.Notes);
        if (native) members.String("id", result.Id);
        members.Type(result.IsCustom ? "custom_tool_call_output" : "function_call_output");
        members.String("call_id", native ? result.CallId : ToolCallIds.Fit(result.CallId));
        bool plain = content.TrueForAll(p => p.Part is TextPart && !IsMarked(p.Part, Role.Tool)) && (!native || members.Has(ResponsesNotes.Plain));
        if (plain) members.String("output", string.Concat(content.Select(p => ((TextPart)p.Part).Text)));
        else if (!members.Kept("output"))
        {
            members.Name("output");
            WriteContent(content, Role.User);
        }
        members.Rest();
        json.WriteEndObject();
    }
}
