using System.Buffers;
using System.Text.Json;
using Sluice.Chat;
using Sluice.Formats.Json;
using Sluice.Streaming;
using Sluice.Wire;

namespace Sluice.Formats.OllamaChat;

/// <summary>The lines of a streamed answer: each a JSON object with the model, the time and a piece, the last with the reason and the counts.</summary>
internal sealed class OllamaStreamLines(TranslationContext context, OllamaAnswerStyle style)
{
    private readonly long _start = context.StartTimestamp ?? context.Time.GetTimestamp();
    private long? _firstContent;

    /// <summary>The model that the lines name.</summary>
    public string Model { get; set; } = "";

    private bool IsChat => style == OllamaAnswerStyle.Chat;

    private OllamaAnswerStyle Style => style;

    private LossReport Losses => context.Losses;

    private DateTime Now => context.Time.GetUtcNow().UtcDateTime;

    private ReadOnlySpan<byte> TextMember => IsChat ? "content"u8 : "response"u8;

    /// <summary>A piece of text.</summary>
    public void Text(string text, IBufferWriter<byte> output) => Piece(output, (Text: text, Self: this), static (w, s) => w.WriteString(s.Self.TextMember, s.Text));

    /// <summary>A piece of thinking.</summary>
    public void Thinking(string text, IBufferWriter<byte> output) => Piece(output, (Text: text, Self: this), static (w, s) =>
    {
        w.WriteString(s.Self.TextMember, "");
        w.WriteString("thinking"u8, s.Text);
    });

    /// <summary>A whole picture.</summary>
    public void Image(string base64, IBufferWriter<byte> output) => Piece(output, base64, static (w, image) =>
    {
        w.WriteString("content"u8, ""u8);
        w.WriteStartArray("images"u8);
        w.WriteStringValue(image);
        w.WriteEndArray();
    });

    /// <summary>A whole call, with the reasoning that rides with it.</summary>
    public void Call(ToolCallPart call, IReadOnlyList<ReasoningPart> carried, IBufferWriter<byte> output) => Piece(output, (Call: call, Carried: carried, context.Losses), static (w, s) =>
    {
        w.WriteString("content"u8, ""u8);
        w.WriteStartArray("tool_calls"u8);
        OllamaToolCalls.Write(w, s.Call, s.Losses, "tool_calls", toClient: true, s.Carried);
        w.WriteEndArray();
    });

    /// <summary>Probabilities of what came before.</summary>
    public void Logprobs(IReadOnlyList<TokenLogprob> tokens, IBufferWriter<byte> output) => Line(output, (Tokens: tokens, Self: this), static (w, s) =>
    {
        s.Self.EmptyPiece(w);
        w.WriteBoolean("done"u8, false);
        OllamaLogprobs.Write(w, s.Tokens);
    });

    /// <summary>The end.</summary>
    /// <param name="finished">Why the answer ended.</param>
    /// <param name="usage">What was used.</param>
    /// <param name="notes">Members that only Ollama knows.</param>
    /// <param name="output">Where to.</param>
    public void Last(CandidateFinished? finished, Usage? usage, WireNotes? notes, IBufferWriter<byte> output) => Line(output, (Finished: finished, Usage: usage, Notes: notes, Self: this), static (w, s) =>
    {
        s.Self.EmptyPiece(w);
        OllamaFinish.Write(w, s.Finished?.Reason, s.Finished?.Notes, s.Self.Losses);
        w.WriteBoolean("done"u8, true);
        OllamaAnswerWriter.WriteEnd(w, s.Self.Style, s.Usage, s.Self.Timings());
        w.WriteKept(s.Notes, WireFormatId.OllamaChat);
    });

    private void Piece<TState>(IBufferWriter<byte> output, TState state, Action<Utf8JsonWriter, TState> content)
    {
        _firstContent ??= context.Time.GetTimestamp();
        Line(output, (State: state, Content: content, Self: this), static (w, s) =>
        {
            if (s.Self.IsChat) StartMessage(w);
            s.Content(w, s.State);
            if (s.Self.IsChat) w.WriteEndObject();
            w.WriteBoolean("done"u8, false);
        });
    }

    private void EmptyPiece(Utf8JsonWriter writer)
    {
        if (IsChat) StartMessage(writer);
        writer.WriteString(TextMember, ""u8);
        if (IsChat) writer.WriteEndObject();
    }

    private static void StartMessage(Utf8JsonWriter writer)
    {
        writer.WriteStartObject("message"u8);
        writer.WriteString("role"u8, "assistant"u8);
    }

    private void Line<TState>(IBufferWriter<byte> output, TState state, Action<Utf8JsonWriter, TState> members)
    {
        JsonOutput.Write(output, (State: state, Members: members, Self: this), static (w, s) =>
        {
            w.WriteStartObject();
            w.WriteString("model"u8, s.Self.Model);
            w.WriteString("created_at"u8, s.Self.Now);
            s.Members(w, s.State);
            w.WriteEndObject();
        });
        output.Write("\n"u8);
    }

    private OllamaTimings Timings()
    {
        long now = context.Time.GetTimestamp();
        return new OllamaTimings(OllamaTimings.Between(context.Time, _start, now), OllamaTimings.Between(context.Time, _start, _firstContent ?? now));
    }
}
