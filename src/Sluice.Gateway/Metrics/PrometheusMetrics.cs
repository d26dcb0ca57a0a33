using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Text;

namespace Sluice.Gateway.Metrics;

/// <summary>Adds up what the meter reports and writes it in Prometheus' text format. The number of series is bounded.</summary>
internal sealed class PrometheusMetrics : IDisposable
{
    private const int MaxSeries = 10_000;
    private readonly MeterListener _listener = new();
    private readonly ConcurrentDictionary<Instrument, InstrumentSeries> _instruments = new();
    private readonly Lock _writing = new();
    private int _series;

    public PrometheusMetrics(Meter meter)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (!ReferenceEquals(instrument.Meter, meter)) return;
            listener.EnableMeasurementEvents(instrument, _instruments[instrument] = new InstrumentSeries(instrument));
        };
        _listener.SetMeasurementEventCallback<double>((_, value, tags, series) => Record(series, value, tags));
        _listener.SetMeasurementEventCallback<long>((_, value, tags, series) => Record(series, value, tags));
        _listener.SetMeasurementEventCallback<int>((_, value, tags, series) => Record(series, value, tags));
        _listener.Start();
    }

    /// <summary>Everything in text format 0.0.4.</summary>
    public string Write()
    {
        // Two scrapes at once would forget each other's gauges.
        lock (_writing)
        {
            foreach (var series in _instruments.Values) Interlocked.Add(ref _series, -series.Forget());
            _listener.RecordObservableInstruments();
            var text = new StringBuilder();
            foreach (var series in _instruments.Values.OrderBy(s => s.Name, StringComparer.Ordinal)) series.Write(text);
            return text.ToString();
        }
    }

    public void Dispose() => _listener.Dispose();

    private void Record(object? state, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        if (state is not InstrumentSeries series || series.TryRecord(tags, value)) return;
        if (Interlocked.Increment(ref _series) <= MaxSeries) series.Add(tags, value);
        else Interlocked.Decrement(ref _series);
    }
}
