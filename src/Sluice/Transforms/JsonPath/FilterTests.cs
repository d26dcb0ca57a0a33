using System.Text.RegularExpressions;
using Sluice.Transforms.Json;

namespace Sluice.Transforms.JsonPath;

/// <summary>A condition of a filter on the node that <c>@</c> stands for.</summary>
internal abstract class FilterTest
{
    public abstract bool Holds(JsonTree tree, int current);
}

/// <summary><c>a || b</c>.</summary>
internal sealed class AnyTest(IReadOnlyList<FilterTest> tests) : FilterTest
{
    public override bool Holds(JsonTree tree, int current) => tests.Any(t => t.Holds(tree, current));
}

/// <summary><c>a &amp;&amp; b</c>.</summary>
internal sealed class AllTest(IReadOnlyList<FilterTest> tests) : FilterTest
{
    public override bool Holds(JsonTree tree, int current) => tests.All(t => t.Holds(tree, current));
}

/// <summary><c>!a</c>.</summary>
internal sealed class NotTest(FilterTest test) : FilterTest
{
    public override bool Holds(JsonTree tree, int current) => !test.Holds(tree, current);
}

/// <summary>A query that finds something.</summary>
internal sealed class ExistsTest(JsonPathQuery query) : FilterTest
{
    public override bool Holds(JsonTree tree, int current) => FilterQueries.Find(query, tree, current).Count > 0;
}

/// <summary><c>match(value, 'expression')</c> and <c>search(...)</c>: text that fits an expression whole, or somewhere.</summary>
internal sealed class RegexTest(FilterOperand value, Regex expression) : FilterTest
{
    public override bool Holds(JsonTree tree, int current) => value.Value(tree, current) is { Kind: FilterValueKind.Text } text && expression.IsMatch(text.Text(tree));
}

/// <summary><c>a == b</c> and its like (RFC 9535, section 2.3.5.2.2).</summary>
internal sealed class ComparisonTest(FilterOperand left, FilterComparison comparison, FilterOperand right) : FilterTest
{
    public override bool Holds(JsonTree tree, int current)
    {
        var (one, other) = (left.Value(tree, current), right.Value(tree, current));
        return comparison switch
        {
            FilterComparison.Equal => FilterValue.Same(tree, one, other),
            FilterComparison.NotEqual => !FilterValue.Same(tree, one, other),
            FilterComparison.Less => FilterValue.IsLess(tree, one, other),
            FilterComparison.LessOrEqual => FilterValue.IsLess(tree, one, other) || FilterValue.Same(tree, one, other),
            FilterComparison.Greater => FilterValue.IsLess(tree, other, one),
            _ => FilterValue.IsLess(tree, other, one) || FilterValue.Same(tree, one, other),
        };
    }
}

/// <summary>The signs that compare.</summary>
internal enum FilterComparison
{
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}
