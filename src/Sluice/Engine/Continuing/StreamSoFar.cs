using System.Text;
using Sluice.Chat;
using Sluice.Streaming;

namespace Sluice.Engine.Continuing;

/// <summary>What a stream has told the client so far, so that another target can go on from it: possible while it is one text that is still open.</summary>
internal sealed class StreamSoFar
{
    private readonly StringBuilder _text = new();
    private bool _hasOther;

    /// <summary>The text.</summary>
    public string Text => _text.ToString();

    /// <summary>The place of the text among the parts; -1 where it has not begun.</summary>
    public int Index { get; private set; } = -1;

    /// <summary>True while the text part is open.</summary>
    public bool IsOpen { get; private set; }

    /// <summary>True where nothing but plain text was told, and it is not at its end.</summary>
    public bool CanGoOn => !_hasOther && IsOpen && _text.Length > 0;

    /// <summary>Takes what the client was told.</summary>
    public void Add(StreamEvent next)
    {
        switch (next)
        {
            case PartStarted { Candidate: 0, Part: TextPart text } started when Index < 0:
                (Index, IsOpen) = (started.Index, true);
                _text.Append(text.Text);
                break;
            case PartDelta { Candidate: 0, Delta: TextDelta text } delta when delta.Index == Index:
                _text.Append(text.Text);
                break;
            case PartEnded { Candidate: 0 } ended when ended.Index == Index:
                IsOpen = false;
                break;
            case PartStarted or CandidateFinished or ResponseEnded:
                _hasOther = true;
                break;
            default: break;
        }
    }
}
