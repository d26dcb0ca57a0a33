using Sluice.Chat;
using Sluice.Errors;

namespace Sluice.Engine.Continuing;

/// <summary>A client's stream that its target left unfinished and that another may go on with.</summary>
/// <param name="Output">Where its events are written.</param>
/// <param name="Gate">The client's answer.</param>
/// <param name="SoFar">What the client was told.</param>
/// <param name="Error">Why it broke off.</param>
/// <param name="Used">What was used until then, by all targets together.</param>
internal sealed record BrokenStream(StreamOutput Output, CommitGate Gate, StreamSoFar SoFar, GatewayError Error, Usage Used)
{
    // Models refuse a prompt that ends in white space (Anthropic: "final assistant content cannot end with trailing whitespace").
    private readonly string _text = SoFar.Text;

    /// <summary>The beginning that the next target is given.</summary>
    public string Prefill => _text.TrimEnd();

    /// <summary>What the client has already of the white space with which the next target may begin.</summary>
    public string Overlap => _text[Prefill.Length..];
}
