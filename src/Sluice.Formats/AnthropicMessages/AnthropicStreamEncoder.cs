using System.Buffers;
using System.Text.Json;
using Sluice.Chat;
using Sluice.Formats.Json;
using Sluice.Formats.Shared;
using Sluice.Streaming;
using Sluice.Wire;

namespace Sluice.Formats.AnthropicMessages;

/// <summary>
/// Writes a stream: <c>message_start</c>; blocks one after the other, numbered from 0 without gaps; <c>message_delta</c> with the reason and the
/// whole usage; <c>message_stop</c>. Usage comes late from most upstreams, so the start says zeros and the delta the truth.
/// </summary>
internal sealed class AnthropicStreamEncoder(TranslationContext context) : IStreamEncoder
{
    private readonly PartSequencer _sequencer = new();
    private readonly List<StreamEvent> _ready = [];
    private AnthropicBlockStream? _blocks;
    private WireNotes? _notes;
    private CandidateFinished? _finish;
    private Usage? _usage;
    private bool _over;

    /// <inheritdoc/>
    public void Encode(StreamEvent next, IBufferWriter<byte> output)
    {
        if (_over) return;
        switch (next)
        {
            case ResponseStarted e: Start(e, output); break;
            case PartStarted { Candidate: not 0 } e: context.Losses.Dropped($"candidates[{e.Candidate}]", "this format has one answer only"); break;
            case PartDelta { Candidate: not 0 } or PartEnded { Candidate: not 0 } or CandidateFinished { Candidate: not 0 }: break;
            case PartStarted or PartDelta or PartEnded: Part(next, output); break;
            case CandidateFinished e: _finish = e; break;
            case UsageReported e: _usage = e.Usage; break;
            case KeepAlive: Ping(output); break;
            case RawEvent e: Raw(e, output); break;
            case ResponseEnded e: End(e, output); break;
            case StreamFailed e: Fail(e, output); break;
            default: break;
        }
    }

    private void Start(ResponseStarted start, IBufferWriter<byte> output)
    {
        if (_blocks is not null) return;
        _notes = start.Notes.Own();
        _blocks = new AnthropicBlockStream(context, _notes is not null);
        if (_notes is null) context.Losses.Unknown(start.Notes, AnthropicNames.Id, "");
        JsonOutput.WriteSse(output, "message_start"u8, (start, context, own: _notes), static (writer, s) =>
        {
            writer.WriteStartObject();
            writer.WriteString("type"u8, "message_start"u8);
            writer.WriteStartObject("message"u8);
            writer.WriteString("id"u8, s.own is not null || s.start.Id.Length > 0 ? s.start.Id : s.context.Ids.Next("msg_"));
            writer.WriteString("type"u8, "message"u8);
            writer.WriteString("role"u8, "assistant"u8);
            writer.WriteString("model"u8, s.own is not null || s.start.Model.Length > 0 ? s.start.Model : s.context.Request?.Model ?? s.context.UpstreamModel);
            writer.WriteStartArray("content"u8);
            writer.WriteEndArray();
            writer.WriteNull("stop_reason"u8);
            writer.WriteNull("stop_sequence"u8);
            writer.WriteNull("stop_details"u8);
            writer.WriteNull("container"u8);
            if (s.own is null) writer.WriteNull("diagnostics"u8);
            writer.WritePropertyName("usage"u8);
            if (Shape.Value(s.own, "usage") is { } usage) writer.WriteOneLine(RawJson.FromText(usage));
            else AnthropicUsage.WriteWhole(writer, null, s.start.ServiceTier);
            foreach (var (name, json) in s.own?.Fields ?? [])
            {
                writer.WritePropertyName(name);
                writer.WriteOneLine(json);
            }
            writer.WriteEndObject();
            writer.WriteEndObject();
        });
    }

    private void Part(StreamEvent next, IBufferWriter<byte> output)
    {
        _ready.Clear();
        _sequencer.Add(next, _ready);
        foreach (var ready in _ready) _blocks?.Encode(ready, output);
    }

    // Before the start no event is legal; a comment keeps the connection alive all the same.
    private void Ping(IBufferWriter<byte> output) => output.Write(_blocks is null ? ": ping\n\n"u8 : "event: ping\ndata: {\"type\": \"ping\"}\n\n"u8);

    private void Raw(RawEvent raw, IBufferWriter<byte> output)
    {
        if (raw.Format != AnthropicNames.Id) context.Losses.Dropped(raw.Name, $"only {raw.Format} has this event");
        else if (_blocks is not null) JsonOutput.WriteSse(output, System.Text.Encoding.UTF8.GetBytes(raw.Name), raw.Json, static (writer, json) => writer.WriteOneLine(json));
    }

    private void End(ResponseEnded end, IBufferWriter<byte> output)
    {
        _over = true;
        context.Losses.Unknown(_finish?.Notes, AnthropicNames.Id, "candidates[0]");
        context.Losses.Unknown(end.Notes, AnthropicNames.Id, "");
        JsonOutput.WriteSse(output, "message_delta"u8, (_finish, _usage, _blocks, context), static (writer, s) =>
        {
            writer.WriteStartObject();
            writer.WriteString("type"u8, "message_delta"u8);
            writer.WriteStartObject("delta"u8);
            WriteEnd(writer, s._finish, s._blocks?.HasToolCalls == true, s.context.Losses);
            writer.WriteEndObject();
            writer.WritePropertyName("usage"u8);
            if (s._usage is { } usage && usage.RawFormat == AnthropicNames.Id) writer.WriteOneLine(usage.Raw);
            else AnthropicUsage.WriteDelta(writer, s._usage);
            if (s._finish?.Notes.Own().Field("context_management") is { IsAbsent: false } management)
            {
                writer.WritePropertyName("context_management"u8);
                writer.WriteOneLine(management);
            }
            writer.WriteEndObject();
        });
        output.Write("event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n"u8);
    }

    private static void WriteEnd(Utf8JsonWriter writer, CandidateFinished? finish, bool hasCalls, LossReport losses)
    {
        var own = finish?.Notes.Own();
        writer.WriteString("stop_reason"u8, AnthropicFinish.Write(finish?.Reason, own, hasCalls, losses));
        if (finish?.StopSequence is { } sequence) writer.WriteString("stop_sequence"u8, sequence);
        else writer.WriteNull("stop_sequence"u8);
        foreach (string name in (ReadOnlySpan<string>)["container", "stop_details"])
        {
            writer.WritePropertyName(name);
            if (own.Field(name) is { IsAbsent: false } json) writer.WriteOneLine(json);
            else writer.WriteNullValue();
        }
    }

    private void Fail(StreamFailed failure, IBufferWriter<byte> output)
    {
        _over = true;
        AnthropicErrors.WriteEvent(failure.Error, output);
    }
}
