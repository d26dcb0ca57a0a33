using System.Buffers;
using System.Text.Json;
using Sluice.Chat;
using Sluice.Formats.Json;
using Sluice.Formats.OpenAIChat;
using Sluice.Streaming;
using Sluice.Wire;

namespace Sluice.Formats.OpenAICompletions;

/// <summary>Writes a streamed answer as text completion chunks: its text alone, each choice's reason, usage where asked for, <c>[DONE]</c>.</summary>
internal sealed class CompletionsStreamEncoder(ChatErrors errors, TranslationContext context) : IStreamEncoder
{
    private readonly bool _wantsUsage = context.Request?.IncludeUsage == true;
    private ResponseStarted _start = new();
    private Usage? _usage;
    private readonly SortedSet<int> _unfinished = [];
    private bool _finished;
    private bool _over;

    /// <inheritdoc/>
    public void Encode(StreamEvent next, IBufferWriter<byte> output)
    {
        if (_over) return;
        switch (next)
        {
            case ResponseStarted e:
                _start = e with { Id = e.Id.Length > 0 ? e.Id : context.Ids.Next("cmpl-"), CreatedAt = e.CreatedAt ?? context.Time.GetUtcNow(), Model = e.Model.Length > 0 ? e.Model : context.UpstreamModel };
                break;
            case PartStarted { Part: TextPart { Text.Length: > 0 } text } e:
                Write(output, e.Candidate, text.Text, null);
                break;
            case PartStarted { Part: RefusalPart { Text.Length: > 0 } refusal } e:
                Write(output, e.Candidate, refusal.Text, null);
                break;
            case PartStarted { Part: not (TextPart or RefusalPart) } e:
                context.Losses.Dropped($"choices[{e.Candidate}].content[{e.Index}]", "a text completion holds text only");
                break;
            case PartDelta { Delta: TextDelta { Text.Length: > 0 } delta } e:
                Write(output, e.Candidate, delta.Text, null);
                break;
            case PartDelta { Delta: RefusalDelta { Text.Length: > 0 } delta } e:
                Write(output, e.Candidate, delta.Text, null);
                break;
            case CandidateFinished e:
                _finished = true;
                Write(output, e.Candidate, "", CompletionsResponseWriter.Finish(e.Reason));
                break;
            case UsageReported e:
                _usage = e.Usage;
                break;
            case ResponseEnded:
                _over = true;
                if (_unfinished.Count == 0 && !_finished) _unfinished.Add(0);
                foreach (int candidate in _unfinished.ToArray()) Write(output, candidate, "", "stop");
                if (_wantsUsage) WriteUsage(output, _usage);
                output.Write("data: [DONE]\n\n"u8);
                break;
            case StreamFailed e:
                _over = true;
                errors.EncodeEvent(e.Error, output);
                break;
            case KeepAlive:
                output.Write(": keep-alive\n\n"u8);
                break;
            default:
                break;
        }
    }

    private void Write(IBufferWriter<byte> output, int candidate, string text, string? finish)
    {
        if (finish is null) _unfinished.Add(candidate);
        else _unfinished.Remove(candidate);
        JsonOutput.WriteSse(output, default, (Start: _start, Candidate: candidate, Text: text, Finish: finish, WantsUsage: _wantsUsage), static (writer, s) =>
        {
            WriteHead(writer, s.Start);
            writer.WriteStartArray("choices");
            writer.WriteStartObject();
            writer.WriteString("text", s.Text);
            writer.WriteNumber("index", s.Candidate);
            writer.WriteNull("logprobs");
            writer.WriteString("finish_reason", s.Finish);
            writer.WriteEndObject();
            writer.WriteEndArray();
            if (s.WantsUsage) writer.WriteNull("usage");
            writer.WriteEndObject();
        });
    }

    private void WriteUsage(IBufferWriter<byte> output, Usage? usage) =>
        JsonOutput.WriteSse(output, default, (Start: _start, Usage: usage), static (writer, s) =>
        {
            WriteHead(writer, s.Start);
            writer.WriteStartArray("choices");
            writer.WriteEndArray();
            if (s.Usage is null) writer.WriteNull("usage");
            else ChatUsage.Write(writer, s.Usage, WireFormatId.OpenAICompletions);
            writer.WriteEndObject();
        });

    private static void WriteHead(Utf8JsonWriter writer, ResponseStarted start)
    {
        writer.WriteStartObject();
        writer.WriteString("id", start.Id);
        writer.WriteString("object", "text_completion");
        writer.WriteNumber("created", start.CreatedAt!.Value.ToUnixTimeSeconds());
        writer.WriteString("model", start.Model);
    }
}
