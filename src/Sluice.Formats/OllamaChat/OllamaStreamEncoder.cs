using System.Buffers;
using System.Text;
using Sluice.Chat;
using Sluice.Formats.Shared;
using Sluice.Streaming;
using Sluice.Wire;

namespace Sluice.Formats.OllamaChat;

/// <summary>
/// Writes a streamed answer as NDJSON: text and thinking as they come, a tool call when it is complete (its arguments are an object), and one last line
/// with <c>done: true</c>. A stream that fails ends with a line <c>{"error": "..."}</c> and without that last line.
/// </summary>
internal sealed class OllamaStreamEncoder(TranslationContext context, OllamaAnswerStyle style) : IStreamEncoder
{
    private readonly PartSequencer _sequencer = new();
    private readonly List<StreamEvent> _ready = [];
    private readonly OllamaStreamLines _lines = new(context, style);
    private readonly SpokenText _said = new();
    private readonly StringBuilder _buffer = new();
    private readonly List<ReasoningPart> _reasoning = [];
    private ResponseStarted _started = new();
    private CandidateFinished? _finished;
    private Usage? _usage;
    private Part? _part;
    private Signature? _signature;
    private int? _paragraph;
    private bool _hasThought;

    private bool IsChat => style == OllamaAnswerStyle.Chat;

    private LossReport Losses => context.Losses;

    /// <inheritdoc/>
    public void Encode(StreamEvent next, IBufferWriter<byte> output)
    {
        if (next is PartStarted { Candidate: > 0 } or PartDelta { Candidate: > 0 } or PartEnded { Candidate: > 0 } or CandidateFinished { Candidate: > 0 })
        {
            Losses.Dropped("candidates[1]", "Ollama gives one answer");
            return;
        }
        _ready.Clear();
        _sequencer.Add(next, _ready);
        foreach (var ready in _ready) Write(ready, output);
    }

    private void Write(StreamEvent next, IBufferWriter<byte> output)
    {
        switch (next)
        {
            case ResponseStarted e:
                _started = e;
                _lines.Model = OllamaAnswerWriter.ModelName(e.Model, context);
                Losses.Unknown(e.Notes, WireFormatId.OllamaChat, "");
                break;
            case PartStarted e: Start(e.Part, output); break;
            case PartDelta e: Add(e.Delta, output); break;
            case PartEnded e: End(e.Final, output); break;
            case UsageReported e: _usage = e.Usage; break;
            case CandidateFinished e:
                _finished = e;
                Losses.Unknown(e.Notes, WireFormatId.OllamaChat, "");
                break;
            case ResponseEnded e:
                OllamaAnswerContent.ReportSignature(_reasoning, Losses);
                _lines.Last(_finished, _usage, e.Notes ?? _started.Notes, output);
                break;
            case StreamFailed e: OllamaErrors.EncodeLine(e.Error, output); break;
            default: break;
        }
    }

    private void Start(Part part, IBufferWriter<byte> output)
    {
        _part = part;
        _signature = part.Signature;
        _paragraph = null;
        _buffer.Clear();
        if (part is not ToolCallPart) Losses.Unknown(part.Notes, WireFormatId.OllamaChat, "content");
        switch (part)
        {
            case TextPart { Text.Length: > 0 } text: Content(_said.Write(text.Text), output); break;
            case RefusalPart { Text.Length: > 0 } refusal: Content(refusal.Text, output); break;
            case ReasoningPart reasoning: Thinking(reasoning.Text, output, firstOfPart: true); break;
            case ToolCallPart call: _buffer.Append(call.Arguments); break;
            case MediaPart { Kind.Value: "image", Source: InlineMedia picture }: _buffer.Append(picture.Base64); break;
            case MediaPart { Transcript: { Length: > 0 } words }: Content(_said.Speak(words), output); break;
            case ServerToolCallPart or ServerToolResultPart: Losses.Dropped("server_tools", "Ollama has no place for tools that the provider runs"); break;
            case RawPart raw: Losses.Dropped("content", $"only {raw.Format} has '{raw.Type}'"); break;
            default: break;
        }
    }

    private void Add(Delta delta, IBufferWriter<byte> output)
    {
        switch (delta)
        {
            case TextDelta d: Content(_said.Write(d.Text), output); break;
            case RefusalDelta d: Content(d.Text, output); break;
            case ReasoningDelta d: Thinking(d, output); break;
            case ArgumentsDelta d when _part is ToolCallPart: _buffer.Append(d.Text); break;
            case SignatureDelta d: _signature = d.Signature; break;
            case CitationDelta: Losses.Dropped("citations", "Ollama's answers have no place for sources"); break;
            case LogprobsDelta d: _lines.Logprobs(d.Tokens, output); break;
            case MediaDelta d: Media(d, output); break;
            default: break;
        }
    }

    private void End(Part? final, IBufferWriter<byte> output)
    {
        switch (_part)
        {
            case ToolCallPart call:
                if (IsChat) _lines.Call(Finished(call, final as ToolCallPart), _reasoning, output);
                else Losses.Dropped("tool_calls", "/api/generate knows no tools");
                _reasoning.Clear();
                break;
            case MediaPart { Kind.Value: "image" } when !IsChat:
                Losses.Dropped("images", "/api/generate answers with text only");
                break;
            case MediaPart { Kind.Value: "image" } when _buffer.Length > 0:
                _lines.Image(_buffer.ToString(), output);
                break;
            case ReasoningPart reasoning:
                _hasThought |= _buffer.Length > 0;
                _reasoning.Add((final as ReasoningPart ?? reasoning with { Text = _buffer.ToString() }) with { Signature = final?.Signature ?? _signature });
                break;
            default:
                break;
        }
        _part = null;
    }

    private ToolCallPart Finished(ToolCallPart call, ToolCallPart? final)
    {
        string arguments = _buffer.Length > 0 ? _buffer.ToString() : final?.Arguments ?? "";
        return call with { Arguments = arguments, Signature = final?.Signature ?? _signature };
    }

    private void Content(string text, IBufferWriter<byte> output)
    {
        if (text.Length > 0) _lines.Text(text, output);
    }

    private void Thinking(ReasoningDelta delta, IBufferWriter<byte> output)
    {
        bool next = delta.Paragraph is { } paragraph && _paragraph is { } last && paragraph != last;
        _paragraph = delta.Paragraph ?? _paragraph;
        Thinking(next ? "\n\n" + delta.Text : delta.Text, output, firstOfPart: false);
    }

    private void Thinking(string text, IBufferWriter<byte> output, bool firstOfPart)
    {
        if (text.Length == 0) return;
        _buffer.Append(text);
        bool apart = firstOfPart || _buffer.Length == text.Length;
        _lines.Thinking(apart && _hasThought ? "\n\n" + text : text, output);
    }

    private void Media(MediaDelta delta, IBufferWriter<byte> output)
    {
        if (_part is MediaPart { Kind.Value: "image" })
        {
            _buffer.Append(delta.Base64);
            return;
        }
        Losses.Changed("audio", "Ollama has no sound in answers; its words are given");
        Content(_said.Speak(delta.Transcript), output);
    }
}
