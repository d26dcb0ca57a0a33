namespace Sluice.Configuration;

/// <summary>Where traces and metrics go (<c>telemetry</c>).</summary>
public sealed record TelemetryConfig
{
    /// <summary>The OTLP endpoint; null means that OTEL_EXPORTER_OTLP_ENDPOINT decides, and without that nothing is exported.</summary>
    public Uri? Otlp { get; init; }

    /// <summary>Headers sent to the OTLP endpoint.</summary>
    public IReadOnlyDictionary<string, Secret> OtlpHeaders { get; init; } = Empty<Secret>.Map;

    /// <summary>Whether <c>/metrics</c> is served. Default true.</summary>
    public bool Prometheus { get; init; } = true;

    /// <summary>The service name. Default <c>sluice</c>.</summary>
    public string ServiceName { get; init; } = "sluice";

    /// <summary>The share of traces that is kept, 0 to 1. Default 1.</summary>
    public double Sample { get; init; } = 1;

    /// <summary>Whether spans hold message content. Default false.</summary>
    public bool Content { get; init; }
}
