using System.Diagnostics.Metrics;
using Sluice.Budgets;
using Sluice.Configuration;
using Sluice.Engine;
using Sluice.Gateway.Export;
using Sluice.Gateway.Metrics;
using Sluice.Routing;
using Sluice.Telemetry;

namespace Sluice.Gateway.Hosting;

/// <summary>What a host tells of its calls: metrics, the log, the audit log, what is exported.</summary>
internal sealed class HostTelemetry : IAsyncDisposable
{
    private readonly CallMetrics _metrics;
    private readonly CallLog? _log;
    private readonly OtlpExport? _otlp;
    private readonly Counter<long> _budgetAlerts;
    private CallEngine? _engine;

    public HostTelemetry(SluiceConfig config, GatewayHostOptions options, GatewayState state)
    {
        _metrics = new CallMetrics();
        _log = options.LogOutput is { } output ? new CallLog(output, state, options.Time) : null;
        _ = new StateMetrics(_metrics.Meter, state, () => _engine, () => _log?.Dropped ?? 0);
        _budgetAlerts = _metrics.Meter.CreateCounter<long>(TelemetryNames.BudgetAlerts, "{alert}", "Thresholds of budgets that were crossed");
        Prometheus = config.Telemetry.Prometheus ? new PrometheusMetrics(_metrics.Meter) : null;
        _otlp = OtlpExport.Start(config.Telemetry, options.Variable);
        Audit = _log?.Audit(options.Store?.Audit) ?? new AuditLog(null, options.Store?.Audit, () => state.Current.Secrets);
        Observers = _log is null ? [_metrics] : [_metrics, _log];
    }

    /// <summary>What <c>/metrics</c> serves; <see langword="null"/> where it is switched off.</summary>
    public PrometheusMetrics? Prometheus { get; }

    /// <summary>Where administrative acts are written down.</summary>
    public IAuditLog Audit { get; }

    /// <summary>Those to be told of calls.</summary>
    public IReadOnlyList<ICallObserver> Observers { get; }

    /// <summary>Begins to tell of an engine's state.</summary>
    public void Watch(CallEngine engine) => _engine = engine;

    /// <summary>Tells of a budget. Keys are too many for a label: only the kind of the scope is one.</summary>
    public void Tell(BudgetAlert alert)
    {
        _budgetAlerts.Add(1, new("event", alert.Event), new("scope", alert.Scope.Split(':')[0]), new("period", alert.Period));
        _log?.Write(alert);
    }

    /// <summary>Writes and sends what is waiting.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_log is not null) await _log.DisposeAsync();
        if (_otlp is not null) await _otlp.DisposeAsync();
        Prometheus?.Dispose();
        _metrics.Dispose();
    }
}
