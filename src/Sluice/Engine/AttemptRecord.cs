using Sluice.Chat;
using Sluice.Errors;

namespace Sluice.Engine;

/// <summary>What became of one try of one target.</summary>
public sealed record AttemptRecord
{
    /// <summary>The provider's name.</summary>
    public required string Provider { get; init; }

    /// <summary>The model's name at the provider.</summary>
    public required string Model { get; init; }

    /// <summary>The provider's vendor as telemetry conventions call it (<c>openai</c>, <c>gcp.gemini</c> ...).</summary>
    public string ProviderName { get; init; } = "other";

    /// <summary>The model as a label: its name where the configuration has it, else <c>other</c>.</summary>
    public string ModelLabel { get; init; } = "other";

    /// <summary>The lane it took.</summary>
    public required Lane Lane { get; init; }

    /// <summary>The name of the provider's key that was used; <see langword="null"/> where it needs none.</summary>
    public string? KeyName { get; init; }

    /// <summary>False where a limit or a resting target kept the attempt from being sent; <see cref="Error"/> says which.</summary>
    public bool IsSent { get; init; } = true;

    /// <summary>The provider's HTTP status; 0 where none came.</summary>
    public int UpstreamStatus { get; init; }

    /// <summary>Why it failed; <see langword="null"/> on success.</summary>
    public GatewayError? Error { get; init; }

    /// <summary>From sending to the end.</summary>
    public TimeSpan Duration { get; init; }

    /// <summary>From sending to the first content; <see langword="null"/> where none came.</summary>
    public TimeSpan? FirstContent { get; init; }

    /// <summary>Why it was made.</summary>
    public AttemptRole Role { get; init; }

    /// <summary>True where it used something and another attempt gave the client's answer or the rest of it: it lost against a hedge, or broke off and was continued.</summary>
    public bool IsAside { get; init; }

    /// <summary>What it used, where <see cref="IsAside"/>; elsewhere the call's usage is its own.</summary>
    public Usage? Usage { get; init; }

    /// <summary>True where <see cref="Usage"/> is an estimate: the provider could not tell it any more.</summary>
    public bool IsEstimated { get; init; }

    /// <summary>What it cost in USD, where <see cref="IsAside"/>; <see langword="null"/> where that is unknown. It is in the call's cost.</summary>
    public decimal? CostUsd { get; init; }
}
