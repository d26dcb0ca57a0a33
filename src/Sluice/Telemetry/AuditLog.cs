using Sluice.Configuration;
using Sluice.Errors;
using Sluice.Storage;
using Sluice.Telemetry.Logging;

namespace Sluice.Telemetry;

/// <summary>Writes each act as a line of the log, whatever its level, and into the store where there is one.</summary>
/// <param name="lines">The log; <see langword="null"/> where none is written.</param>
/// <param name="store">The store; <see langword="null"/> where none is kept.</param>
/// <param name="secrets">The secrets of the configuration in force, which no entry may hold.</param>
internal sealed class AuditLog(LogWriter? lines, IAuditStore? store, Func<SecretMask> secrets) : IAuditLog
{
    public async ValueTask<GatewayError?> WriteAsync(AuditEntry entry, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(entry);
        var mask = secrets();
        entry = entry with { Subject = entry.Subject is null ? null : mask.Mask(entry.Subject), Detail = entry.Detail is null ? null : mask.Mask(entry.Detail) };
        if (lines is not null) await lines.WriteAsync(new AuditLine(entry), cancellationToken).ConfigureAwait(false);
        return store is null ? null : await store.WriteAsync(entry, cancellationToken).ConfigureAwait(false);
    }
}
