using System.Text.Json;
using Sluice.Chat;
using Sluice.Formats.Json;
using Sluice.Wire;

namespace Sluice.Formats.OpenAIChat;

/// <summary>Writes one choice of a whole answer.</summary>
internal sealed class ChatChoiceWriter(ChatDialect dialect, TranslationContext context, bool isOwn)
{
    /// <summary>Writes the choice.</summary>
    public void Write(Utf8JsonWriter output, Candidate candidate)
    {
        string path = $"choices[{candidate.Index}]";
        context.Losses.Unknown(candidate.Notes, dialect.Id, path);
        var members = new MemberWriter(output, candidate.Notes, dialect.Id);
        output.WriteStartObject();
        if (!members.Spelling.Has("~index")) output.WriteNumber("index", candidate.Index);
        WriteMessage(members, candidate, path);
        if (!members.Silent("finish_reason") && !isOwn)
        {
            bool hasCalls = candidate.Parts.Any(p => p is ToolCallPart);
            output.WriteString("finish_reason", dialect.IsMistral ? ChatFinish.WriteMistral(candidate.FinishReason, hasCalls) : ChatFinish.Write(candidate.FinishReason, hasCalls, candidate.Parts.Any(p => p is RefusalPart { Text.Length: > 0 }), context.Losses));
        }
        if (!members.Silent("logprobs") && !isOwn && !dialect.IsMistral) ChatLogprobs.Write(output, candidate.Logprobs);
        members.Rest("message");
        output.WriteEndObject();
    }

    private void WriteMessage(MemberWriter choice, Candidate candidate, string path)
    {
        var output = choice.Output;
        var message = choice.Nested("message");
        output.WriteStartObject("message");
        if (!choice.Spelling["~role"].IsNull) output.WriteString("role", choice.Spelling.Text("~role") ?? "assistant");
        WriteContent(message, candidate);
        WriteRefusal(message, candidate);
        WriteReasoning(message, candidate);
        WriteMedia(message, candidate);
        WriteCalls(message, candidate);
        message.Silent("function_call");
        ReportOthers(candidate, path);
        foreach (string name in (ReadOnlySpan<string>)["name", "tool_call_id"]) message.Silent(name);
        message.Rest();
        output.WriteEndObject();
    }

    private void WriteContent(MemberWriter message, Candidate candidate)
    {
        if (isOwn && message.IsList("content"))
        {
            var parts = candidate.Parts.Where(p => p is TextPart or MediaPart { Kind.Value: not "audio" } || (p is ReasoningPart thinking && ThinkingContent.IsContent(thinking, dialect.Id)) || (p is RawPart raw && !raw.Type.StartsWith("reasoning.", StringComparison.Ordinal))).Select(p => new PlacedPart(p, "")).ToList();
            new ChatContentWriter(OwnScope()).Write(message, parts, Role.Assistant, orNull: true);
            message.Silent("annotations");
            return;
        }
        if (dialect.IsMistral && !isOwn)
        {
            WriteMistralContent(message.Output, candidate);
            return;
        }
        var texts = candidate.Parts.OfType<TextPart>().ToList();
        if (texts.Count == 0)
        {
            if (!message.Silent("content") && !isOwn) message.Output.WriteNull("content");
            message.Silent("annotations");
            return;
        }
        message.Output.WriteString("content", texts.Count == 1 ? texts[0].Text : string.Concat(texts.Select(t => t.Text)));
        WriteAnnotations(message, texts);
    }

    // Reasoning stands in the content; a refusal has no place of its own and is text.
    private static void WriteMistralContent(Utf8JsonWriter output, Candidate candidate)
    {
        string text = string.Concat(candidate.Parts.Select(p => p switch { TextPart t => t.Text, RefusalPart r => r.Text, _ => "" }));
        if (!candidate.Parts.Any(p => p is ReasoningPart))
        {
            output.WriteString("content", text);
            return;
        }
        output.WriteStartArray("content");
        foreach (var part in candidate.Parts)
        {
            if (part is ReasoningPart reasoning) ThinkingContent.Write(output, reasoning.Text, reasoning.Signature);
        }
        if (text.Length > 0)
        {
            output.WriteStartObject();
            output.WriteString("type", "text");
            output.WriteString("text", text);
            output.WriteEndObject();
        }
        output.WriteEndArray();
    }

    private void WriteAnnotations(MemberWriter message, List<TextPart> texts)
    {
        if (!texts.Exists(t => t.Citations.Any(c => ChatAnnotations.CanWrite(c, dialect.Id))))
        {
            message.Silent("annotations");
            return;
        }
        message.Output.WriteStartArray("annotations");
        int start = 0;
        foreach (var text in texts)
        {
            int end = start + text.Text.Length;
            foreach (var citation in text.Citations)
            {
                if (ChatAnnotations.CanWrite(citation, dialect.Id)) ChatAnnotations.Write(message.Output, citation, dialect.Id, start, end);
            }
            start = end;
        }
        message.Output.WriteEndArray();
    }

