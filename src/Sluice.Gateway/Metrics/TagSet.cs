using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace Sluice.Gateway.Metrics;

/// <summary>The labels of one series.</summary>
internal sealed class TagSet(ReadOnlySpan<KeyValuePair<string, object?>> tags)
{
    private readonly KeyValuePair<string, object?>[] _tags = tags.ToArray();

    /// <summary>Finds a series by the tags of a measurement, without making anything of them: this is done several times a call.</summary>
    public static IEqualityComparer<TagSet> Comparer { get; } = new ByTags();

    /// <summary>As the text format writes them, without braces.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        foreach (var (name, value) in _tags)
        {
            if (text.Length > 0) text.Append(',');
            text.Append(name.Replace('.', '_')).Append("=\"").Append(Escape(Convert.ToString(value, CultureInfo.InvariantCulture) ?? "")).Append('"');
        }
        return text.ToString();
    }

    private static string Escape(string value) => value.AsSpan().IndexOfAny('\\', '"', '\n') < 0
        ? value
        : value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);

    private sealed class ByTags : IEqualityComparer<TagSet>, IAlternateEqualityComparer<ReadOnlySpan<KeyValuePair<string, object?>>, TagSet>
    {
        public bool Equals(TagSet? x, TagSet? y) => ReferenceEquals(x, y) || (x is not null && y is not null && Same(x._tags, y._tags));

        public bool Equals(ReadOnlySpan<KeyValuePair<string, object?>> alternate, TagSet other) => Same(alternate, other._tags);

        public int GetHashCode([DisallowNull] TagSet obj) => Hash(obj._tags);

        public int GetHashCode(ReadOnlySpan<KeyValuePair<string, object?>> alternate) => Hash(alternate);

        public TagSet Create(ReadOnlySpan<KeyValuePair<string, object?>> alternate) => new(alternate);

        // One instrument's tags come in one order.
        private static bool Same(ReadOnlySpan<KeyValuePair<string, object?>> a, ReadOnlySpan<KeyValuePair<string, object?>> b)
        {
            if (a.Length != b.Length) return false;
            for (int i = 0; i < a.Length; i++)
            {
                if (!Equals(a[i].Value, b[i].Value) || !string.Equals(a[i].Key, b[i].Key, StringComparison.Ordinal)) return false;
            }
            return true;
        }

        private static int Hash(ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            int hash = tags.Length;
            foreach (var tag in tags) hash = (hash * 397) ^ (tag.Value?.GetHashCode() ?? 0);
            return hash;
        }
    }
}
