using System.Text.Json;
using Sluice.Chat;
using Sluice.Formats.Json;
using Sluice.Wire;

namespace Sluice.Formats.AnthropicMessages;

/// <summary>Reads whole answers (the SDK's <c>Message</c>).</summary>
internal static class AnthropicResponseReader
{
    /// <summary>Reads an answer.</summary>
    public static ChatResponse Read(JsonElement root, TranslationContext context)
    {
        var content = root.Array("content"u8) ?? throw new WireFormatException("content", "is missing; a list of content blocks was expected");
        var parts = new List<Part>(content.GetArrayLength());
        foreach (var block in content.EnumerateArray())
        {
            var part = AnthropicBlockReader.Read(block, $"content[{parts.Count}]");
            parts.Add(part is ToolCallPart call ? AnthropicCalls.Undo(call, context) : part);
        }
        string? reason = root.String("stop_reason"u8);
        var usage = root.Object("usage"u8);
        return new ChatResponse
        {
            Id = root.String("id"u8) ?? "",
            Model = root.String("model"u8) ?? "",
            Candidates =
            [
                new Candidate
                {
                    Parts = parts,
                    FinishReason = reason is null ? null : AnthropicFinish.Read(reason),
                    StopSequence = root.String("stop_sequence"u8),
                    Notes = EndNotes(root, reason),
                },
            ],
            Usage = usage is null ? null : AnthropicUsage.Read(usage.Value),
            ServiceTier = usage?.Text("service_tier"u8),
            Notes = Notes(root, AnthropicNames.Response),
        };
    }

    /// <summary>Notes of an answer, or of the one that <c>message_start</c> begins: what comes with the end is kept apart.</summary>
    public static WireNotes Notes(JsonElement message, IReadOnlySet<string> known)
    {
        List<KeyValuePair<string, RawJson>>? fields = null;
        foreach (var member in message.EnumerateObject())
        {
            bool isEnd = AnthropicNames.End.Contains(member.Name);
            if (!isEnd && (member.Value.ValueKind == JsonValueKind.Null || !known.Contains(member.Name))) (fields ??= []).Add(new(member.Name, RawJson.From(member.Value)));
        }
        return fields is null ? AnthropicNames.Origin : new WireNotes(AnthropicNames.Id) { Fields = fields };
    }

    /// <summary>Notes of what comes with the end of an answer: from a whole answer, or from the <c>delta</c> of <c>message_delta</c>.</summary>
    public static WireNotes EndNotes(JsonElement end, string? reason)
    {
        List<KeyValuePair<string, RawJson>>? fields = null;
        foreach (var member in end.EnumerateObject())
        {
            bool isSaid = member.Name is "stop_reason" or "stop_sequence" && member.Value.ValueKind != JsonValueKind.Null;
            if (!isSaid && AnthropicNames.End.Contains(member.Name)) (fields ??= []).Add(new(member.Name, RawJson.From(member.Value)));
        }
        string? shape = AnthropicFinish.Shape(reason);
        return fields is null && shape is null ? AnthropicNames.Origin : new WireNotes(AnthropicNames.Id) { Fields = fields ?? [], Shape = shape };
    }
}
