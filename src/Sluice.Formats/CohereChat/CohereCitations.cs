using System.Collections.Frozen;
using System.Text.Json;
using Sluice.Chat;
using Sluice.Formats.Json;
using Sluice.Wire;

namespace Sluice.Formats.CohereChat;

/// <summary><c>citations</c>: <c>{start, end, text, sources: [{type, id, document | tool_output}], content_index, type}</c>.</summary>
internal static class CohereCitations
{
    private static FrozenSet<string> None { get; } = FrozenSet<string>.Empty;

    /// <summary>Reads one; the whole of it stays in the notes, because one citation may have several sources.</summary>
    public static Citation Read(JsonElement citation)
    {
        var source = citation.Get("sources"u8) is { ValueKind: JsonValueKind.Array } sources && sources.GetArrayLength() > 0 ? sources[0] : default;
        var fields = source.Get("document"u8) ?? source.Get("tool_output"u8) ?? default;
        return new Citation
        {
            Kind = source.Text("type"u8) ?? "document",
            Url = fields.Text("url"u8),
            Title = fields.Text("title"u8) ?? source.Text("id"u8),
            CitedText = fields.Text("text"u8) ?? fields.Text("snippet"u8) ?? fields.Text("content"u8),
            StartIndex = Index(citation, "start"u8),
            EndIndex = Index(citation, "end"u8),
            Notes = new NotesBuilder(WireFormatId.CohereChat).Keep(citation, None).Build(),
        };
    }

    /// <summary>True for a citation that is of the answer's text, not of the plan or the thinking.</summary>
    public static bool IsOfText(JsonElement citation) => citation.Text("type"u8) is null or "TEXT_CONTENT";

    /// <summary>True for a citation of the plan.</summary>
    public static bool IsOfPlan(JsonElement citation) => citation.Text("type"u8) is "PLAN";

    private static int? Index(JsonElement citation, ReadOnlySpan<byte> name) => citation.Count(name) is { } n and >= 0 and <= int.MaxValue ? (int)n : null;
}
