namespace Sluice.Transforms.JsonPath;

/// <summary>Reads the segments and selectors of a query.</summary>
internal sealed class JsonPathParser
{
    private const string Forms = "'.name', '[...]' or '..'";
    private readonly JsonPathText _text;
    private readonly FilterParser _filters;
    private bool _appends;

    private JsonPathParser(string text)
    {
        _text = new JsonPathText(text);
        _filters = new FilterParser(_text, this);
    }

    public static JsonPathQuery? TryParse(string text, out JsonPathFault? fault)
    {
        var parser = new JsonPathParser(text);
        fault = null;
        try
        {
            if (!parser._text.Take('$')) throw parser._text.Fault("a JSONPath begins with '$'");
            var query = parser.Query(isRelative: false);
            if (!parser._text.IsAtEnd) throw parser._text.Fault($"{Forms} was expected");
            return query;
        }
        catch (JsonPathException e)
        {
            fault = new JsonPathFault(e.Position + 1, e.Message);
            return null;
        }
    }

    /// <summary>Reads what follows <c>$</c> or <c>@</c>.</summary>
    public JsonPathQuery Query(bool isRelative)
    {
        var segments = new List<JsonPathSegment>();
        bool appends = false;
        while (!appends)
        {
            int before = _text.Position;
            _text.SkipBlanks();
            if (Segment() is not { } segment)
            {
                // Blanks belong to what follows the query.
                _text.Position = before;
                break;
            }
            (appends, _appends) = (_appends, false);
            if (appends && isRelative) throw _text.Fault("'[-]' cannot stand in a filter");
            if (!appends) segments.Add(segment);
        }
        if (appends && !_text.IsAtEnd) throw _text.Fault("'[-]' must be the last step");
        return new JsonPathQuery(isRelative, segments, appends);
    }

    private JsonPathSegment? Segment()
    {
        if (_text.Take('[')) return new JsonPathSegment(false, Bracketed());
        if (!_text.Take('.')) return null;
        bool descends = _text.Take('.');
        if (descends && _text.Take('[')) return new JsonPathSegment(true, Bracketed());
        return new JsonPathSegment(descends, [_text.Take('*') ? WildcardSelector.Instance : new NameSelector(_text.Name())]);
    }

    private List<JsonPathSelector> Bracketed()
    {
        var selectors = new List<JsonPathSelector>();
        _text.SkipBlanks();
        if (_text.Peek == '-' && _text.PeekAt(1) == ']')
        {
            _text.Position += 2;
            _appends = true;
            return selectors;
        }
        while (true)
        {
            _text.SkipBlanks();
            selectors.Add(Selector());
            _text.SkipBlanks();
            if (_text.Take(']')) return selectors;
            if (!_text.Take(',')) throw _text.Fault("',' or ']' was expected");
        }
    }

    private JsonPathSelector Selector()
    {
        switch (_text.Peek)
        {
            case '\'' or '"': return new NameSelector(_text.Quoted());
            case '*':
                _text.Position++;
                return WildcardSelector.Instance;
            case '?':
                _text.Position++;
                _text.SkipBlanks();
                return new FilterSelector(_filters.Test());
            case ':' or '-' or (>= '0' and <= '9'): return IndexOrSlice();
            default: throw _text.Fault("a name in quotes, an index, a slice, '*' or '?' was expected");
        }
    }

    private JsonPathSelector IndexOrSlice()
    {
        long? start = Optional();
        _text.SkipBlanks();
        if (!_text.Take(':')) return new IndexSelector(start!.Value);
        _text.SkipBlanks();
        long? end = Optional();
        _text.SkipBlanks();
        long step = 1;
        if (_text.Take(':'))
        {
            _text.SkipBlanks();
            step = Optional() ?? 1;
        }
        return new SliceSelector(start, end, step);
    }

    private long? Optional() => _text.Peek is '-' or (>= '0' and <= '9') ? _text.Integer() : null;
}
