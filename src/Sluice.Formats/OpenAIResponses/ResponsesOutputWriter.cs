using System.Text.Json;
using Sluice.Chat;
using Sluice.Wire;

namespace Sluice.Formats.OpenAIResponses;

/// <summary>Writes the parts of an answer as output items.</summary>
internal sealed class ResponsesOutputWriter(Utf8JsonWriter json, TranslationContext context)
{
    private readonly List<Part> _run = [];

    /// <summary>Token probabilities, which go with the first text.</summary>
    public IReadOnlyList<TokenLogprob>? Logprobs { get; init; }

    /// <summary>The status of a message item that is cut at the end.</summary>
    public string LastStatus { get; init; } = "completed";

    private bool _logprobsWritten;

    /// <summary>Writes all parts as an array.</summary>
    public void Write(IReadOnlyList<Part> parts)
    {
        json.WriteStartArray();
        for (int i = 0; i < parts.Count; i++)
        {
            var part = parts[i];
            context.Losses.Unknown(part.Notes, WireFormatId.OpenAIResponses, $"output[{i}]");
            if (part is TextPart or RefusalPart || (part is RawPart && _run.Count > 0 && part.Id is not null && part.Id == _run[0].Id))
            {
                AddText(part);
                continue;
            }
            WriteMessage("completed");
            WriteItem(part, $"output[{i}]");
        }
        WriteMessage(LastStatus);
        json.WriteEndArray();
    }

    private void AddText(Part part)
    {
        if (part.Signature is { } signature)
        {
            WriteMessage("completed");
            bool empty = part is TextPart { Text.Length: 0 };
            Carrier(signature, empty ? PayloadRole.OfEmptyText : PayloadRole.OfNext);
            if (empty) return;
        }
        _run.Add(part);
        if (!ResponsesNotes.Silent(part.Notes, ResponsesNotes.Item).IsAbsent) WriteMessage("completed");
    }

    private void WriteMessage(string status)
    {
        if (_run.Count == 0) return;
        var content = new List<MessageContent>(_run.Count);
        foreach (var part in _run)
        {
            bool first = part is TextPart && !_logprobsWritten;
            content.Add(new MessageContent(part, first ? Logprobs ?? [] : []));
            _logprobsWritten |= first;
        }
        ResponsesMessageItem.Write(json, ResponsesMessageItem.IdOf(_run, context), content, status, context);
        _run.Clear();
    }

    private void WriteItem(Part part, string path)
    {
        switch (part)
        {
            case ReasoningPart reasoning:
                string? payload = reasoning.Signature is { } own ? ReasoningPayload.Write(own, reasoning.IsRedacted ? PayloadRole.Redacted : PayloadRole.Reasoning) : null;
                ResponsesItemWriter.Reasoning(json, reasoning, IdOf(part, "rs_"), payload);
                break;
            case ToolCallPart call:
                if (call.Signature is { } signature) Carrier(signature, PayloadRole.OfNext);
                string callId = call.CallId.Length > 0 ? call.CallId : context.Ids.Next("call_");
                ResponsesItemWriter.Call(json, call, IdOf(part, ToolLift.IdPrefix(call, context)), callId, ToolLift.Declared(call, context), call.Arguments, "completed");
                break;
            case MediaPart { Kind.Value: "image", Source: InlineMedia inline } picture:
                ResponsesItemWriter.Picture(json, picture, IdOf(part, "ig_")!, inline.Base64, "completed");
                break;
            case RawPart raw when raw.Format == WireFormatId.OpenAIResponses: raw.Json.WriteTo(json); break;
            case ServerToolCallPart server when ResponsesNotes.IsNative(server.Notes): RawJson.FromText(server.Notes!.Shape!).WriteTo(json); break;
            default: ResponsesLosses.Unsaid(part, path, context.Losses); break;
        }
    }

    private void Carrier(Signature signature, PayloadRole role) =>
        ResponsesItemWriter.Reasoning(json, new ReasoningPart(""), context.Ids.Next("rs_"), ReasoningPayload.Write(signature, role));

    // An item that came in this format keeps its id, or its lack of one.
    private string? IdOf(Part part, string prefix) => ResponsesNotes.IsNative(part.Notes) ? part.Id : context.Ids.Next(prefix);
}
