namespace Sluice.Engine;

/// <summary>A target that was not tried, and why.</summary>
/// <param name="Target"><c>provider/model</c>, or the name of an inner route.</param>
/// <param name="Cause">The kind of reason.</param>
/// <param name="Reason">In words: what of the request the target cannot do, or who forbids it.</param>
public sealed record PassedOver(string Target, PassCause Cause, string Reason);

/// <summary>Why a target was not tried.</summary>
public enum PassCause
{
    /// <summary>The caller may not use it.</summary>
    NotAllowed,

    /// <summary>Its condition (<c>when</c>) does not hold.</summary>
    Condition,

    /// <summary>The request does not fit its context window.</summary>
    Context,

    /// <summary>It lacks a capability that the request needs.</summary>
    Capability,
}
