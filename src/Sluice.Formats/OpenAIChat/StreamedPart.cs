using System.Text;
using Sluice.Chat;

namespace Sluice.Formats.OpenAIChat;

/// <summary>What the encoder remembers of a part while it is open.</summary>
/// <param name="part">The part as it began.</param>
/// <param name="textStart">How many characters of text the answer had then.</param>
internal sealed class StreamedPart(Part part, int textStart)
{
    /// <summary>The part, without what came since.</summary>
    public Part Part { get; set; } = part;

    /// <summary>Where its text begins in the answer's.</summary>
    public int TextStart { get; } = textStart;

    /// <summary>The signature so far.</summary>
    public Signature? Signature { get; set; } = part.Signature;

    /// <summary>The client has the signature already.</summary>
    public bool SignatureTold { get; set; }

    /// <summary>Some of a call's arguments were written.</summary>
    public bool HasArguments { get; set; }

    /// <summary>The number of a call among the calls.</summary>
    public int Call { get; set; }

    /// <summary>The paragraph of a summary; -1 before the first.</summary>
    public int Paragraph { get; set; } = -1;

    /// <summary>Reasoning so far.</summary>
    public StringBuilder Reasoning { get; } = new();

    /// <summary>Arguments so far, for clients that get a call whole.</summary>
    public StringBuilder Arguments { get; } = new();

    /// <summary>Sources so far.</summary>
    public List<Citation> Citations { get; } = [];

    /// <summary>Pieces of a picture.</summary>
    public List<string> Base64 { get; } = [];
}
