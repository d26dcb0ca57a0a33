using System.Text.Json;

namespace Sluice.Formats.Tests.Grammar;

/// <summary>Chunks of <c>streamGenerateContent</c>, by ai.google.dev's API reference and the SDK's <c>GenerateContentResponse</c>: server-sent events or one JSON array.</summary>
internal sealed class GeminiJudge(bool asArray) : Judge
{
    private static readonly string[] FinishReasons =
    [
        "FINISH_REASON_UNSPECIFIED", "STOP", "MAX_TOKENS", "SAFETY", "RECITATION", "LANGUAGE", "OTHER", "BLOCKLIST", "PROHIBITED_CONTENT", "SPII", "MALFORMED_FUNCTION_CALL",
        "IMAGE_SAFETY", "IMAGE_PROHIBITED_CONTENT", "IMAGE_OTHER", "NO_IMAGE", "IMAGE_RECITATION", "UNEXPECTED_TOOL_CALL", "TOO_MANY_TOOL_CALLS", "MISSING_THOUGHT_SIGNATURE", "MALFORMED_RESPONSE",
    ];

    private static readonly string[] Data =
        ["text", "inlineData", "fileData", "functionCall", "functionResponse", "executableCode", "codeExecutionResult", "toolCall", "toolResponse"];

    private readonly HashSet<int> _finished = [];

    public override void Read(string body)
    {
        if (asArray)
        {
            var array = Parse(body);
            Must(array.ValueKind == JsonValueKind.Array, "the body is no array");
            foreach (var chunk in array.EnumerateArray()) Take(chunk);
        }
        else
        {
            foreach (var (name, data) in Events(body))
            {
                Must(name.Length == 0, $"chunks have no event name: {name}");
                Take(Parse(data));
            }
        }
        Must(Seen.Error is not null || _finished.Count > 0, "neither a finishReason nor an error");
        Seen.IsComplete = Seen.Error is null;
    }

    private void Take(JsonElement chunk)
    {
        Must(Seen.Error is null, "a chunk after the error");
        if (chunk.TryGetProperty("error", out var error))
        {
            Int(error, "code");
            Must(Filled(error, "status").All(c => char.IsAsciiLetterUpper(c) || c == '_'), $"status: {error}");
            Seen.Error = Filled(error, "message");
            return;
        }
        foreach (string name in (string[])["modelVersion", "responseId"])
        {
            if (chunk.TryGetProperty(name, out _)) Filled(chunk, name);
        }
        if (chunk.TryGetProperty("usageMetadata", out var usage))
        {
            int thoughts = usage.TryGetProperty("thoughtsTokenCount", out var t) ? t.GetInt32() : 0;
            Seen.OutputTokens = (usage.TryGetProperty("candidatesTokenCount", out var c) ? c.GetInt32() : 0) + thoughts;
        }
        foreach (var candidate in Items(chunk, "candidates")) Candidate(candidate);
    }

    private void Candidate(JsonElement candidate)
    {
        int index = candidate.TryGetProperty("index", out var i) ? i.GetInt32() : 0;
        Must(!_finished.Contains(index), $"candidate {index} goes on after its end");
        var seen = Seen.Candidate(index);
        if (candidate.TryGetProperty("content", out var content))
        {
            Must(Text(content, "role") == "model", $"role: {content}");
            if (content.TryGetProperty("parts", out var parts))
            {
                foreach (var part in parts.EnumerateArray()) Part(seen, part);
            }
        }
        if (!candidate.TryGetProperty("finishReason", out var reason)) return;
        Must(FinishReasons.Contains(reason.GetString()), $"no such finishReason: {reason}");
        _finished.Add(index);
        seen.Finish = reason.GetString();
    }

    private static void Part(SeenCandidate seen, JsonElement part)
    {
        Must(Data.Count(name => part.TryGetProperty(name, out _)) == 1, $"a part holds one kind of data: {part}");
        if (part.TryGetProperty("thoughtSignature", out var signature)) Must(signature.TryGetBytesFromBase64(out _), $"thoughtSignature is no base64: {signature}");
        bool thought = part.TryGetProperty("thought", out var t) && t.GetBoolean();
        if (part.TryGetProperty("text", out _)) (thought ? seen.Reasoning : seen.Text).Append(Text(part, "text"));
        if (!part.TryGetProperty("functionCall", out var function)) return;
        var call = new SeenCall(function.TryGetProperty("id", out var id) ? id.GetString()! : "", Filled(function, "name"));
        if (function.TryGetProperty("args", out _)) call.Arguments.Append(Member(function, "args", JsonValueKind.Object).GetRawText());
        seen.Calls.Add(call);
    }
}
