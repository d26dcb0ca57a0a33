using OpenTelemetry.Exporter;
using Sluice.Configuration;

namespace Sluice.Gateway.Export;

/// <summary>Where one signal is exported to.</summary>
/// <param name="Endpoint">The full address.</param>
/// <param name="Protocol">gRPC or HTTP.</param>
/// <param name="Variable">As <c>OTEL_EXPORTER_OTLP_HEADERS</c> writes headers; <see langword="null"/> for none. Holds secrets.</param>
/// <param name="Headers">Those of the configuration.</param>
/// <param name="Timeout">Of one export.</param>
internal sealed record OtlpTarget(Uri Endpoint, OtlpExportProtocol Protocol, string? Variable, IReadOnlyDictionary<string, Secret> Headers, TimeSpan Timeout)
{
    /// <summary>The address and the protocol; never the headers.</summary>
    public override string ToString() => $"{Endpoint.GetLeftPart(UriPartial.Path)} ({Protocol})";
}

/// <summary>
/// Finds out what is exported where: <c>OTEL_*</c> variables as OpenTelemetry defines them, a variable of one signal before that of all, and
/// <c>telemetry.otlp</c> before both.
/// </summary>
internal sealed class OtlpSettings
{
    private static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(10);

    private OtlpSettings(OtlpTarget? traces, OtlpTarget? metrics) => (Traces, Metrics) = (traces, metrics);

    /// <summary>Where spans go; <see langword="null"/> for nowhere.</summary>
    public OtlpTarget? Traces { get; }

    /// <summary>Where metrics go.</summary>
    public OtlpTarget? Metrics { get; }

    /// <summary>The settings; <see langword="null"/> where nothing is exported.</summary>
    /// <param name="config">What the user wrote.</param>
    /// <param name="variable">Reads a variable.</param>
    public static OtlpSettings? Of(TelemetryConfig config, Func<string, string?> variable)
    {
        if (IsTrue(variable("OTEL_SDK_DISABLED"))) return null;
        var settings = new OtlpSettings(Target(config, variable, "TRACES", "v1/traces"), Target(config, variable, "METRICS", "v1/metrics"));
        return settings.Traces is null && settings.Metrics is null ? null : settings;
    }

    private static OtlpTarget? Target(TelemetryConfig config, Func<string, string?> variable, string signal, string path)
    {
        if (Read($"OTEL_{signal}_EXPORTER") is { } exporter && !exporter.Split(',', StringSplitOptions.TrimEntries).Contains("otlp", StringComparer.OrdinalIgnoreCase)) return null;
        // The variable of one signal is the whole address; the others are the base of all signals.
        var own = config.Otlp is null ? Address(Read($"OTEL_EXPORTER_OTLP_{signal}_ENDPOINT")) : null;
        var endpoint = own ?? config.Otlp ?? Address(Read("OTEL_EXPORTER_OTLP_ENDPOINT"));
        if (endpoint is null) return null;
        var protocol = Protocol(Read($"OTEL_EXPORTER_OTLP_{signal}_PROTOCOL") ?? Read("OTEL_EXPORTER_OTLP_PROTOCOL"), endpoint);
        if (protocol == OtlpExportProtocol.HttpProtobuf && own is null && !endpoint.AbsolutePath.EndsWith(path, StringComparison.Ordinal)) endpoint = Below(endpoint, path);
        return new OtlpTarget(endpoint, protocol, Read($"OTEL_EXPORTER_OTLP_{signal}_HEADERS") ?? Read("OTEL_EXPORTER_OTLP_HEADERS"), config.OtlpHeaders, Timeout(Read($"OTEL_EXPORTER_OTLP_{signal}_TIMEOUT") ?? Read("OTEL_EXPORTER_OTLP_TIMEOUT")));

        string? Read(string name) => variable(name) is { } value && value.Trim() is { Length: > 0 } text ? text : null;
    }

    // Without a word about it, the port that is usual for gRPC decides.
    private static OtlpExportProtocol Protocol(string? written, Uri endpoint) => written switch
    {
        "grpc" => OtlpExportProtocol.Grpc,
        "http/protobuf" => OtlpExportProtocol.HttpProtobuf,
        _ => endpoint.Port == 4317 ? OtlpExportProtocol.Grpc : OtlpExportProtocol.HttpProtobuf,
    };

    private static TimeSpan Timeout(string? milliseconds) => int.TryParse(milliseconds, System.Globalization.CultureInfo.InvariantCulture, out int value) && value > 0 ? TimeSpan.FromMilliseconds(value) : DefaultTimeout;

    private static Uri? Address(string? written) => Uri.TryCreate(written, UriKind.Absolute, out var address) && address.Scheme is "http" or "https" ? address : null;

    private static Uri Below(Uri endpoint, string path) => new($"{endpoint.GetLeftPart(UriPartial.Path).TrimEnd('/')}/{path}{endpoint.Query}");

    private static bool IsTrue(string? value) => string.Equals(value?.Trim(), "true", StringComparison.OrdinalIgnoreCase);
}
