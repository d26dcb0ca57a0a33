namespace Sluice.Streaming;

/// <summary>Checks that a sequence of events is legal. Wraps every decoder in tests and in debug builds.</summary>
public sealed class StreamGrammar
{
    private readonly HashSet<(int Candidate, int Index)> _open = [];
    private readonly HashSet<(int Candidate, int Index)> _seen = [];
    private readonly HashSet<int> _finished = [];
    private bool _started;

    /// <summary>True after <see cref="ResponseEnded"/> or <see cref="StreamFailed"/>.</summary>
    public bool IsOver { get; private set; }

    /// <summary>Takes the next event. Returns what is illegal about it, or <see langword="null"/>.</summary>
    public string? Check(StreamEvent next)
    {
        ArgumentNullException.ThrowIfNull(next);
        if (IsOver) return $"{Name(next)} after the end";
        if (!_started && next is not (ResponseStarted or KeepAlive or RawEvent or StreamFailed)) return $"{Name(next)} before the start";
        switch (next)
        {
            case ResponseStarted:
                if (_started) return "a second start";
                _started = true;
                return null;
            case PartStarted part:
                if (_finished.Contains(part.Candidate)) return $"part {part.Index} started after candidate {part.Candidate} finished";
                if (!_seen.Add((part.Candidate, part.Index))) return $"part {part.Index} of candidate {part.Candidate} started twice";
                _open.Add((part.Candidate, part.Index));
                return null;
            case PartDelta part:
                return _open.Contains((part.Candidate, part.Index)) ? null : $"{part.Delta.GetType().Name} for part {part.Index} of candidate {part.Candidate}, which is not open";
            case PartEnded part:
                return _open.Remove((part.Candidate, part.Index)) ? null : $"end of part {part.Index} of candidate {part.Candidate}, which is not open";
            case CandidateFinished end:
                if (_open.Any(p => p.Candidate == end.Candidate)) return $"candidate {end.Candidate} finished with parts open";
                return _finished.Add(end.Candidate) ? null : $"candidate {end.Candidate} finished twice";
            case ResponseEnded:
                if (_open.Count > 0) return "the end with parts open";
                IsOver = true;
                return null;
            case StreamFailed:
                IsOver = true;
                return null;
            default:
                return null;
        }
    }

    private static string Name(StreamEvent e) => e.GetType().Name;
}
