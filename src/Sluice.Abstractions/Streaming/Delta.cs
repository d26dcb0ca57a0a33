using Sluice.Chat;
using Sluice.Wire;

namespace Sluice.Streaming;

/// <summary>What is added to an open part.</summary>
public abstract record Delta;

/// <summary>More text of a <see cref="TextPart"/>.</summary>
/// <param name="Text">The piece.</param>
public sealed record TextDelta(string Text) : Delta;

/// <summary>More text of a <see cref="ReasoningPart"/>.</summary>
/// <param name="Text">The piece.</param>
public sealed record ReasoningDelta(string Text) : Delta
{
    /// <summary>The summary paragraph that this belongs to, from 0, where the format keeps them apart; otherwise <see langword="null"/>.</summary>
    public int? Paragraph { get; init; }
}

/// <summary>More text of a <see cref="RefusalPart"/>.</summary>
/// <param name="Text">The piece.</param>
public sealed record RefusalDelta(string Text) : Delta;

/// <summary>More of the arguments of a <see cref="ToolCallPart"/>, or of the input of a <see cref="ServerToolCallPart"/>: JSON text, cut anywhere.</summary>
/// <param name="Text">The piece.</param>
public sealed record ArgumentsDelta(string Text) : Delta;

/// <summary>The signature of the open part, whole.</summary>
/// <param name="Signature">The payload.</param>
public sealed record SignatureDelta(Signature Signature) : Delta;

/// <summary>A source of the open <see cref="TextPart"/>.</summary>
/// <param name="Citation">The source.</param>
public sealed record CitationDelta(Citation Citation) : Delta;

/// <summary>Probabilities of tokens of the open part.</summary>
/// <param name="Tokens">The tokens.</param>
public sealed record LogprobsDelta(IReadOnlyList<TokenLogprob> Tokens) : Delta;

/// <summary>More of a medium that the model makes.</summary>
/// <param name="Base64">Bytes as base64 that decodes by itself; may be empty.</param>
/// <param name="Transcript">What is said in it; may be empty.</param>
public sealed record MediaDelta(string Base64, string Transcript) : Delta;

/// <summary>Something that only one format knows, about the open part.</summary>
/// <param name="Format">Its format.</param>
/// <param name="Name">Its name.</param>
/// <param name="Json">Its data.</param>
public sealed record RawDelta(WireFormatId Format, string Name, RawJson Json) : Delta;
