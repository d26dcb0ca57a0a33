using System.Buffers;
using Sluice.Chat;
using Sluice.Streaming;
using Sluice.Wire;

namespace Sluice.Formats.OpenAIChat;

/// <summary>Writes the deltas of one choice.</summary>
internal sealed class ChatCandidateEncoder
{
    private readonly ChatDialect _dialect;
    private readonly TranslationContext _context;
    private readonly CandidateChunks _chunks;
    private readonly StreamedCallEncoder _calls;
    private readonly StreamedMediaEncoder _media;
    private readonly Dictionary<int, StreamedPart> _parts = [];
    private bool _hasRefusal;
    private bool _hasReasoning;
    private int _textLength;
    private int _details;

    public ChatCandidateEncoder(int index, ChatDialect dialect, TranslationContext context, ChatChunkWriter chunks)
    {
        (Index, _dialect, _context) = (index, dialect, context);
        _chunks = new CandidateChunks(index, chunks);
        _calls = new StreamedCallEncoder(dialect, context, _chunks);
        _media = new StreamedMediaEncoder(context, _chunks);
    }

    /// <summary>Which choice.</summary>
    public int Index { get; }

    /// <summary>True after its last chunk.</summary>
    public bool IsFinished { get; private set; }

    /// <summary>A part begins; content that it has at once is written.</summary>
    public void Start(int number, Part part, IBufferWriter<byte> output)
    {
        var state = new StreamedPart(part, _textLength);
        _parts[number] = state;
        _context.Losses.Unknown(part.Notes, _dialect.Id, "choices.delta");
        switch (part)
        {
            case TextPart text:
                if (text.Text.Length > 0) Text(text.Text, output);
                state.Citations.AddRange(text.Citations);
                break;
            case ReasoningPart { Text.Length: > 0 } reasoning:
                Reasoning(state, reasoning.Text, null, output);
                break;
            case RefusalPart { Text.Length: > 0 } refusal:
                Refusal(refusal.Text, output);
                break;
            case ToolCallPart call:
                _calls.Start(state, call, output);
                break;
            case MediaPart media when !_dialect.IsMistral:
                _media.Start(media, output);
                break;
            case ServerToolCallPart or ServerToolResultPart:
                _context.Losses.Dropped("choices.delta", "this format has no place for a tool that the provider runs");
                break;
            default:
                break;
        }
    }

    /// <summary>A part goes on.</summary>
    public void Add(int number, Delta delta, IBufferWriter<byte> output)
    {
        if (!_parts.TryGetValue(number, out var state)) return;
        switch (delta)
        {
            case TextDelta { Text.Length: > 0 } d:
                Text(d.Text, output);
                break;
            case ReasoningDelta { Text.Length: > 0 } d:
                Reasoning(state, d.Text, d.Paragraph, output);
                break;
            case RefusalDelta { Text.Length: > 0 } d:
                Refusal(d.Text, output);
                break;
            case ArgumentsDelta { Text.Length: > 0 } d when state.Part is ToolCallPart call:
                _calls.Add(state, call, d.Text, output);
                break;
            case SignatureDelta d:
                state.Signature = d.Signature;
                break;
            case CitationDelta d:
                state.Citations.Add(d.Citation);
                break;
            case LogprobsDelta d when !_dialect.IsMistral:
                _chunks.WriteLogprobs(output, d.Tokens);
                break;
            case MediaDelta d when !_dialect.IsMistral:
                _media.Add(state, d, output);
                break;
            default:
                break;
        }
    }

    /// <summary>A part is complete: what could only be told now is written.</summary>
    public void EndPart(int number, Part? final, IBufferWriter<byte> output)
    {
        if (!_parts.Remove(number, out var state)) return;
        if (final is not null) TakeFinal(state, final, output);
        switch (state.Part)
        {
            case ToolCallPart call:
                _calls.End(state, call, output);
                break;
            case ReasoningPart reasoning when state.Signature is not null:
                WriteDetail(reasoning with { Text = state.Reasoning.ToString(), IsSummary = reasoning.IsSummary || state.Paragraph >= 0, Signature = state.Signature, Notes = null }, output);
                break;
            case TextPart:
                WriteCitations(state, output);
                // A signature on text (Gemini) goes as an item of its own: the client returns it in any case.
                if (state.Signature is not null) WriteDetail(new ReasoningPart("") { Signature = state.Signature }, output);
                break;
            case MediaPart media when !_dialect.IsMistral:
                _media.End(state, media, output);
                break;
            default:
                break;
        }
    }

