using System.Text;
using Sluice.Chat;
using Sluice.Errors;
using Sluice.Wire;

namespace Sluice.Streaming;

/// <summary>Folds the events of a stream into the answer that the whole call would have given.</summary>
public sealed class StreamFolder
{
    private readonly SortedDictionary<int, CandidateFold> _candidates = [];
    private ResponseStarted _start = new();
    private ResponseEnded? _end;
    private Usage? _usage;

    /// <summary>Why the stream broke off; <see langword="null"/> if it did not.</summary>
    public GatewayError? Error { get; private set; }

    /// <summary>True when the stream ended properly.</summary>
    public bool IsComplete => _end is not null;

    /// <summary>Takes the next event of a legal sequence.</summary>
    public void Add(StreamEvent next)
    {
        switch (next)
        {
            case ResponseStarted e: _start = e; break;
            case PartStarted e: Candidate(e.Candidate).Start(e.Index, e.Part); break;
            case PartDelta e: Candidate(e.Candidate).Add(e.Index, e.Delta); break;
            case PartEnded { Final: { } final } e: Candidate(e.Candidate).Replace(e.Index, final); break;
            case CandidateFinished e: Candidate(e.Candidate).End = e; break;
            case UsageReported e: _usage = e.Usage; break;
            case ResponseEnded e: _end = e; break;
            case StreamFailed e: Error = e.Error; break;
            default: break;
        }
    }

    /// <summary>The answer so far.</summary>
    public ChatResponse ToResponse() => new()
    {
        Id = _start.Id,
        Model = _start.Model,
        CreatedAt = _start.CreatedAt,
        ServiceTier = _end?.ServiceTier ?? _start.ServiceTier,
        SystemFingerprint = _start.SystemFingerprint,
        Candidates = [.. _candidates.Select(c => c.Value.ToCandidate(c.Key))],
        Usage = _usage,
        Notes = Merge(_start.Notes, _end?.Notes),
    };

    private static WireNotes? Merge(WireNotes? start, WireNotes? end)
    {
        if (start is null || end is null) return end ?? start;
        var names = end.Fields.Select(f => f.Key).ToHashSet(StringComparer.Ordinal);
        return end with { Fields = [.. start.Fields.Where(f => !names.Contains(f.Key)), .. end.Fields], Shape = end.Shape ?? start.Shape };
    }

    private CandidateFold Candidate(int index)
    {
        if (!_candidates.TryGetValue(index, out var fold)) _candidates[index] = fold = new CandidateFold();
        return fold;
    }

    private sealed class CandidateFold
    {
        private readonly SortedDictionary<int, PartFold> _parts = [];
        private readonly List<TokenLogprob> _logprobs = [];

        public CandidateFinished? End { get; set; }

        public void Start(int index, Part part) => _parts[index] = new PartFold(part);

        public void Replace(int index, Part part) => _parts[index] = new PartFold(part);

        public void Add(int index, Delta delta)
        {
            if (delta is LogprobsDelta tokens) _logprobs.AddRange(tokens.Tokens);
            else _parts[index].Add(delta);
        }

        public Candidate ToCandidate(int index) => new()
        {
            Index = index,
            Parts = [.. _parts.Values.Select(p => p.ToPart())],
            FinishReason = End?.Reason,
            StopSequence = End?.StopSequence,
            Logprobs = _logprobs.Count > 0 ? _logprobs : null,
            Notes = End?.Notes,
        };
    }

    private sealed class PartFold(Part part)
    {
        private readonly StringBuilder _text = new();
        private readonly StringBuilder _transcript = new();
        private readonly SortedDictionary<int, StringBuilder> _paragraphs = [];
        private readonly List<Citation> _citations = [];
        private readonly List<string> _base64 = [];
        private Signature? _signature;

        public void Add(Delta delta)
        {
            switch (delta)
            {
                case TextDelta d: _text.Append(d.Text); break;
                case RefusalDelta d: _text.Append(d.Text); break;
                case ArgumentsDelta d: _text.Append(d.Text); break;
                case ReasoningDelta { Paragraph: { } paragraph } d:
                    if (!_paragraphs.TryGetValue(paragraph, out var words)) _paragraphs[paragraph] = words = new StringBuilder();
                    words.Append(d.Text);
                    break;
                case ReasoningDelta d: _text.Append(d.Text); break;
                case SignatureDelta d: _signature = d.Signature; break;
                case CitationDelta d: _citations.Add(d.Citation); break;
                case MediaDelta d:
                    if (d.Base64.Length > 0) _base64.Add(d.Base64);
                    _transcript.Append(d.Transcript);
                    break;
                default: break;
            }
        }

        public Part ToPart()
        {
            Part folded = part switch
            {
                TextPart p => p with { Text = p.Text + _text, Citations = [.. p.Citations, .. _citations] },
                RefusalPart p => p with { Text = p.Text + _text },
                ReasoningPart p when _paragraphs.Count > 0 => Summary(p),
                ReasoningPart p => p with { Text = p.Text + _text },
                ToolCallPart p => p with { Arguments = Arguments(p) },
                ServerToolCallPart p when _text.Length > 0 => p with { Input = RawJson.FromText(_text.ToString()) },
                MediaPart { Source: InlineMedia source } p => p with
                {
                    Source = source with { Base64 = Base64Chunks.Join([source.Base64, .. _base64]) },
                    Transcript = p.Transcript + _transcript is { Length: > 0 } words ? words : p.Transcript,
                },
                _ => part,
            };
            return _signature is null ? folded : folded with { Signature = _signature };
        }

        private ReasoningPart Summary(ReasoningPart p)
        {
            string[] paragraphs = [.. p.SummaryParagraphs, .. _paragraphs.Values.Select(b => b.ToString())];
            return p with { IsSummary = true, SummaryParagraphs = paragraphs, Text = string.Join("\n\n", paragraphs) };
        }

        // No arguments at all mean an empty object, unless the tool takes free text.
        private string Arguments(ToolCallPart p) => p.Arguments + _text is { Length: > 0 } text ? text : p.IsCustom ? "" : "{}";
    }
}
