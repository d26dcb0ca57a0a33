using System.Globalization;
using System.Text.Json;
using Sluice.Transforms.Json;

namespace Sluice.Transforms.JsonPath;

/// <summary>What a filter compares.</summary>
internal readonly record struct FilterValue(FilterValueKind Kind, int Node, string? Literal, double Number)
{
    /// <summary>No value: a query that found nothing. It equals only itself.</summary>
    public static FilterValue Nothing { get; } = new(FilterValueKind.Nothing, -1, null, 0);

    public static FilterValue Null { get; } = new(FilterValueKind.Null, -1, null, 0);

    public static FilterValue Of(bool value) => new(FilterValueKind.Boolean, -1, null, value ? 1 : 0);

    public static FilterValue Of(double value) => new(FilterValueKind.Number, -1, null, value);

    public static FilterValue Of(string value) => new(FilterValueKind.Text, -1, value, 0);

    public static FilterValue Of(JsonTree tree, int node) => tree[node].Kind switch
    {
        JsonValueKind.String => new FilterValue(FilterValueKind.Text, node, null, 0),
        JsonValueKind.Number => Of(double.Parse(tree.Raw(node), CultureInfo.InvariantCulture)),
        JsonValueKind.True => Of(true),
        JsonValueKind.False => Of(false),
        JsonValueKind.Null => Null,
        _ => new FilterValue(FilterValueKind.Structure, node, null, 0),
    };

    public string Text(JsonTree tree) => Literal ?? tree.Text(Node);

    public static bool Same(JsonTree tree, FilterValue one, FilterValue other) => one.Kind == other.Kind && one.Kind switch
    {
        FilterValueKind.Text => string.Equals(one.Text(tree), other.Text(tree), StringComparison.Ordinal),
        FilterValueKind.Number or FilterValueKind.Boolean => one.Number.Equals(other.Number),
        FilterValueKind.Structure => SameStructure(tree, one.Node, other.Node),
        _ => true,
    };

    // Only numbers and texts have an order.
    public static bool IsLess(JsonTree tree, FilterValue one, FilterValue other) => (one.Kind, other.Kind) switch
    {
        (FilterValueKind.Number, FilterValueKind.Number) => one.Number < other.Number,
        (FilterValueKind.Text, FilterValueKind.Text) => Compare(one.Text(tree), other.Text(tree)) < 0,
        _ => false,
    };

    private static bool SameStructure(JsonTree tree, int one, int other)
    {
        if (tree[one].Kind != tree[other].Kind || tree.Count(one) != tree.Count(other)) return false;
        if (tree[one].Kind == JsonValueKind.Array)
        {
            for (int a = tree.First(one), b = tree.First(other); a >= 0; a = tree.Next(a), b = tree.Next(b))
            {
                if (!Same(tree, Of(tree, a), Of(tree, b))) return false;
            }
            return true;
        }
        for (int a = tree.First(one); a >= 0; a = tree.Next(a))
        {
            int b = tree.Find(other, System.Text.Encoding.UTF8.GetBytes(tree.Name(a)));
            if (b < 0 || !Same(tree, Of(tree, a), Of(tree, b))) return false;
        }
        return true;
    }

    // By Unicode scalar values, not by UTF-16 units.
    private static int Compare(string one, string other)
    {
        var (a, b) = (one.EnumerateRunes(), other.EnumerateRunes());
        while (true)
        {
            bool more = a.MoveNext();
            if (!b.MoveNext()) return more ? 1 : 0;
            if (!more) return -1;
            int order = a.Current.CompareTo(b.Current);
            if (order != 0) return order;
        }
    }
}

/// <summary>The kinds of values that filters tell apart.</summary>
internal enum FilterValueKind
{
    Nothing,
    Null,
    Boolean,
    Number,
    Text,
    Structure,
}
