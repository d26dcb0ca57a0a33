namespace Sluice.Errors;

/// <summary>What went wrong, in one vocabulary for all providers. An open value.</summary>
public readonly record struct ErrorKind(string Value)
{
    /// <summary>The key is missing or wrong (401).</summary>
    public static ErrorKind Authentication { get; } = new("authentication");

    /// <summary>The key may not do this (403).</summary>
    public static ErrorKind Permission { get; } = new("permission");

    /// <summary>The model or thing does not exist (404).</summary>
    public static ErrorKind NotFound { get; } = new("not_found");

    /// <summary>The request is malformed or asks for something impossible (400).</summary>
    public static ErrorKind InvalidRequest { get; } = new("invalid_request");

    /// <summary>The request body is too large (413).</summary>
    public static ErrorKind TooLarge { get; } = new("too_large");

    /// <summary>The prompt does not fit the model's context window (400).</summary>
    public static ErrorKind ContextTooLong { get; } = new("context_too_long");

    /// <summary>Too many requests or tokens for now (429).</summary>
    public static ErrorKind RateLimited { get; } = new("rate_limited");

    /// <summary>The account's credit or quota is used up (402 or 429).</summary>
    public static ErrorKind QuotaSpent { get; } = new("quota_spent");

    /// <summary>A filter of the provider refused (400).</summary>
    public static ErrorKind ContentFilter { get; } = new("content_filter");

    /// <summary>The provider has no capacity now (503, 529).</summary>
    public static ErrorKind Overloaded { get; } = new("overloaded");

    /// <summary>Nothing came in time (408, 504).</summary>
    public static ErrorKind Timeout { get; } = new("timeout");

    /// <summary>The provider could not be reached, or the connection broke (502).</summary>
    public static ErrorKind Network { get; } = new("network");

    /// <summary>The provider answered with something that is no answer of its format (502).</summary>
    public static ErrorKind MalformedAnswer { get; } = new("malformed_answer");

    /// <summary>The provider failed (500).</summary>
    public static ErrorKind Upstream { get; } = new("upstream");

    /// <summary>The gateway itself failed (500).</summary>
    public static ErrorKind Internal { get; } = new("internal");

    /// <summary>A budget of the gateway is spent (402).</summary>
    public static ErrorKind BudgetSpent { get; } = new("budget_spent");

    /// <summary>The client went away.</summary>
    public static ErrorKind Canceled { get; } = new("canceled");

    /// <inheritdoc/>
    public override string ToString() => Value;
}
