using Sluice.Chat;
using Sluice.Streaming;

namespace Sluice.Formats.Json;

/// <summary>Joins the characters that were cut between the pieces of a stream: half of one waits for the next piece of its part.</summary>
internal sealed class SplitTextJoiner
{
    private readonly Dictionary<(int Candidate, int Part), Waiting> _waiting = [];

    /// <summary>Joins the events from a position on. A piece that was half a character alone goes away.</summary>
    public void Join(List<StreamEvent> events, int first)
    {
        for (int i = first; i < events.Count; i++)
        {
            switch (events[i])
            {
                case PartStarted e:
                    var part = SplitText.Join(e.Part, "", isLast: false, out string left);
                    events[i] = e with { Part = part };
                    if (left.Length > 0 && Empty(part) is { } kind) _waiting[(e.Candidate, e.Index)] = new Waiting(left, kind);
                    break;
                case PartDelta { Delta: TextDelta or ReasoningDelta or RefusalDelta or ArgumentsDelta or MediaDelta { Transcript.Length: > 0 } } e:
                    if (Join(e) is { } joined) events[i] = joined;
                    else events.RemoveAt(i--);
                    break;
                case PartEnded e:
                    if (e.Final is { } final) events[i] = e with { Final = SplitText.Join(final, "", isLast: true, out _) };
                    // No other half came.
                    if (_waiting.Remove((e.Candidate, e.Index), out var rest)) events.Insert(i++, new PartDelta(e.Candidate, e.Index, With(rest.Kind, "\ufffd")));
                    break;
                default: break;
            }
        }
    }

    private PartDelta? Join(PartDelta e)
    {
        var key = (e.Candidate, e.Index);
        string before = _waiting.Remove(key, out var waiting) ? waiting.Marks : "";
        string text = SplitText.Join(before + TextOf(e.Delta), isLast: false, out string rest);
        if (rest.Length > 0) _waiting[key] = new Waiting(rest, e.Delta);
        return text.Length > 0 || e.Delta is MediaDelta { Base64.Length: > 0 } ? e with { Delta = With(e.Delta, text) } : null;
    }

    private static string TextOf(Delta delta) => delta switch
    {
        TextDelta d => d.Text,
        ReasoningDelta d => d.Text,
        RefusalDelta d => d.Text,
        ArgumentsDelta d => d.Text,
        MediaDelta d => d.Transcript,
        _ => "",
    };

    private static Delta With(Delta delta, string text) => delta switch
    {
        TextDelta d => d with { Text = text },
        ReasoningDelta d => d with { Text = text },
        RefusalDelta d => d with { Text = text },
        ArgumentsDelta d => d with { Text = text },
        MediaDelta d => d with { Transcript = text },
        _ => delta,
    };

    private static Delta? Empty(Part part) => part switch
    {
        TextPart => new TextDelta(""),
        ReasoningPart => new ReasoningDelta(""),
        RefusalPart => new RefusalDelta(""),
        ToolCallPart => new ArgumentsDelta(""),
        _ => null,
    };

    private readonly record struct Waiting(string Marks, Delta Kind);
}
