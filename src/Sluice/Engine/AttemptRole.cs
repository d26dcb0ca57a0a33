namespace Sluice.Engine;

/// <summary>Why an attempt was made.</summary>
public enum AttemptRole
{
    /// <summary>In its turn.</summary>
    Usual,

    /// <summary>Beside another that was slow.</summary>
    Hedge,

    /// <summary>To go on where another broke off.</summary>
    Continuation,
}
