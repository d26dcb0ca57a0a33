using Sluice.Transforms.Json;

namespace Sluice.Transforms.JsonPath;

/// <summary>One side of a comparison, or an argument of a function.</summary>
internal abstract class FilterOperand
{
    public abstract FilterValue Value(JsonTree tree, int current);
}

/// <summary>A value that is written in the filter.</summary>
internal sealed class LiteralOperand(FilterValue value) : FilterOperand
{
    public override FilterValue Value(JsonTree tree, int current) => value;

    public string? Text { get; } = value.Literal;
}

/// <summary>The one node that a singular query finds, or <c>value(query)</c>.</summary>
internal sealed class QueryOperand(JsonPathQuery query) : FilterOperand
{
    public override FilterValue Value(JsonTree tree, int current) =>
        FilterQueries.Find(query, tree, current) is [var node] ? FilterValue.Of(tree, node) : FilterValue.Nothing;
}

/// <summary><c>length(value)</c>: characters of a text, elements of an array, members of an object.</summary>
internal sealed class LengthOperand(FilterOperand operand) : FilterOperand
{
    public override FilterValue Value(JsonTree tree, int current)
    {
        var value = operand.Value(tree, current);
        return value.Kind switch
        {
            FilterValueKind.Text => FilterValue.Of(value.Text(tree).EnumerateRunes().Count()),
            FilterValueKind.Structure => FilterValue.Of(tree.Count(value.Node)),
            _ => FilterValue.Nothing,
        };
    }
}

/// <summary><c>count(query)</c>: how many nodes a query finds.</summary>
internal sealed class CountOperand(JsonPathQuery query) : FilterOperand
{
    public override FilterValue Value(JsonTree tree, int current) => FilterValue.Of(FilterQueries.Find(query, tree, current).Count);
}

/// <summary>Runs queries inside filters.</summary>
internal static class FilterQueries
{
    public static List<int> Find(JsonPathQuery query, JsonTree tree, int current) => query.Find(tree, query.IsRelative ? current : JsonTree.Root, query.Segments.Count);
}
