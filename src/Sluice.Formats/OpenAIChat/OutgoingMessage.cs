using Sluice.Chat;
using Sluice.Wire;

namespace Sluice.Formats.OpenAIChat;

/// <summary>A message as it will be written: each part with the place it had in the neutral request, for loss reports.</summary>
/// <param name="Role">Who speaks.</param>
/// <param name="Path">The place of the message it was made from.</param>
internal sealed record OutgoingMessage(Role Role, string Path)
{
    /// <summary>The speaker's name.</summary>
    public string? Name { get; init; }

    /// <summary>What is said.</summary>
    public List<PlacedPart> Parts { get; } = [];

    /// <summary>Notes of the message it was made from, where they are of the written format.</summary>
    public WireNotes? Notes { get; init; }
}

/// <summary>A part and its place.</summary>
internal readonly record struct PlacedPart(Part Part, string Path);
