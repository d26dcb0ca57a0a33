using System.Diagnostics.Metrics;

namespace Sluice.Telemetry;

/// <summary>Bucket boundaries: of OpenTelemetry's conventions where they give some, else our own. Exporters and <c>/metrics</c> take them from the instruments.</summary>
internal static class HistogramBounds
{
    /// <summary>Seconds of operations, calls, and chunks.</summary>
    public static InstrumentAdvice<double> Durations { get; } = Of(0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92);

    /// <summary>Seconds to the first token.</summary>
    public static InstrumentAdvice<double> FirstToken { get; } = Of(0.001, 0.005, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10);

    /// <summary>Seconds for each further token.</summary>
    public static InstrumentAdvice<double> PerToken { get; } = Of(0.01, 0.025, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.75, 1, 2.5);

    /// <summary>Tokens of an operation.</summary>
    public static InstrumentAdvice<long> Tokens { get; } = new() { HistogramBucketBoundaries = [1, 4, 16, 64, 256, 1024, 4096, 16384, 65536, 262144, 1048576, 4194304, 16777216, 67108864] };

    /// <summary>Seconds that the gateway itself takes: tens of microseconds where all is well.</summary>
    public static InstrumentAdvice<double> Overhead { get; } = Of(0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1);

    /// <summary>Seconds in a queue.</summary>
    public static InstrumentAdvice<double> Waits { get; } = Of(0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120);

    private static InstrumentAdvice<double> Of(params double[] bounds) => new() { HistogramBucketBoundaries = bounds };
}
