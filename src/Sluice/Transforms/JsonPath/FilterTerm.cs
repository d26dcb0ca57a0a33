using System.Text;
using System.Text.RegularExpressions;

namespace Sluice.Transforms.JsonPath;

/// <summary>Reads a query, a literal or a function of a filter, and knows as what it may be used (RFC 9535, section 2.4.3).</summary>
internal sealed class FilterTerm(JsonPathText text, JsonPathParser paths)
{
    private static readonly TimeSpan RegexTimeout = TimeSpan.FromSeconds(1);
    private JsonPathQuery? _query;
    private FilterOperand? _operand;
    private FilterTest? _test;

    public FilterTerm Read()
    {
        switch (text.Peek)
        {
            case '@' or '$':
                bool isRelative = text.Peek == '@';
                text.Position++;
                _query = paths.Query(isRelative);
                break;
            case '\'' or '"': _operand = Literal(FilterValue.Of(text.Quoted())); break;
            case '-' or (>= '0' and <= '9'): _operand = Literal(FilterValue.Of(text.Number())); break;
            default: Named(); break;
        }
        return this;
    }

    /// <summary>As a condition: a query that finds something, or a function that says yes or no.</summary>
    public FilterTest ToTest(JsonPathText at) => _test ?? (_query is { } query ? new ExistsTest(query) : throw at.Fault("a comparison was expected after this value"));

    /// <summary>As a value to compare.</summary>
    public FilterOperand ToOperand(int position)
    {
        if (_operand is not null) return _operand;
        if (_query is null) throw new JsonPathException(position, "match() and search() are conditions by themselves and cannot be compared");
        return _query.IsSingular ? new QueryOperand(_query) : throw new JsonPathException(position, "only a query of names and indices can be compared; others may find several values");
    }

    private static LiteralOperand Literal(FilterValue value) => new(value);

    private void Named()
    {
        int start = text.Position;
        string word = text.Word();
        if (text.Take('('))
        {
            Function(word, start);
            return;
        }
        _operand = word switch
        {
            "true" => Literal(FilterValue.Of(true)),
            "false" => Literal(FilterValue.Of(false)),
            "null" => Literal(FilterValue.Null),
            _ => throw new JsonPathException(start, "a query ('@...' or '$...'), a literal or a function was expected"),
        };
    }

    private void Function(string name, int start)
    {
        var arguments = new List<(FilterTerm Term, int Position)>();
        text.SkipBlanks();
        while (!text.Take(')'))
        {
            if (arguments.Count > 0)
            {
                if (!text.Take(',')) throw text.Fault("',' or ')' was expected");
                text.SkipBlanks();
            }
            arguments.Add((new FilterTerm(text, paths), text.Position));
            arguments[^1].Term.Read();
            text.SkipBlanks();
        }
        switch (name, arguments)
        {
            case ("length", [var (term, position)]): _operand = new LengthOperand(term.ToOperand(position)); break;
            case ("count", [var (term, position)]): _operand = new CountOperand(term.Nodes(position)); break;
            case ("value", [var (term, position)]): _operand = new QueryOperand(term.Nodes(position)); break;
            case ("match", [var (value, position), var (pattern, at)]): _test = new RegexTest(value.ToOperand(position), pattern.Expression(at, whole: true)); break;
            case ("search", [var (value, position), var (pattern, at)]): _test = new RegexTest(value.ToOperand(position), pattern.Expression(at, whole: false)); break;
            case ("length" or "count" or "value" or "match" or "search", _): throw new JsonPathException(start, $"{name}() takes {(name is "match" or "search" ? "two arguments" : "one argument")}");
            default: throw new JsonPathException(start, "this function is not known; there are length, count, value, match and search");
        }
    }

    private JsonPathQuery Nodes(int position) => _query ?? throw new JsonPathException(position, "a query was expected here");

    // RFC 9485: the dot takes no line end. A pattern that a document brings is not compiled: it could be anything.
    private Regex Expression(int position, bool whole)
    {
        if (_operand is not LiteralOperand { Text: { } pattern }) throw new JsonPathException(position, "the expression must be written as a text in quotes");
        var translated = new StringBuilder();
        bool inClass = false;
        for (int i = 0; i < pattern.Length; i++)
        {
            if (pattern[i] == '\\' && i + 1 < pattern.Length) translated.Append(pattern[i++]).Append(pattern[i]);
            else if (pattern[i] == '.' && !inClass) translated.Append("[^\\n\\r]");
            else
            {
                inClass = pattern[i] switch { '[' => true, ']' => false, _ => inClass };
                translated.Append(pattern[i]);
            }
        }
        try
        {
            return new Regex(whole ? $"\\A(?:{translated})\\z" : translated.ToString(), RegexOptions.NonBacktracking | RegexOptions.CultureInvariant, RegexTimeout);
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            throw new JsonPathException(position, "this is no regular expression, or one that needs backtracking");
        }
    }
}
