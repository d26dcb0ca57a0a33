using Sluice.Chat;
using Sluice.Streaming;

namespace Sluice.Engine.Continuing;

/// <summary>Turns the events of a target that goes on into those of the stream that it goes on with: same answer, same part, the sum of the usage.</summary>
internal sealed class ContinuedEvents(BrokenStream broken)
{
    private readonly Dictionary<int, int> _places = [];
    private readonly List<StreamEvent> _told = [];
    private int _next = broken.SoFar.Index;
    private string _overlap = broken.Overlap;
    private int _text = -1;

    /// <summary>What the client is told; valid until the next call.</summary>
    public IReadOnlyList<StreamEvent> Of(StreamEvent next)
    {
        _told.Clear();
        switch (next)
        {
            case ResponseStarted or RawEvent:
            case PartStarted { Candidate: not 0 } or PartDelta { Candidate: not 0 } or PartEnded { Candidate: not 0 } or CandidateFinished { Candidate: not 0 }:
                break;
            case PartStarted e: Start(e); break;
            case PartDelta e: Go(e); break;
            case PartEnded e: End(e); break;
            case CandidateFinished:
                CloseText();
                _told.Add(next);
                break;
            case UsageReported e:
                _told.Add(new UsageReported(UsageSum.Of(broken.Used, e.Usage)));
                break;
            default:
                _told.Add(next);
                break;
        }
        return _told;
    }

    private void Start(PartStarted started)
    {
        switch (started.Part)
        {
            // The client's answer has begun with text: how the second target came to go on from there is its own affair.
            case ReasoningPart: break;
            case TextPart text when _text < 0 && broken.SoFar.IsOpen:
                _text = started.Index;
                _places[started.Index] = _next++;
                Text(started.Index, text.Text);
                break;
            default:
                CloseText();
                _places[started.Index] = _next++;
                _told.Add(started with { Index = _places[started.Index] });
                break;
        }
    }

    private void Go(PartDelta delta)
    {
        if (!_places.TryGetValue(delta.Index, out int place)) return;
        if (delta is { Delta: TextDelta text } && delta.Index == _text) Text(delta.Index, text.Text);
        else _told.Add(delta with { Index = place });
    }

    private void End(PartEnded ended)
    {
        if (ended.Index == _text) CloseText();
        else if (_places.TryGetValue(ended.Index, out int place)) _told.Add(ended with { Index = place });
    }

    private void Text(int index, string text)
    {
        while (_overlap.Length > 0 && text.Length > 0 && text[0] == _overlap[0]) (text, _overlap) = (text[1..], _overlap[1..]);
        if (text.Length == 0) return;
        _overlap = "";
        _told.Add(new PartDelta(0, _places[index], new TextDelta(text)));
    }

    private void CloseText()
    {
        if (!broken.SoFar.IsOpen) return;
        if (_next == broken.SoFar.Index) _next++;
        _told.Add(new PartEnded(0, broken.SoFar.Index) { Final = new TextPart(broken.SoFar.Text) });
    }
}
