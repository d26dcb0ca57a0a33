using System.Text.Json;
using Sluice.Chat;
using Sluice.Formats.Json;
using Sluice.Wire;

namespace Sluice.Formats.OpenAIChat;

/// <summary>
/// <c>reasoning_details</c> (openrouter.ai/docs, "Reasoning tokens"): items <c>reasoning.text</c> with a signature, <c>reasoning.summary</c> and <c>reasoning.encrypted</c>
/// with <c>data</c>. A summary and the payload that follows it under the same index are one part, as in the Responses API they come from.
/// </summary>
internal static class ReasoningDetails
{
    /// <summary>Reads the items of a message.</summary>
    public static void Read(JsonElement details, WireFormatId format, List<Part> parts)
    {
        JsonElement? summary = null;
        foreach (var item in details.EnumerateArray())
        {
            if (item.ValueKind != JsonValueKind.Object) throw new WireFormatException("reasoning_details", "must hold objects");
            if (summary is { } before)
            {
                summary = null;
                if (item.Text("type"u8) == "reasoning.encrypted" && item.Count("index"u8) == before.Count("index"u8))
                {
                    parts.Add(Merge(before, item, format));
                    continue;
                }
                parts.Add(ReadItem(before, format));
            }
            if (item.Text("type"u8) == "reasoning.summary") summary = item;
            else parts.Add(ReadItem(item, format));
        }
        if (summary is { } last) parts.Add(ReadItem(last, format));
    }

    /// <summary>True when an item holds text that a reader can read.</summary>
    public static bool HasText(JsonElement details) =>
        details.EnumerateArray().Any(i => i.ValueKind == JsonValueKind.Object && (i.Text("text"u8) ?? i.Text("summary"u8)) is { Length: > 0 });

    /// <summary>True for a part that was read from here, so that it goes back here.</summary>
    public static bool IsDetail(ReasoningPart part, WireFormatId format) => part.Notes.Value(format, "~item") is not null;

    /// <summary>Writes a part as one item or two.</summary>
    /// <param name="output">The writer, inside the array.</param>
    /// <param name="part">The part.</param>
    /// <param name="format">The format that is written.</param>
    /// <param name="index">The item's index where the part has none of its own.</param>
    public static void Write(Utf8JsonWriter output, ReasoningPart part, WireFormatId format, int index)
    {
        var members = new MemberWriter(output, part.Notes, format);
        if (part.IsSummary)
        {
            WriteItem(members.Nested("summary"), "reasoning.summary", "summary", part, part.Signature is null ? part.Id : null, index);
            if (part.Signature is not null) WriteItem(members.Nested("encrypted"), "reasoning.encrypted", "data", part, part.Id, index);
            return;
        }
        bool encrypted = members.Spelling.Text("~item") is { } type ? type == "reasoning.encrypted" : part.Text.Length == 0 && part.Signature is not null;
        WriteItem(members.Nested("item"), encrypted ? "reasoning.encrypted" : "reasoning.text", encrypted ? "data" : "text", part, part.Id, index);
    }

    private static Part ReadItem(JsonElement item, WireFormatId format)
    {
        string type = item.Text("type"u8) ?? "";
        if (type is not ("reasoning.text" or "reasoning.summary" or "reasoning.encrypted")) return new RawPart(format, type, RawJson.From(item));
        var notes = new NotesBuilder(format);
        notes.Spell("~item", $"\"{type}\"");
        ReadMembers(item, notes, type == "reasoning.summary" ? "summary." : "item.");
        string? named = item.Text("format"u8);
        string text = item.Text("text"u8) ?? item.Text("summary"u8) ?? "";
        string? payload = type == "reasoning.encrypted" ? item.Text("data"u8) : item.Text("signature"u8);
        return new ReasoningPart(text)
        {
            Id = item.Text("id"u8),
            IsSummary = type == "reasoning.summary",
            SummaryParagraphs = type == "reasoning.summary" ? [text] : [],
            IsRedacted = type == "reasoning.encrypted" && named == "anthropic-claude-v1",
            Signature = string.IsNullOrEmpty(payload) ? null : ReasoningFamilies.Read(payload, named),
            Notes = notes.Build(),
        };
    }

    private static ReasoningPart Merge(JsonElement summary, JsonElement encrypted, WireFormatId format)
    {
        var notes = new NotesBuilder(format);
        notes.Spell("~item", "\"reasoning.summary\"");
        ReadMembers(summary, notes, "summary.");
        if (summary.Get("id"u8) is { } id) notes.Spell("summary.id", id.GetRawText());
        ReadMembers(encrypted, notes, "encrypted.");
        string text = summary.Text("summary"u8) ?? "";
        return new ReasoningPart(text)
        {
            Id = encrypted.Text("id"u8),
            IsSummary = true,
            SummaryParagraphs = [text],
            Signature = encrypted.Text("data"u8) is { Length: > 0 } data ? ReasoningFamilies.Read(data, encrypted.Text("format"u8)) : null,
            Notes = notes.Build(),
        };
    }

    private static void ReadMembers(JsonElement item, NotesBuilder notes, string prefix)
    {
        notes.Sort(item, ChatMembers.ReasoningDetail, prefix);
        if (item.Get("format"u8) is { } format) notes.Spell($"{prefix}format", format.GetRawText());
        if (item.Get("index"u8) is { } index) notes.Spell($"{prefix}index", index.GetRawText());
    }

    private static void WriteItem(MemberWriter item, string type, string content, ReasoningPart part, string? id, int index)
    {
        bool own = item.Spelling.Has("~item");
        item.Output.WriteStartObject();
        item.Output.WriteString("type", type);
        if (content == "data") item.Text("data", part.Signature is { } payload ? ReasoningFamilies.Write(payload) : null);
        else if (part.Text.Length > 0 || !own) item.Output.WriteString(content, part.Text);
        else item.Silent(content);
        if (content == "text") item.Text("signature", part.Signature is { } signature ? ReasoningFamilies.Write(signature) : null);
        item.Text("id", id);
        if (own)
        {
            item.Silent("format");
            item.Silent("index");
        }
        else
        {
            item.Output.WriteString("format", part.Signature is { } owner ? ReasoningFamilies.Format(owner.Family) ?? "unknown" : "unknown");
            item.Output.WriteNumber("index", index);
        }
        item.Rest();
        item.Output.WriteEndObject();
    }
}
