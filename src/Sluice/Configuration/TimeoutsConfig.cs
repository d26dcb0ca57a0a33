namespace Sluice.Configuration;

/// <summary>How long each part of a call may take (<c>timeout</c>).</summary>
public sealed record TimeoutsConfig
{
    /// <summary>The built-in values.</summary>
    public static TimeoutsConfig Default { get; } = new();

    /// <summary>Until the connection stands, TLS included. Default 5 s.</summary>
    public TimeSpan Connect { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>From the request to the first content of the answer. Default 60 s.</summary>
    public TimeSpan FirstToken { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Between two pieces of a stream. Default 60 s.</summary>
    public TimeSpan Idle { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>The whole: of a provider or target one attempt, of a route or the defaults the call with all its attempts. Default 10 min.</summary>
    public TimeSpan Total { get; init; } = TimeSpan.FromMinutes(10);
}
