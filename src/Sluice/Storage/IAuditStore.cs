using Sluice.Errors;

namespace Sluice.Storage;

/// <summary>The administrative acts, for ever or as long as <c>storage.retention</c> says.</summary>
public interface IAuditStore
{
    /// <summary>Writes an act down.</summary>
    ValueTask<GatewayError?> WriteAsync(AuditEntry entry, CancellationToken cancellationToken);

    /// <summary>The last acts, the newest first.</summary>
    ValueTask<Outcome<IReadOnlyList<AuditEntry>>> ReadAsync(int most, DateTimeOffset? before, CancellationToken cancellationToken);
}

/// <summary>One administrative act. Holds no secret.</summary>
/// <param name="At">When.</param>
/// <param name="Actor">Who: <c>admin</c>, <c>cli</c>.</param>
/// <param name="Act">What was done: <c>key.create</c>, <c>key.revoke</c>, <c>config.reload</c> ...</param>
/// <param name="Subject">What it was done to; <see langword="null"/> where nothing in particular.</param>
public sealed record AuditEntry(DateTimeOffset At, string Actor, string Act, string? Subject)
{
    /// <summary>What changed, as JSON; <see langword="null"/> where nothing more is to be said.</summary>
    public string? Detail { get; init; }

    /// <summary>The id of the request that did it.</summary>
    public string? RequestId { get; init; }

    /// <summary>Where it came from.</summary>
    public string? Address { get; init; }
}