    private void WriteRefusal(MemberWriter message, Candidate candidate)
    {
        if (dialect.IsMistral && !isOwn) return;
        string refusal = string.Concat(candidate.Parts.OfType<RefusalPart>().Select(r => r.Text));
        if (refusal.Length > 0) message.Output.WriteString("refusal", refusal);
        else if (!message.Silent("refusal") && !isOwn) message.Output.WriteNull("refusal");
    }

    private void WriteReasoning(MemberWriter message, Candidate candidate)
    {
        if (isOwn)
        {
            ChatReasoningWriter.WriteOwn(message, [.. candidate.Parts.Where(p => p is RawPart raw ? raw.Type.StartsWith("reasoning.", StringComparison.Ordinal) : p is ReasoningPart thinking && !ThinkingContent.IsContent(thinking, dialect.Id))], dialect.Id);
            return;
        }
        if (dialect.IsMistral) return;
        string text = string.Join("\n\n", candidate.Parts.OfType<ReasoningPart>().Where(p => p.Text.Length > 0).Select(p => p.Text));
        if (text.Length > 0) message.Output.WriteString("reasoning_content", text);
        if (!candidate.Parts.Any(p => p is not ToolCallPart && p.Signature is not null)) return;
        message.Output.WriteStartArray("reasoning_details");
        int index = 0;
        foreach (var part in candidate.Parts)
        {
            // A signature on text (Gemini) goes as an item of its own: the client returns it in any case.
            if (part is ReasoningPart thinking) ReasoningDetails.Write(message.Output, thinking with { Notes = null }, dialect.Id, index++);
            else if (part is not ToolCallPart && part.Signature is not null) ReasoningDetails.Write(message.Output, new ReasoningPart("") { Signature = part.Signature }, dialect.Id, index++);
        }
        message.Output.WriteEndArray();
    }

    private void WriteMedia(MemberWriter message, Candidate candidate)
    {
        if (dialect.IsMistral && !isOwn) return;
        var media = candidate.Parts.OfType<MediaPart>().ToList();
        if (media.Find(m => m.Kind == MediaKind.Audio) is { } sound) ChatAudio.Write(message.Output, sound, dialect.Id, context.Ids.Next("audio_"), context.Time.GetUtcNow().AddHours(1).ToUnixTimeSeconds());
        else message.Silent("audio");
        var pictures = media.FindAll(m => m is { Kind.Value: "image", Source: InlineMedia or UrlMedia });
        if (pictures.Count == 0 || message.IsList("content"))
        {
            message.Silent("images");
            return;
        }
        message.Output.WriteStartArray("images");
        foreach (var picture in pictures) ChatImages.Write(message.Output, picture);
        message.Output.WriteEndArray();
    }

    private void WriteCalls(MemberWriter message, Candidate candidate)
    {
        var calls = candidate.Parts.OfType<ToolCallPart>().ToList();
        if (calls.Count == 0)
        {
            message.Silent("tool_calls");
            return;
        }
        if (isOwn)
        {
            new ChatHistoryWriter(OwnScope()).WriteCalls(message, calls.ConvertAll(c => new PlacedPart(c, "")));
            return;
        }
        message.Output.WriteStartArray("tool_calls");
        for (int i = 0; i < calls.Count; i++) ChatCalls.Write(message.Output, calls[i], dialect, i, context);
        message.Output.WriteEndArray();
    }

    // An answer of this format goes out as it came in, through the writers of requests.
    private ChatWriteScope OwnScope() =>
        new(dialect, new TranslationContext { ClientFormat = dialect.Id, UpstreamFormat = dialect.Id, UpstreamModel = context.UpstreamModel, Ids = context.Ids, Time = context.Time });

    private void ReportOthers(Candidate candidate, string path)
    {
        for (int i = 0; i < candidate.Parts.Count; i++)
        {
            var part = candidate.Parts[i];
            string at = $"{path}.content[{i}]";
            context.Losses.Unknown(part.Notes, dialect.Id, at);
            if (part is ServerToolCallPart or ServerToolResultPart || (part is RawPart raw && raw.Format != dialect.Id)) context.Losses.Dropped(at, "this format has no place for a tool that the provider runs");
            if (part is TextPart text && text.Citations.Any(c => !ChatAnnotations.CanWrite(c, dialect.Id))) context.Losses.Dropped($"{at}.citations", "this format cites addresses only");
        }
    }
}
