using Sluice.Wire;

namespace Sluice.Chat;

/// <summary>The form of answer that is asked for.</summary>
/// <param name="Type"><c>text</c>, <c>json</c> (any JSON object) or <c>json_schema</c>.</param>
public sealed record AnswerFormat(string Type)
{
    /// <summary>A name for the schema, where the format wants one.</summary>
    public string? Name { get; init; }

    /// <summary>What the schema is for.</summary>
    public string? Description { get; init; }

    /// <summary>JSON Schema, for type <c>json_schema</c>.</summary>
    public RawJson Schema { get; init; }

    /// <summary>The answer must follow the schema exactly.</summary>
    public bool? Strict { get; init; }

    /// <summary>What only the format of origin knows.</summary>
    public WireNotes? Notes { get; init; }
}
