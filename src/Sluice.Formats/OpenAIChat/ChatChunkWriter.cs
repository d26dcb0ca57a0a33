using System.Buffers;
using System.Text;
using System.Text.Json;
using Sluice.Chat;
using Sluice.Formats.Json;
using Sluice.Streaming;
using Sluice.Wire;

namespace Sluice.Formats.OpenAIChat;

/// <summary>
/// Writes chunks (openai.json <c>CreateChatCompletionStreamResponse</c>). What is the same in every chunk of an answer is made once; a chunk of text then is three
/// copies and one escaped string.
/// </summary>
internal sealed class ChatChunkWriter(ChatDialect dialect, TranslationContext context, bool tellsUsage)
{
    private byte[] _head = [];
    private readonly byte[] _open = Encoding.UTF8.GetBytes(dialect.IsMistral ? "},\"finish_reason\":" : "},\"logprobs\":null,\"finish_reason\":");
    private readonly byte[] _tail = Encoding.UTF8.GetBytes(tellsUsage ? "}],\"usage\":null}\n\n" : "}]}\n\n");

    /// <summary>Takes the answer's id, model and time; what is missing is made.</summary>
    public void Begin(ResponseStarted start)
    {
        var head = JsonOutput.ToRaw((Start: start, Context: context), static (writer, s) =>
        {
            writer.WriteStartObject();
            writer.WriteString("id", s.Start.Id.Length > 0 ? s.Start.Id : s.Context.Ids.Next("chatcmpl-"));
            writer.WriteString("object", "chat.completion.chunk");
            writer.WriteNumber("created", (s.Start.CreatedAt ?? s.Context.Time.GetUtcNow()).ToUnixTimeSeconds());
            writer.WriteString("model", s.Start.Model.Length > 0 ? s.Start.Model : s.Context.UpstreamModel);
            if (s.Start.ServiceTier is "auto" or "default" or "flex" or "scale" or "priority") writer.WriteString("service_tier", s.Start.ServiceTier);
            if (s.Start.SystemFingerprint is not null) writer.WriteString("system_fingerprint", s.Start.SystemFingerprint);
            writer.WriteEndObject();
        });
        // Without its closing brace, ready for the choices.
        _head = [.. "data: "u8, .. head.Utf8.Span[..^1], .. ",\"choices\":["u8];
    }

    /// <summary>A chunk whose delta is one string.</summary>
    public void WriteText(IBufferWriter<byte> output, int candidate, ReadOnlySpan<byte> member, string text, bool first)
    {
        Open(output, candidate, first);
        output.Write(member);
        JsonOutput.Write(output, text, static (writer, value) => writer.WriteStringValue(value));
        Close(output);
    }

    /// <summary>A chunk whose delta is written by the caller, members only.</summary>
    public void WriteDelta<TState>(IBufferWriter<byte> output, int candidate, bool first, TState state, Action<Utf8JsonWriter, TState> write)
    {
        var members = JsonOutput.ToRaw((State: state, Write: write), static (writer, s) =>
        {
            writer.WriteStartObject();
            s.Write(writer, s.State);
            writer.WriteEndObject();
        });
        Open(output, candidate, first);
        output.Write(members.Utf8.Span[1..^1]);
        Close(output);
    }

    /// <summary>A chunk whose delta is one member that is already JSON.</summary>
    public void WriteRaw(IBufferWriter<byte> output, int candidate, string member, RawJson json) =>
        WriteDelta(output, candidate, false, (Member: member, Json: json), static (writer, s) =>
        {
            writer.WritePropertyName(s.Member);
            s.Json.WriteTo(writer);
        });

    /// <summary>A chunk of token probabilities.</summary>
    public void WriteLogprobs(IBufferWriter<byte> output, int candidate, bool first, IReadOnlyList<TokenLogprob> tokens)
    {
        var logprobs = JsonOutput.ToRaw(tokens, static (writer, t) =>
        {
            writer.WriteStartObject();
            ChatLogprobs.Write(writer, t);
            writer.WriteEndObject();
        });
        Open(output, candidate, first, "");
        output.Write("},"u8);
        output.Write(logprobs.Utf8.Span[1..^1]);
        output.Write(",\"finish_reason\":null"u8);
        output.Write(_tail);
    }

    /// <summary>The last chunk of a choice.</summary>
    public void WriteFinish(IBufferWriter<byte> output, int candidate, bool first, string reason, Usage? usage)
    {
        Open(output, candidate, first, "");
        output.Write(_open);
        output.Write("\""u8);
        output.Write(Encoding.UTF8.GetBytes(reason));
        output.Write("\""u8);
        if (usage is null)
        {
            output.Write(_tail);
            return;
        }
        output.Write("}],"u8);
        output.Write(UsageMember(usage).Utf8.Span[1..]);
        output.Write("\n\n"u8);
    }

    /// <summary>The usage chunk, without choices.</summary>
    public void WriteUsage(IBufferWriter<byte> output, Usage? usage)
    {
        output.Write(_head);
        output.Write("],"u8);
        output.Write(usage is null ? "\"usage\":null}"u8 : UsageMember(usage).Utf8.Span[1..]);
        output.Write("\n\n"u8);
    }

    private RawJson UsageMember(Usage usage) => JsonOutput.ToRaw((Usage: usage, dialect.Id), static (writer, s) =>
    {
        writer.WriteStartObject();
        ChatUsage.Write(writer, s.Usage, s.Id);
        writer.WriteEndObject();
    });

    private void Open(IBufferWriter<byte> output, int candidate, bool first, string separator = ",")
    {
        output.Write(_head);
        output.Write("{\"index\":"u8);
        Span<byte> digits = stackalloc byte[11];
        candidate.TryFormat(digits, out int length);
        output.Write(digits[..length]);
        output.Write(",\"delta\":{"u8);
        if (!first) return;
        output.Write("\"role\":\"assistant\""u8);
        if (separator.Length > 0) output.Write(","u8);
    }

    private void Close(IBufferWriter<byte> output)
    {
        output.Write(_open);
        output.Write("null"u8);
        output.Write(_tail);
    }
}
