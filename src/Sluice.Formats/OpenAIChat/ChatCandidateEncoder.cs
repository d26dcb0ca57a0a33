using System.Buffers;
using System.Text;
using Sluice.Chat;
using Sluice.Streaming;
using Sluice.Wire;

namespace Sluice.Formats.OpenAIChat;

/// <summary>Writes the deltas of one choice.</summary>
internal sealed class ChatCandidateEncoder(int index, ChatDialect dialect, TranslationContext context, ChatChunkWriter chunks)
{
    private readonly Dictionary<int, PartState> _parts = [];
    private readonly Dictionary<int, ToolCallPart> _whole = [];
    private int _nextWhole;
    private bool _first = true;
    private bool _hasRefusal;
    private int _textLength;
    private int _calls;
    private int _details;
    private bool _hasReasoning;

    /// <summary>Which choice.</summary>
    public int Index { get; } = index;

    /// <summary>True after its last chunk.</summary>
    public bool IsFinished { get; private set; }

    /// <summary>A part begins; content that it has at once is written.</summary>
    public void Start(int number, Part part, IBufferWriter<byte> output)
    {
        var state = new PartState(part, _textLength) { Signature = part.Signature };
        _parts[number] = state;
        context.Losses.Unknown(part.Notes, dialect.Id, "choices.delta");
        switch (part)
        {
            case TextPart { Text.Length: > 0 } text:
                Text(text.Text, output);
                break;
            case ReasoningPart { Text.Length: > 0 } reasoning:
                Reasoning(state, reasoning.Text, null, output);
                break;
            case RefusalPart { Text.Length: > 0 } refusal:
                Refusal(refusal.Text, output);
                break;
            case ToolCallPart call:
                StartCall(state, call, output);
                break;
            case MediaPart { Kind.Value: "audio" } sound:
                StartAudio(state, sound, output);
                break;
            case ServerToolCallPart or ServerToolResultPart:
                context.Losses.Dropped("choices.delta", "this format has no place for a tool that the provider runs");
                break;
            default:
                break;
        }
        if (part is TextPart { Citations: { Count: > 0 } citations }) state.Citations.AddRange(citations);
    }

