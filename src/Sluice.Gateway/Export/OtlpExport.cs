using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using Sluice.Configuration;
using Sluice.Telemetry;

namespace Sluice.Gateway.Export;

/// <summary>
/// Sends spans and metrics to an OTLP endpoint. Nothing of OpenTelemetry is loaded where no endpoint is set. What is waiting at the stop is sent, for
/// a few seconds at most.
/// </summary>
internal sealed class OtlpExport : IAsyncDisposable
{
    private const int StopMilliseconds = 5000;
    private readonly TracerProvider? _traces;
    private readonly MeterProvider? _metrics;

    private OtlpExport(OtlpSettings settings, TelemetryConfig config)
    {
        // The variables win over the file, as everywhere.
        var resource = ResourceBuilder.CreateEmpty().AddService(config.ServiceName, serviceVersion: Version).AddTelemetrySdk().AddEnvironmentVariableDetector();
        if (settings.Traces is { } traces)
        {
            var builder = Sdk.CreateTracerProviderBuilder().SetResourceBuilder(resource).AddSource(TelemetryNames.Source).AddOtlpExporter(o => Apply(o, traces));
            if (config.Sample < 1) builder.SetSampler(new ParentBasedSampler(new TraceIdRatioBasedSampler(config.Sample)));
            _traces = builder.Build();
        }
        if (settings.Metrics is { } metrics)
        {
            _metrics = Sdk.CreateMeterProviderBuilder().SetResourceBuilder(resource).AddMeter(TelemetryNames.Source, "System.Runtime").AddOtlpExporter(o => Apply(o, metrics)).Build();
        }
    }

    private static string Version => typeof(OtlpExport).Assembly.GetName().Version?.ToString(3) ?? "0";

    /// <summary>Starts exporting; <see langword="null"/> where nothing is to be exported.</summary>
    public static OtlpExport? Start(TelemetryConfig config, Func<string, string?> variable) => OtlpSettings.Of(config, variable) is { } settings ? new OtlpExport(settings, config) : null;

    /// <summary>Sends what is waiting and stops.</summary>
    public async ValueTask DisposeAsync()
    {
        // Both wait for the network: side by side, and not on the caller's thread.
        await Task.WhenAll(
            Task.Run(() => _traces?.Shutdown(StopMilliseconds)),
            Task.Run(() => _metrics?.Shutdown(StopMilliseconds)));
        _traces?.Dispose();
        _metrics?.Dispose();
    }

    // The option for headers cannot carry every value: it splits at commas after it has unescaped them.
    private static HttpClient Client(OtlpTarget target)
    {
        var client = new HttpClient { Timeout = target.Timeout };
        foreach (var (name, value) in target.Headers) client.DefaultRequestHeaders.TryAddWithoutValidation(name, value.Reveal());
        return client;
    }

    private static void Apply(OtlpExporterOptions options, OtlpTarget target)
    {
        options.Endpoint = target.Endpoint;
        options.Protocol = target.Protocol;
        options.TimeoutMilliseconds = (int)target.Timeout.TotalMilliseconds;
        if (target.Variable is { } headers) options.Headers = headers;
        if (target.Headers.Count > 0) options.HttpClientFactory = () => Client(target);
    }
}
