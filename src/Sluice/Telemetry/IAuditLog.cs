using Sluice.Errors;
using Sluice.Storage;

namespace Sluice.Telemetry;

/// <summary>Writes down administrative acts: who did what to what, and what changed. Thread-safe.</summary>
public interface IAuditLog
{
    /// <summary>
    /// Writes an act down, before its success is told to who asked for it. Returns when it is written: no act is ever dropped.
    /// <see cref="AuditEntry.Detail"/> holds what changed, before and after, without secrets.
    /// </summary>
    /// <returns>Why the store could not keep it; <see langword="null"/> where all is well.</returns>
    ValueTask<GatewayError?> WriteAsync(AuditEntry entry, CancellationToken cancellationToken);
}