    /// <summary>A part goes on.</summary>
    public void Add(int number, Delta delta, IBufferWriter<byte> output)
    {
        if (!_parts.TryGetValue(number, out var state)) return;
        switch (delta)
        {
            case TextDelta d:
                if (d.Text.Length > 0) Text(d.Text, output);
                break;
            case ReasoningDelta d:
                if (d.Text.Length > 0) Reasoning(state, d.Text, d.Paragraph, output);
                break;
            case RefusalDelta d:
                if (d.Text.Length > 0) Refusal(d.Text, output);
                break;
            case ArgumentsDelta d:
                if (d.Text.Length > 0 && state.Part is ToolCallPart) Arguments(state, d.Text, output);
                break;
            case SignatureDelta d:
                state.Signature = d.Signature;
                break;
            case CitationDelta d:
                state.Citations.Add(d.Citation);
                break;
            case LogprobsDelta d:
                chunks.WriteLogprobs(output, Index, Role(), d.Tokens);
                break;
            case MediaDelta d:
                Media(state, d, output);
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
                EndCall(state, call, output);
                break;
            case ReasoningPart reasoning when state.Signature is not null:
                WriteDetail(reasoning with { Text = state.Reasoning.ToString(), IsSummary = reasoning.IsSummary || state.Paragraph >= 0, Signature = state.Signature, Notes = null }, output);
                break;
            case TextPart:
                WriteCitations(state, output);
                if (state.Signature is not null) WriteDetail(new ReasoningPart("") { Signature = state.Signature }, output);
                break;
            case MediaPart { Kind.Value: "image", Source: InlineMedia or UrlMedia } picture when !dialect.IsMistral:
                chunks.WriteDelta(output, Index, Role(), state.Base64.Count == 0 ? picture : picture with { Source = ((InlineMedia)picture.Source) with { Base64 = string.Concat(state.Base64) } }, static (writer, p) =>
                {
                    writer.WriteStartArray("images");
                    ChatImages.Write(writer, p);
                    writer.WriteEndArray();
                });
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
        context.Losses.Unknown(end.Notes, dialect.Id, $"choices[{Index}]");
        string reason = dialect.IsMistral ? ChatFinish.WriteMistral(end.Reason, _calls > 0) : ChatFinish.Write(end.Reason, _calls > 0, _hasRefusal);
        if (_first) chunks.WriteText(output, Index, "\"content\":"u8, "", Role());
        chunks.WriteFinish(output, Index, Role(), reason, usage);
    }

    private bool Role()
    {
        bool first = _first;
        _first = false;
        return first;
    }

    private void Text(string text, IBufferWriter<byte> output)
    {
        _textLength += text.Length;
        chunks.WriteText(output, Index, "\"content\":"u8, text, Role());
    }

    private void Refusal(string text, IBufferWriter<byte> output)
    {
        _hasRefusal = true;
        if (dialect.IsMistral) Text(text, output);
        else chunks.WriteText(output, Index, "\"refusal\":"u8, text, Role());
    }

    // Parts and paragraphs are told apart by an empty line, as in a whole answer.
    private void Reasoning(PartState state, string text, int? paragraph, IBufferWriter<byte> output)
    {
        bool newParagraph = paragraph is { } number && state.Paragraph >= 0 && number != state.Paragraph;
        bool newPart = state.Reasoning.Length == 0 && _hasReasoning;
        state.Paragraph = paragraph ?? state.Paragraph;
        if (newParagraph) state.Reasoning.Append("\n\n");
        state.Reasoning.Append(text);
        _hasReasoning = true;
        if (dialect.IsMistral) WriteThinking(newPart || newParagraph ? $"\n\n{text}" : text, null, output);
        else chunks.WriteText(output, Index, "\"reasoning_content\":"u8, newPart || newParagraph ? $"\n\n{text}" : text, Role());
    }

    private void WriteThinking(string text, Signature? signature, IBufferWriter<byte> output) => chunks.WriteDelta(output, Index, Role(), (Text: text, Signature: signature), static (writer, s) =>
    {
        writer.WriteStartArray("content");
        ThinkingContent.Write(writer, s.Text, s.Signature);
        writer.WriteEndArray();
    });

    private void WriteDetail(ReasoningPart part, IBufferWriter<byte> output)
    {
        if (dialect.IsMistral)
        {
            WriteThinking("", part.Signature, output);
            return;
        }
        chunks.WriteDelta(output, Index, Role(), (Part: part, dialect.Id, Number: _details++), static (writer, s) =>
        {
            writer.WriteStartArray("reasoning_details");
            ReasoningDetails.Write(writer, s.Part, s.Id, s.Number);
            writer.WriteEndArray();
        });
    }

    private void StartCall(PartState state, ToolCallPart call, IBufferWriter<byte> output)
    {
        state.Call = _calls++;
        state.HasContent = call.Arguments.Length > 0;
        state.SignatureTold = call.Signature is not null;
        if (dialect.IsMistral)
        {
            state.Arguments.Append(call.Arguments);
            return;
        }
        chunks.WriteDelta(output, Index, Role(), (Call: call, Number: state.Call, Id: ChatCalls.Id(call, dialect, context)), static (writer, s) =>
        {
            string type = s.Call.IsCustom ? "custom" : "function";
            writer.WriteStartArray("tool_calls");
            writer.WriteStartObject();
            writer.WriteNumber("index", s.Number);
            writer.WriteString("id", s.Id);
            writer.WriteString("type", type);
            writer.WriteStartObject(type);
            writer.WriteString("name", s.Call.Name);
            writer.WriteString(s.Call.IsCustom ? "input" : "arguments", s.Call.Arguments);
            writer.WriteEndObject();
            if (s.Call.Signature is { } signature) ThoughtSignature.Write(writer, signature);
            writer.WriteEndObject();
            writer.WriteEndArray();
        });
    }

    private void Arguments(PartState state, string text, IBufferWriter<byte> output)
    {
        state.HasContent = true;
        if (dialect.IsMistral)
        {
            state.Arguments.Append(text);
            return;
        }
        chunks.WriteDelta(output, Index, Role(), (Number: state.Call, Text: text, ((ToolCallPart)state.Part).IsCustom), static (writer, s) =>
        {
            writer.WriteStartArray("tool_calls");
            writer.WriteStartObject();
            writer.WriteNumber("index", s.Number);
            writer.WriteStartObject(s.IsCustom ? "custom" : "function");
            writer.WriteString(s.IsCustom ? "input" : "arguments", s.Text);
            writer.WriteEndObject();
            writer.WriteEndObject();
            writer.WriteEndArray();
        });
    }

    private void EndCall(PartState state, ToolCallPart call, IBufferWriter<byte> output)
    {
        if (dialect.IsMistral)
        {
            _whole[state.Call] = call with { Arguments = state.Arguments.ToString(), Signature = state.Signature };
            WriteWholeCalls(output);
            return;
        }
        if (!state.HasContent && !call.IsCustom) Arguments(state, "{}", output);
        if (state.Signature is null || state.SignatureTold) return;
        chunks.WriteDelta(output, Index, Role(), (Number: state.Call, state.Signature), static (writer, s) =>
        {
            writer.WriteStartArray("tool_calls");
            writer.WriteStartObject();
            writer.WriteNumber("index", s.Number);
            ThoughtSignature.Write(writer, s.Signature);
            writer.WriteEndObject();
            writer.WriteEndArray();
        });
    }

    // Mistral sends a call whole. One that is complete before another that began earlier waits for it.
    private void WriteWholeCalls(IBufferWriter<byte> output)
    {
        while (_whole.Remove(_nextWhole, out var call))
        {
            chunks.WriteDelta(output, Index, Role(), (Call: call, Dialect: dialect, Number: _nextWhole, Context: context), static (writer, s) =>
            {
                writer.WriteStartArray("tool_calls");
                ChatCalls.Write(writer, s.Call, s.Dialect, s.Number, s.Context);
                writer.WriteEndArray();
            });
            _nextWhole++;
        }
    }

    private void StartAudio(PartState state, MediaPart sound, IBufferWriter<byte> output)
    {
        if (sound.Source is not InlineMedia bytes) return;
        state.HasContent = true;
        chunks.WriteDelta(output, Index, Role(), (Id: sound.Id ?? context.Ids.Next("audio_"), Data: bytes.Base64, Transcript: sound.Transcript ?? ""), static (writer, s) =>
        {
            writer.WriteStartObject("audio");
            writer.WriteString("id", s.Id);
            if (s.Data.Length > 0) writer.WriteString("data", s.Data);
            if (s.Transcript.Length > 0) writer.WriteString("transcript", s.Transcript);
            writer.WriteEndObject();
        });
    }

    private void Media(PartState state, MediaDelta delta, IBufferWriter<byte> output)
    {
        if (state.Part is not MediaPart { Kind.Value: "audio" })
        {
            if (delta.Base64.Length > 0) state.Base64.Add(delta.Base64);
            return;
        }
        chunks.WriteDelta(output, Index, Role(), delta, static (writer, d) =>
        {
            writer.WriteStartObject("audio");
            if (d.Base64.Length > 0) writer.WriteString("data", d.Base64);
            if (d.Transcript.Length > 0) writer.WriteString("transcript", d.Transcript);
            writer.WriteEndObject();
        });
    }

    private void WriteCitations(PartState state, IBufferWriter<byte> output)
    {
        var citations = state.Citations.FindAll(c => ChatAnnotations.CanWrite(c, dialect.Id));
        if (citations.Count < state.Citations.Count) context.Losses.Dropped("choices.delta.citations", "this format cites addresses only");
        if (citations.Count == 0 || dialect.IsMistral) return;
        chunks.WriteDelta(output, Index, Role(), (Citations: citations, dialect.Id, Start: state.TextStart, End: _textLength), static (writer, s) =>
        {
            writer.WriteStartArray("annotations");
            foreach (var citation in s.Citations) ChatAnnotations.Write(writer, citation, s.Id, s.Start, s.End);
            writer.WriteEndArray();
        });
    }

    // A format that repeats the complete part may give there what it never streamed.
    private void TakeFinal(PartState state, Part final, IBufferWriter<byte> output)
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
                if (!state.HasContent && call.Arguments.Length > 0) Arguments(state, call.Arguments, output);
                break;
            default:
                break;
        }
    }

    private sealed class PartState(Part part, int textStart)
    {
        public Part Part { get; set; } = part;

        public int TextStart { get; } = textStart;

        public Signature? Signature { get; set; }

        public bool SignatureTold { get; set; }

        public bool HasContent { get; set; }

        public int Call { get; set; }

        public int Paragraph { get; set; } = -1;

        public StringBuilder Reasoning { get; } = new();

        public StringBuilder Arguments { get; } = new();

        public List<Citation> Citations { get; } = [];

        public List<string> Base64 { get; } = [];
    }
}
