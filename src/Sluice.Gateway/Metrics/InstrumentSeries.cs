using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;

namespace Sluice.Gateway.Metrics;

/// <summary>All series of one instrument.</summary>
internal sealed class InstrumentSeries
{
    private readonly ConcurrentDictionary<TagSet, Series> _series = new(TagSet.Comparer);
    private readonly ConcurrentDictionary<TagSet, Series>.AlternateLookup<ReadOnlySpan<KeyValuePair<string, object?>>> _byTags;
    private readonly string _type;
    private readonly string _help;
    private readonly double[] _bounds;
    private readonly bool _sets;

    public InstrumentSeries(Instrument instrument)
    {
        bool counter = instrument is Counter<long> or Counter<double> or ObservableCounter<long> or ObservableCounter<double>;
        bool histogram = instrument is Histogram<double> or Histogram<long>;
        _type = counter ? "counter" : histogram ? "histogram" : "gauge";
        // What is observed comes as its present value; what is counted comes bit by bit.
        _sets = instrument.IsObservable;
        _help = instrument.Description ?? "";
        _bounds = Bounds(instrument);
        _byTags = _series.GetAlternateLookup<ReadOnlySpan<KeyValuePair<string, object?>>>();
        Name = instrument.Name.Replace('.', '_') + (counter ? "_total" : instrument.Unit == "s" ? "_seconds" : "");
    }

    public string Name { get; }

    public bool TryRecord(ReadOnlySpan<KeyValuePair<string, object?>> tags, double value)
    {
        if (!_byTags.TryGetValue(tags, out var series)) return false;
        series.Record(value, _bounds, _sets);
        return true;
    }

    public void Add(ReadOnlySpan<KeyValuePair<string, object?>> tags, double value) => _series.GetOrAdd(new TagSet(tags), static (key, bounds) => new Series(key.ToString(), bounds), _bounds.Length).Record(value, _bounds, _sets);

    public void Write(StringBuilder text)
    {
        text.Append("# HELP ").Append(Name).Append(' ').Append(_help).Append('\n');
        text.Append("# TYPE ").Append(Name).Append(' ').Append(_type).Append('\n');
        foreach (var series in _series.Values.OrderBy(s => s.Labels, StringComparer.Ordinal)) series.Write(text, Name, _bounds, _type == "histogram");
    }

    /// <summary>Forgets what was observed: a target that is gone must not go on reporting.</summary>
    /// <returns>How many series there were.</returns>
    public int Forget()
    {
        if (!_sets) return 0;
        int count = _series.Count;
        _series.Clear();
        return count;
    }

    private static double[] Bounds(Instrument instrument) => instrument switch
    {
        Histogram<double> { Advice.HistogramBucketBoundaries: { } bounds } => [.. bounds],
        Histogram<long> { Advice.HistogramBucketBoundaries: { } bounds } => [.. bounds.Select(b => (double)b)],
        _ => [],
    };

    private sealed class Series(string labels, int bounds)
    {
        private readonly long[] _buckets = new long[bounds + 1];
        private long _count;
        private double _sum;

        public string Labels => labels;

        public void Record(double value, double[] limits, bool sets)
        {
            lock (_buckets)
            {
                _count++;
                _sum = sets ? value : _sum + value;
                if (limits.Length == 0) return;
                int at = Array.BinarySearch(limits, value);
                _buckets[at < 0 ? ~at : at]++;
            }
        }

        public void Write(StringBuilder text, string name, double[] limits, bool histogram)
        {
            lock (_buckets)
            {
                if (!histogram)
                {
                    Line(text, name, "", null, _sum);
                    return;
                }
                long below = 0;
                for (int i = 0; i < limits.Length; i++)
                {
                    below += _buckets[i];
                    Line(text, name, "_bucket", limits[i].ToString(CultureInfo.InvariantCulture), below);
                }
                Line(text, name, "_bucket", "+Inf", _count);
                Line(text, name, "_sum", null, _sum);
                Line(text, name, "_count", null, _count);
            }
        }

        private void Line(StringBuilder text, string name, string suffix, string? bound, double value)
        {
            text.Append(name).Append(suffix);
            string all = bound is null ? labels : labels.Length == 0 ? $"le=\"{bound}\"" : $"{labels},le=\"{bound}\"";
            if (all.Length > 0) text.Append('{').Append(all).Append('}');
            text.Append(' ').Append(value.ToString(CultureInfo.InvariantCulture)).Append('\n');
        }
    }
}
