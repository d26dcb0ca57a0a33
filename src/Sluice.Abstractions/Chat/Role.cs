namespace Sluice.Chat;

/// <summary>Who speaks in a <see cref="ChatMessage"/>. An open value: a role that only one vendor knows survives.</summary>
public readonly record struct Role(string Value)
{
    /// <summary>Instructions of the operator.</summary>
    public static Role System { get; } = new("system");

    /// <summary>Instructions of the developer; newer OpenAI models use it in place of <see cref="System"/>.</summary>
    public static Role Developer { get; } = new("developer");

    /// <summary>The person or program that asks.</summary>
    public static Role User { get; } = new("user");

    /// <summary>The model.</summary>
    public static Role Assistant { get; } = new("assistant");

    /// <summary>Results of tools. Formats without this role carry them in a user turn.</summary>
    public static Role Tool { get; } = new("tool");

    /// <summary>True for <see cref="System"/> and <see cref="Developer"/>.</summary>
    public bool IsInstruction => Value is "system" or "developer";

    /// <inheritdoc/>
    public override string ToString() => Value;
}
