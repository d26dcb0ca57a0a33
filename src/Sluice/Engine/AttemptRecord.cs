using Sluice.Errors;

namespace Sluice.Engine;

/// <summary>What became of one try of one target.</summary>
public sealed record AttemptRecord
{
    /// <summary>The provider's name.</summary>
    public required string Provider { get; init; }

    /// <summary>The model's name at the provider.</summary>
    public required string Model { get; init; }

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
}
