using System.Buffers;
using Sluice.Chat;
using Sluice.Errors;
using Sluice.Formats.Json;
using Sluice.Streaming;
using Sluice.Wire;

namespace Sluice.Formats.OpenAIChat;

/// <summary>
/// Writes a streamed answer as chunks. Parts may overlap: calls are told apart by <c>index</c>, everything else is text of one message. The role comes with the first
/// chunk of a choice, usage in a chunk of its own where the client asked for it, <c>[DONE]</c> after a complete answer only.
/// </summary>
internal sealed class ChatStreamEncoder : IStreamEncoder
{
    private readonly ChatDialect _dialect;
    private readonly ChatErrors _errors;
    private readonly TranslationContext _context;
    private readonly ChatChunkWriter _chunks;
    private readonly List<ChatCandidateEncoder> _candidates = [];
    private readonly List<CandidateFinished> _finishes = [];
    private readonly bool _wantsUsage;
    private Usage? _usage;
    private bool _over;

    public ChatStreamEncoder(ChatDialect dialect, ChatErrors errors, TranslationContext context)
    {
        (_dialect, _errors, _context) = (dialect, errors, context);
        _wantsUsage = !dialect.IsMistral && context.Request?.IncludeUsage == true;
        _chunks = new ChatChunkWriter(dialect, context, _wantsUsage);
    }

    /// <inheritdoc/>
    public void Encode(StreamEvent next, IBufferWriter<byte> output)
    {
        if (_over) return;
        switch (next)
        {
            case ResponseStarted e:
                _context.Losses.Unknown(e.Notes, _dialect.Id, "");
                _chunks.Begin(e);
                break;
            case PartDelta e:
                Candidate(e.Candidate).Add(e.Index, e.Delta, output);
                break;
            case PartStarted e:
                Candidate(e.Candidate).Start(e.Index, e.Part, output);
                break;
            case PartEnded e:
                Candidate(e.Candidate).EndPart(e.Index, e.Final, output);
                break;
            case CandidateFinished e:
                // Mistral's last chunk has the usage, which may come after the reason.
                if (_dialect.IsMistral) _finishes.Add(e);
                else Candidate(e.Candidate).Finish(e, null, output);
                break;
            case UsageReported e:
                _usage = e.Usage;
                break;
            case ResponseEnded:
                End(output);
                break;
            case StreamFailed e:
                Fail(e.Error, output);
                break;
            case RawEvent e:
                Pass(e, output);
                break;
            case KeepAlive:
                output.Write(": keep-alive\n\n"u8);
                break;
            default:
                break;
        }
    }

    private ChatCandidateEncoder Candidate(int index)
    {
        foreach (var known in _candidates)
        {
            if (known.Index == index) return known;
        }
        var candidate = new ChatCandidateEncoder(index, _dialect, _context, _chunks);
        _candidates.Add(candidate);
        return candidate;
    }

    private void End(IBufferWriter<byte> output)
    {
        _over = true;
        foreach (var finish in _finishes) Candidate(finish.Candidate).Finish(finish, _usage, output);
        if (_candidates.Count == 0) Candidate(0);
        foreach (var candidate in _candidates)
        {
            if (!candidate.IsFinished) candidate.Finish(new CandidateFinished(candidate.Index, FinishReason.Stop), _dialect.IsMistral ? _usage : null, output);
        }
        if (_wantsUsage) _chunks.WriteUsage(output, _usage);
        output.Write("data: [DONE]\n\n"u8);
    }

    private void Fail(GatewayError error, IBufferWriter<byte> output)
    {
        _over = true;
        _errors.EncodeEvent(error, output);
    }

    private void Pass(RawEvent raw, IBufferWriter<byte> output)
    {
        if (raw.Format != _dialect.Id)
        {
            _context.Losses.Dropped(raw.Name, $"only {raw.Format} has this event");
            return;
        }
        if (raw.Name == "executed_tools") _chunks.WriteRaw(output, 0, raw.Name, raw.Json);
        else JsonOutput.WriteSse(output, default, raw.Json, static (writer, json) => json.WriteTo(writer));
    }
}
