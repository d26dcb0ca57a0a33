using System.Globalization;
using System.Text;
using Sluice.Transforms.Json;
using Sluice.Transforms.Rules;

namespace Sluice.Transforms.Streams;

/// <summary>
/// JSON text cut anywhere (arguments of a tool): the rules act on the string values in it, and on nothing else, so that it stays JSON. Names of
/// members, numbers and everything between values goes through as it is.
/// </summary>
internal sealed class JsonTextStream(IReadOnlyList<TextReplacement> rules) : TextStream
{
    private readonly PlainTextStream _value = new(rules);
    private readonly Stack<bool> _objects = new();
    private readonly StringBuilder _escape = new();
    private State _state;
    private bool _expectsName;

    public override string Feed(string piece)
    {
        var output = new StringBuilder(piece.Length);
        var value = new StringBuilder();
        foreach (char c in piece)
        {
            if (_state == State.InValue) InValue(c, value, output);
            else if (_state == State.InName) InName(c, output);
            else Outside(c, output);
        }
        output.Append(JsonStrings.Escape(_value.Feed(value.ToString())));
        return output.ToString();
    }

    public override string Flush()
    {
        string rest = JsonStrings.Escape(_value.Flush()) + _escape;
        _escape.Clear();
        _objects.Clear();
        (_state, _expectsName) = (State.Outside, false);
        return rest;
    }

    private void Outside(char c, StringBuilder output)
    {
        output.Append(c);
        switch (c)
        {
            case '{' or '[':
                _objects.Push(c == '{');
                _expectsName = c == '{';
                break;
            case '}' or ']': _objects.TryPop(out _); break;
            case ',': _expectsName = _objects.TryPeek(out bool isObject) && isObject; break;
            case ':': _expectsName = false; break;
            case '"': _state = _expectsName ? State.InName : State.InValue; break;
            default: break;
        }
    }

    private void InName(char c, StringBuilder output)
    {
        output.Append(c);
        if (_escape.Length > 0) _escape.Clear();
        else if (c == '\\') _escape.Append(c);
        else if (c == '"') _state = State.Outside;
    }

    private void InValue(char c, StringBuilder value, StringBuilder output)
    {
        if (_escape.Length > 0)
        {
            _escape.Append(c);
            if (Unescaped() is not { } unescaped) return;
            _escape.Clear();
            value.Append(unescaped);
        }
        else if (c == '\\')
        {
            _escape.Append(c);
        }
        else if (c == '"')
        {
            output.Append(JsonStrings.Escape(_value.Feed(value.ToString()) + _value.Flush())).Append('"');
            value.Clear();
            _state = State.Outside;
        }
        else
        {
            value.Append(c);
        }
    }

    // Null while the escape is not whole.
    private char? Unescaped()
    {
        if (_escape[1] != 'u') return JsonStrings.Unescape(_escape[1]);
        if (_escape.Length < 6) return null;
        return ushort.TryParse(_escape.ToString(2, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ushort unit) ? (char)unit : '\ufffd';
    }

    private enum State
    {
        Outside,
        InName,
        InValue,
    }
}
