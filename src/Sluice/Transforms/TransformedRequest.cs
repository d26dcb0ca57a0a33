using Sluice.Chat;
using Sluice.Errors;
using Sluice.Wire;

namespace Sluice.Transforms;

/// <summary>A client's request after the rules of one target.</summary>
/// <param name="Request">The request.</param>
/// <param name="Members">Its body's top level.</param>
/// <param name="Losses">What could not apply.</param>
internal sealed record TransformedRequest(WireRequest Request, JsonMembers Members, LossReport Losses)
{
    /// <summary>The request as chat model, once it was decoded.</summary>
    public Outcome<ChatRequest>? Chat { get; set; }
}