    /// <summary>The choice has ended.</summary>
    /// <param name="end">Why.</param>
    /// <param name="usage">Usage to tell in the same chunk; <see langword="null"/> for none.</param>
    /// <param name="output">Where to.</param>
    public void Finish(CandidateFinished end, Usage? usage, IBufferWriter<byte> output)
    {
        if (IsFinished) return;
        IsFinished = true;
        _context.Losses.Unknown(end.Notes, _dialect.Id, $"choices[{Index}]");
        string reason = _dialect.IsMistral ? ChatFinish.WriteMistral(end.Reason, _calls.Count > 0) : ChatFinish.Write(end.Reason, _calls.Count > 0, _hasRefusal, _context.Losses);
        if (_chunks.IsEmpty) _chunks.WriteText(output, "\"content\":"u8, "");
        _chunks.WriteFinish(output, reason, usage);
    }

    private void Text(string text, IBufferWriter<byte> output)
    {
        _textLength += text.Length;
        _chunks.WriteText(output, "\"content\":"u8, text);
    }

    private void Refusal(string text, IBufferWriter<byte> output)
    {
        _hasRefusal = true;
        if (_dialect.IsMistral) Text(text, output);
        else _chunks.WriteText(output, "\"refusal\":"u8, text);
    }

    // Parts and paragraphs are told apart by an empty line, as in a whole answer.
    private void Reasoning(StreamedPart state, string text, int? paragraph, IBufferWriter<byte> output)
    {
        bool newParagraph = paragraph is { } number && state.Paragraph >= 0 && number != state.Paragraph;
        bool newPart = state.Reasoning.Length == 0 && _hasReasoning;
        state.Paragraph = paragraph ?? state.Paragraph;
        if (newParagraph) state.Reasoning.Append("\n\n");
        state.Reasoning.Append(text);
        _hasReasoning = true;
        string told = newPart || newParagraph ? $"\n\n{text}" : text;
        if (_dialect.IsMistral) WriteThinking(told, null, output);
        else _chunks.WriteText(output, "\"reasoning_content\":"u8, told);
    }

    private void WriteThinking(string text, Signature? signature, IBufferWriter<byte> output) => _chunks.WriteDelta(output, (Text: text, Signature: signature), static (writer, s) =>
    {
        writer.WriteStartArray("content");
        ThinkingContent.Write(writer, s.Text, s.Signature);
        writer.WriteEndArray();
    });

    private void WriteDetail(ReasoningPart part, IBufferWriter<byte> output)
    {
        if (_dialect.IsMistral)
        {
            WriteThinking("", part.Signature, output);
            return;
        }
        _chunks.WriteDelta(output, (Part: part, _dialect.Id, Number: _details++), static (writer, s) =>
        {
            writer.WriteStartArray("reasoning_details");
            ReasoningDetails.Write(writer, s.Part, s.Id, s.Number);
            writer.WriteEndArray();
        });
    }

    private void WriteCitations(StreamedPart state, IBufferWriter<byte> output)
    {
        var citations = _dialect.IsMistral ? [] : state.Citations.FindAll(c => ChatAnnotations.CanWrite(c, _dialect.Id));
        if (citations.Count < state.Citations.Count) _context.Losses.Dropped("choices.delta.citations", "this format cites addresses only");
        if (citations.Count == 0) return;
        _chunks.WriteDelta(output, (Citations: citations, _dialect.Id, Start: state.TextStart, End: _textLength), static (writer, s) =>
        {
            writer.WriteStartArray("annotations");
            foreach (var citation in s.Citations) ChatAnnotations.Write(writer, citation, s.Id, s.Start, s.End);
            writer.WriteEndArray();
        });
    }

    // A format that repeats the complete part may give there what it never streamed.
    private void TakeFinal(StreamedPart state, Part final, IBufferWriter<byte> output)
    {
        state.Signature = final.Signature ?? state.Signature;
        switch (final)
        {
            case TextPart text:
                if (_textLength == state.TextStart && text.Text.Length > 0) Text(text.Text, output);
                if (state.Citations.Count == 0) state.Citations.AddRange(text.Citations);
                break;
            case ReasoningPart reasoning:
                if (state.Reasoning.Length == 0 && reasoning.Text.Length > 0) Reasoning(state, reasoning.Text, null, output);
                state.Part = reasoning;
                break;
            case ToolCallPart call:
                if (!state.HasArguments && call.Arguments.Length > 0) _calls.Add(state, call, call.Arguments, output);
                break;
            default:
                break;
        }
    }
}
