namespace Sluice.Cli.Chatting.Editing;

/// <summary>The lines of this conversation, to be called back. They are kept in memory alone: prompts are nobody else's business.</summary>
internal sealed class LineHistory
{
    private const int Most = 500;
    private readonly List<string> _lines = [];
    private string _unfinished = "";
    private int _place;

    /// <summary>Keeps a line; one that is the same as the last one is kept once.</summary>
    public void Add(string line)
    {
        if (line.Length > 0 && (_lines.Count == 0 || _lines[^1] != line)) _lines.Add(line);
        if (_lines.Count > Most) _lines.RemoveAt(0);
        _place = _lines.Count;
    }

    /// <summary>The line before; <see langword="null"/> where there is none.</summary>
    /// <param name="current">What is written now; it comes back after the last one.</param>
    public string? Older(string current)
    {
        if (_place == 0) return null;
        if (_place == _lines.Count) _unfinished = current;
        return _lines[--_place];
    }

    /// <summary>The line after; <see langword="null"/> where there is none.</summary>
    public string? Newer() => _place == _lines.Count ? null : ++_place == _lines.Count ? _unfinished : _lines[_place];
}
