using Sluice.Chat;
using Sluice.Streaming;

namespace Sluice.Formats.OpenAIChat;

/// <summary>What is open in an <see cref="OpenSlot"/>.</summary>
internal enum SlotKind
{
    /// <summary>Nothing.</summary>
    Nothing,

    /// <summary>Text.</summary>
    Text,

    /// <summary>Reasoning given as plain text.</summary>
    Reasoning,

    /// <summary>Reasoning given as an item of <c>reasoning_details</c>.</summary>
    Detail,

    /// <summary>The words of a refusal.</summary>
    Refusal,
}

/// <summary>The one part of text, reasoning or refusal that a choice is writing: deltas of another kind end it and begin the next.</summary>
internal sealed class OpenSlot(int candidate, PartNumbers numbers, ChatCallAssembler calls)
{
    private readonly List<Citation> _citations = [];
    private List<TokenLogprob>? _logprobs;
    private int _part;

    /// <summary>What is open.</summary>
    public SlotKind Kind { get; private set; }

    /// <summary>Makes sure that a part of this kind is open.</summary>
    public void Open(SlotKind kind, Part part, List<StreamEvent> events)
    {
        if (Kind == kind) return;
        Close(events);
        calls.CloseComplete(events);
        Kind = kind;
        _part = numbers.Next();
        events.Add(new PartStarted(candidate, _part, part));
        if (kind != SlotKind.Text || _citations.Count == 0) return;
        foreach (var citation in _citations) Add(new CitationDelta(citation), events);
        _citations.Clear();
    }

    /// <summary>What was streamed as plain reasoning turns out to be an item of <c>reasoning_details</c>.</summary>
    public void TurnIntoDetail() => Kind = SlotKind.Detail;

    /// <summary>Ends the open part, if any.</summary>
    public void Close(List<StreamEvent> events)
    {
        if (Kind == SlotKind.Nothing) return;
        FlushLogprobs(events);
        events.Add(new PartEnded(candidate, _part));
        Kind = SlotKind.Nothing;
    }

    /// <summary>The answer ends: sources that found no text get an empty one.</summary>
    public void End(List<StreamEvent> events)
    {
        if (_citations.Count > 0) Open(SlotKind.Text, new TextPart(""), events);
        Close(events);
    }

    /// <summary>More of the open part.</summary>
    public void Add(Delta delta, List<StreamEvent> events) => events.Add(new PartDelta(candidate, _part, delta));

    /// <summary>A source of the text, which may come before it.</summary>
    public void AddCitation(Citation citation, List<StreamEvent> events)
    {
        if (Kind == SlotKind.Text) Add(new CitationDelta(citation), events);
        else _citations.Add(citation);
    }

    /// <summary>Token probabilities. They belong to the candidate; any open part carries them, and they wait for one.</summary>
    public void AddLogprobs(List<TokenLogprob> tokens)
    {
        if (_logprobs is null) _logprobs = tokens;
        else _logprobs.AddRange(tokens);
    }

    /// <summary>Writes the waiting token probabilities if a part is open.</summary>
    public void FlushLogprobs(List<StreamEvent> events)
    {
        if (_logprobs is null || Kind == SlotKind.Nothing) return;
        Add(new LogprobsDelta(_logprobs), events);
        _logprobs = null;
    }
}
