namespace Sluice.Formats.OpenAIChat;

/// <summary>Tells when JSON that comes in pieces is complete, by its brackets alone: whether it is right is for others to say.</summary>
internal struct JsonBalance
{
    private int _depth;
    private bool _inString;
    private bool _escaped;
    private bool _begun;

    /// <summary>True when an object or list was opened and everything that was opened is closed.</summary>
    public readonly bool IsComplete => _begun && _depth == 0 && !_inString;

    /// <summary>Takes the next piece.</summary>
    public void Add(string piece)
    {
        foreach (char c in piece)
        {
            if (_inString)
            {
                if (_escaped) _escaped = false;
                else if (c == '\\') _escaped = true;
                else if (c == '"') _inString = false;
                continue;
            }
            switch (c)
            {
                case '"':
                    _inString = true;
                    break;
                case '{' or '[':
                    _depth++;
                    _begun = true;
                    break;
                case '}' or ']':
                    _depth--;
                    break;
                default:
                    break;
            }
        }
    }
}
