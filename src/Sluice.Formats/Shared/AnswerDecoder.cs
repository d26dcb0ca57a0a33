using Sluice.Formats.Json;
using Sluice.Streaming;
using Sluice.Wire;

namespace Sluice.Formats.Shared;

/// <summary>
/// What the streams of all formats have in common, around the decoder of one of them: characters that were cut between two pieces are joined, and a stream that
/// ends without having said anything has failed.
/// </summary>
internal sealed class AnswerDecoder(IStreamDecoder inner) : IStreamDecoder
{
    private readonly List<StreamEvent> _withheld = [];
    private SplitTextJoiner? _joiner;
    private bool _isTold;
    private bool _hasOutput;
    private bool _isOver;

    /// <inheritdoc/>
    public void Decode(in StreamFrame frame, List<StreamEvent> events)
    {
        if (_isOver) return;
        int first = events.Count;
        var data = SplitText.Mark(frame.Data);
        if (data.Equals(frame.Data))
        {
            inner.Decode(frame, events);
        }
        else
        {
            _joiner ??= new SplitTextJoiner();
            inner.Decode(frame with { Data = data }, events);
        }
        Finish(events, first);
    }

    /// <inheritdoc/>
    public void Complete(List<StreamEvent> events)
    {
        if (_isOver) return;
        int first = events.Count;
        inner.Complete(events);
        Finish(events, first);
    }

    private void Finish(List<StreamEvent> events, int first)
    {
        // Only a stream that has cut a character has anything to join.
        _joiner?.Join(events, first);
        for (int i = first; i < events.Count; i++)
        {
            switch (events[i])
            {
                case PartStarted { Part: var part }: _isTold |= EmptyAnswer.IsContent(part); break;
                case PartDelta: _isTold = true; break;
                case UsageReported { Usage.OutputTokens: > 0 }: _hasOutput = true; break;
                case CandidateFinished { Reason: var reason } finished when !_isTold:
                    // Whether this is an answer shows at the end.
                    if (EmptyAnswer.IsReason(reason))
                    {
                        _isTold = true;
                        break;
                    }
                    _withheld.Add(finished);
                    events.RemoveAt(i--);
                    break;
                case ResponseEnded:
                    _isOver = true;
                    if (_isTold || (_hasOutput && _withheld.Count == 0)) events.InsertRange(i, _withheld);
                    else events[i] = new StreamFailed(EmptyAnswer.Error);
                    return;
                case StreamFailed:
                    _isOver = true;
                    return;
                default: break;
            }
        }
    }
}
