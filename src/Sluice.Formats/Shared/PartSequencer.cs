using Sluice.Streaming;

namespace Sluice.Formats.Shared;

/// <summary>
/// Puts parts that overlap in time one after the other, for formats in which only one may be open: what belongs to a later part waits
/// until the part before it has ended, and so does the end of a candidate whose parts wait. Everything else passes at once. What waits when a stream breaks off is not told.
/// </summary>
public sealed class PartSequencer
{
    private readonly Queue<(int Candidate, int Index)> _order = new();
    private readonly Dictionary<(int Candidate, int Index), List<StreamEvent>> _waiting = [];
    private readonly List<CandidateFinished> _finished = [];
    private (int Candidate, int Index)? _open;

    /// <summary>Takes one event and adds to <paramref name="ready"/> those that may now be written, in order.</summary>
    public void Add(StreamEvent next, List<StreamEvent> ready)
    {
        ArgumentNullException.ThrowIfNull(ready);
        switch (next)
        {
            case PartStarted e: Part((e.Candidate, e.Index), e, ready); break;
            case PartDelta e: Part((e.Candidate, e.Index), e, ready); break;
            case PartEnded e: Part((e.Candidate, e.Index), e, ready); break;
            case CandidateFinished e when IsWaiting(e.Candidate): _finished.Add(e); break;
            default: ready.Add(next); break;
        }
    }

    private void Part((int Candidate, int Index) part, StreamEvent next, List<StreamEvent> ready)
    {
        if (next is PartStarted && _open is null) _open = part;
        if (part != _open)
        {
            if (!_waiting.TryGetValue(part, out var events))
            {
                _waiting[part] = events = [];
                _order.Enqueue(part);
            }
            events.Add(next);
            return;
        }
        ready.Add(next);
        if (next is PartEnded) OpenNext(ready);
    }

    private void OpenNext(List<StreamEvent> ready)
    {
        _open = null;
        while (_order.TryDequeue(out var part))
        {
            var events = _waiting[part];
            _waiting.Remove(part);
            ready.AddRange(events);
            if (events[^1] is not PartEnded)
            {
                _open = part;
                return;
            }
            Release(part.Candidate, ready);
        }
    }

    private void Release(int candidate, List<StreamEvent> ready)
    {
        int at = _finished.FindIndex(f => f.Candidate == candidate);
        if (at < 0 || IsWaiting(candidate)) return;
        ready.Add(_finished[at]);
        _finished.RemoveAt(at);
    }

    private bool IsWaiting(int candidate)
    {
        foreach (var (waiting, _) in _waiting.Keys)
        {
            if (waiting == candidate) return true;
        }
        return false;
    }
}
