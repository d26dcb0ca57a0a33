using System.Buffers;
using System.Text;
using System.Text.Json;
using Sluice.Chat;
using Sluice.Formats.Json;
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
    private readonly long _start = context.StartTimestamp ?? context.Time.GetTimestamp();
    private readonly StringBuilder _buffer = new();
    private readonly List<ReasoningPart> _reasoning = [];
    private long? _firstContent;
    private ResponseStarted _started = new();
    private CandidateFinished? _finished;
    private Usage? _usage;
    private string _model = "";
    private Part? _part;
    private bool _hasThought;
    private Signature? _signature;
    private int? _paragraph;

    private bool IsChat => style == OllamaAnswerStyle.Chat;

    private ReadOnlySpan<byte> TextMember => IsChat ? "content"u8 : "response"u8;

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
                _model = OllamaAnswerWriter.ModelName(e.Model, context);
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
            case ResponseEnded e: WriteLast(e, output); break;
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
            case TextPart { Text.Length: > 0 } text: Content(text.Text, output); break;
            case RefusalPart { Text.Length: > 0 } refusal: Content(refusal.Text, output); break;
            case ReasoningPart reasoning: Thinking(reasoning.Text, output, firstOfPart: true); break;
            case ToolCallPart call: _buffer.Append(call.Arguments); break;
            case MediaPart { Kind.Value: "image", Source: InlineMedia picture }: _buffer.Append(picture.Base64); break;
            case MediaPart { Transcript: { Length: > 0 } words }: Content(words, output); break;
            case ServerToolCallPart or ServerToolResultPart: Losses.Dropped("server_tools", "Ollama has no place for tools that the provider runs"); break;
            case RawPart raw: Losses.Dropped("content", $"only {raw.Format} has '{raw.Type}'"); break;
            default: break;
        }
    }

    private void Add(Delta delta, IBufferWriter<byte> output)
    {
        switch (delta)
        {
            case TextDelta d: Content(d.Text, output); break;
            case RefusalDelta d: Content(d.Text, output); break;
            case ReasoningDelta d: Thinking(d, output); break;
            case ArgumentsDelta d when _part is ToolCallPart: _buffer.Append(d.Text); break;
            case SignatureDelta d: _signature = d.Signature; break;
            case CitationDelta: Losses.Dropped("citations", "Ollama's answers have no place for sources"); break;
            case LogprobsDelta d: Logprobs(d.Tokens, output); break;
            case MediaDelta d: Media(d, output); break;
            default: break;
        }
    }

    private void End(Part? final, IBufferWriter<byte> output)
    {
        switch (_part)
        {
            case ToolCallPart call:
                Call(Finished(call, final as ToolCallPart), output);
                _reasoning.Clear();
                break;
            case MediaPart { Kind.Value: "image" } when !IsChat:
                Losses.Dropped("images", "/api/generate answers with text only");
                break;
            case MediaPart { Kind.Value: "image" } when _buffer.Length > 0:
                Line(output, (Image: _buffer.ToString(), Self: this), static (w, s) =>
                {
                    w.WriteString("content"u8, ""u8);
                    w.WriteStartArray("images"u8);
                    w.WriteStringValue(s.Image);
                    w.WriteEndArray();
                });
                break;
            case ReasoningPart reasoning:
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
        if (text.Length == 0) return;
        Line(output, (Text: text, Self: this), static (w, s) => w.WriteString(s.Self.TextMember, s.Text));
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
        string shown = apart && _hasThought ? "\n\n" + text : text;
        _hasThought = true;
        Line(output, (Text: shown, Self: this), static (w, s) =>
        {
            w.WriteString(s.Self.TextMember, "");
            w.WriteString("thinking"u8, s.Text);
        });
    }

    private void Media(MediaDelta delta, IBufferWriter<byte> output)
    {
        if (_part is MediaPart { Kind.Value: "image" })
        {
            _buffer.Append(delta.Base64);
            return;
        }
        Losses.Changed("audio", "Ollama has no sound in answers; its words are given");
        Content(delta.Transcript, output);
    }

    private void Call(ToolCallPart call, IBufferWriter<byte> output)
    {
        if (style == OllamaAnswerStyle.Generate)
        {
            Losses.Dropped("tool_calls", "/api/generate knows no tools");
            return;
        }
        Line(output, (Call: call, Self: this), static (w, s) =>
        {
            w.WriteString("content"u8, "");
            w.WriteStartArray("tool_calls"u8);
            OllamaToolCalls.Write(w, s.Call, s.Self.Losses, "tool_calls", toClient: true, s.Self._reasoning);
            w.WriteEndArray();
        });
    }

    private void Logprobs(IReadOnlyList<TokenLogprob> tokens, IBufferWriter<byte> output) => WriteLine(output, (Tokens: tokens, Self: this), static (w, s) =>
    {
        s.Self.Head(w);
        if (s.Self.IsChat) EmptyMessage(w);
        else w.WriteString("response"u8, "");
        w.WriteBoolean("done"u8, false);
        OllamaLogprobs.Write(w, s.Tokens);
        w.WriteEndObject();
    });

    private void Line<TState>(IBufferWriter<byte> output, TState state, Action<Utf8JsonWriter, TState> content)
    {
        _firstContent ??= context.Time.GetTimestamp();
        WriteLine(output, (State: state, Content: content, Self: this), static (w, s) =>
        {
            s.Self.Head(w);
            if (s.Self.IsChat)
            {
                w.WriteStartObject("message"u8);
                w.WriteString("role"u8, "assistant"u8);
            }
            s.Content(w, s.State);
            if (s.Self.IsChat) w.WriteEndObject();
            w.WriteBoolean("done"u8, false);
            w.WriteEndObject();
        });
    }

    private void Head(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteString("model"u8, _model);
        writer.WriteString("created_at"u8, context.Time.GetUtcNow().UtcDateTime);
    }

    private static void EmptyMessage(Utf8JsonWriter writer)
    {
        writer.WriteStartObject("message"u8);
        writer.WriteString("role"u8, "assistant"u8);
        writer.WriteString("content"u8, ""u8);
        writer.WriteEndObject();
    }

    private void WriteLast(ResponseEnded end, IBufferWriter<byte> output)
    {
        long now = context.Time.GetTimestamp();
        var timings = new OllamaTimings(OllamaTimings.Between(context.Time, _start, now), OllamaTimings.Between(context.Time, _start, _firstContent ?? now));
        WriteLine(output, (Timings: timings, Notes: end.Notes ?? _started.Notes, Self: this), static (w, s) =>
        {
            s.Self.Head(w);
            if (s.Self.IsChat) EmptyMessage(w);
            else w.WriteString("response"u8, "");
            OllamaFinish.Write(w, s.Self._finished?.Reason, s.Self._finished?.Notes, s.Self.Losses);
            w.WriteBoolean("done"u8, true);
            OllamaAnswerWriter.WriteEnd(w, s.Self.IsChat ? OllamaAnswerStyle.Chat : OllamaAnswerStyle.Generate, s.Self._usage, s.Timings);
            w.WriteKept(s.Notes, WireFormatId.OllamaChat);
            w.WriteEndObject();
        });
    }

    private static void WriteLine<TState>(IBufferWriter<byte> output, TState state, Action<Utf8JsonWriter, TState> write)
    {
        JsonOutput.Write(output, state, write);
        output.Write("\n"u8);
    }
}
