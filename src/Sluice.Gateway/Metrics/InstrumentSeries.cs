using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;

namespace Sluice.Gateway.Metrics;

/// <summary>All series of one instrument.</summary>
internal sealed class InstrumentSeries
{
    private readonly ConcurrentDictionary<string, Series> _series = new(StringComparer.Ordinal);
    private readonly string _type;
    private readonly string _help;
    private readonly double[] _bounds;

    public InstrumentSeries(Instrument instrument)
    {
        bool counter = instrument is Counter<long> or Counter<double>;
        bool histogram = instrument is Histogram<double> or Histogram<long>;
        _type = counter ? "counter" : histogram ? "histogram" : "gauge";
        _help = instrument.Description ?? "";
        _bounds = Bounds(instrument);
        Name = instrument.Name.Replace('.', '_') + (counter ? "_total" : instrument.Unit == "s" ? "_seconds" : "");
    }

    public string Name { get; }

    private static double[] Bounds(Instrument instrument) => instrument switch
    {
        Histogram<double> { Advice.HistogramBucketBoundaries: { } bounds } => [.. bounds],
        Histogram<long> { Advice.HistogramBucketBoundaries: { } bounds } => [.. bounds.Select(b => (double)b)],
        _ => [],
    };

    public bool TryRecord(string labels, double value)
    {
        if (!_series.TryGetValue(labels, out var series)) return false;
        series.Record(value, _bounds, _type);
        return true;
    }

    public void Add(string labels, double value) => _series.GetOrAdd(labels, _ => new Series(_bounds.Length)).Record(value, _bounds, _type);

    public void Write(StringBuilder text)
    {
        text.Append("# HELP ").Append(Name).Append(' ').Append(_help).Append('\n');
        text.Append("# TYPE ").Append(Name).Append(' ').Append(_type).Append('\n');
        foreach (var (labels, series) in _series.OrderBy(s => s.Key, StringComparer.Ordinal)) series.Write(text, Name, labels, _bounds, _type);
    }

    private sealed class Series(int bounds)
    {
        private readonly long[] _buckets = new long[bounds + 1];
        private long _count;
        private double _sum;

        public void Record(double value, double[] limits, string type)
        {
            lock (_buckets)
            {
                _count++;
                _sum = type == "gauge" ? value : _sum + value;
                if (limits.Length == 0) return;
                int at = Array.BinarySearch(limits, value);
                _buckets[at < 0 ? ~at : at]++;
            }
        }

        public void Write(StringBuilder text, string name, string labels, double[] limits, string type)
        {
            lock (_buckets)
            {
                if (type != "histogram")
                {
                    Line(text, name, "", labels, null, _sum);
                    return;
                }
                long below = 0;
                for (int i = 0; i < limits.Length; i++)
                {
                    below += _buckets[i];
                    Line(text, name, "_bucket", labels, limits[i].ToString(CultureInfo.InvariantCulture), below);
                }
                Line(text, name, "_bucket", labels, "+Inf", _count);
                Line(text, name, "_sum", labels, null, _sum);
                Line(text, name, "_count", labels, null, _count);
            }
        }

        private static void Line(StringBuilder text, string name, string suffix, string labels, string? bound, double value)
        {
            text.Append(name).Append(suffix);
            string all = bound is null ? labels : labels.Length == 0 ? $"le=\"{bound}\"" : $"{labels},le=\"{bound}\"";
            if (all.Length > 0) text.Append('{').Append(all).Append('}');
            text.Append(' ').Append(value.ToString(CultureInfo.InvariantCulture)).Append('\n');
        }
    }
}
