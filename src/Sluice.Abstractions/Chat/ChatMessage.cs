using Sluice.Wire;

namespace Sluice.Chat;

/// <summary>
/// One message, in the structure in which its format gave it. Encoders merge neighbours and move tool results to the role that
/// their format wants.
/// </summary>
/// <param name="Role">Who speaks.</param>
/// <param name="Parts">What is said, in order.</param>
public sealed record ChatMessage(Role Role, IReadOnlyList<Part> Parts)
{
    /// <summary>A name of the speaker, where the format has one.</summary>
    public string? Name { get; init; }

    /// <summary>The provider's id of the message (a Responses item id).</summary>
    public string? Id { get; init; }

    /// <summary>What only the format of origin knows.</summary>
    public WireNotes? Notes { get; init; }
}
