using Sluice.Wire;

namespace Sluice.Chat;

/// <summary>Whether and which tool the model must call.</summary>
/// <param name="Mode"><c>auto</c>, <c>none</c>, <c>required</c> (any), <c>tool</c> (the one in <see cref="Name"/>), <c>allowed</c> (one of <see cref="Allowed"/>).</param>
public sealed record ToolChoice(string Mode)
{
    /// <summary>The model decides.</summary>
    public static ToolChoice Auto { get; } = new("auto");

    /// <summary>No calls.</summary>
    public static ToolChoice None { get; } = new("none");

    /// <summary>At least one call of any tool.</summary>
    public static ToolChoice Required { get; } = new("required");

    /// <summary>The tool that must be called, for mode <c>tool</c>.</summary>
    public string? Name { get; init; }

    /// <summary>The tools to choose from, for mode <c>allowed</c>.</summary>
    public IReadOnlyList<string> Allowed { get; init; } = [];

    /// <summary>For mode <c>allowed</c>: true when one of them must be called.</summary>
    public bool AllowedRequired { get; init; }

    /// <summary>What only the format of origin knows.</summary>
    public WireNotes? Notes { get; init; }
}
