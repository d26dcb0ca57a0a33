using System.Collections.Frozen;
using System.Text.Json;
using Sluice.Chat;
using Sluice.Formats.Json;
using Sluice.Wire;

namespace Sluice.Formats.CohereChat;

/// <summary>
/// Reads a whole answer of <c>/v2/chat</c>. With calls there is usually no <c>content</c> but a <c>tool_plan</c>: what the model says before it calls, so
/// it is told as text, which clients send back.
/// </summary>
internal static class CohereAnswerReader
{
    private static FrozenSet<string> Known { get; } = ["id", "finish_reason", "message", "usage", "logprobs"];

    private static FrozenSet<string> KnownOfMessage { get; } = ["role", "content", "tool_plan", "tool_calls", "citations"];

    /// <summary>Reads a whole answer.</summary>
    public static ChatResponse Read(JsonElement root, TranslationContext context)
    {
        if (root.Object("message"u8) is not { } message) throw new WireFormatException("message", "is missing; an object is required");
        var own = new NotesBuilder(WireFormatId.CohereChat).Keep(message, KnownOfMessage);
        var parts = ReadContent(message);
        Cite(message, parts, own);
        if (message.String("tool_plan"u8, "message") is { Length: > 0 } plan) parts.Insert(parts.FindLastIndex(p => p is ReasoningPart) + 1, Plan(plan, message));
        ReadCalls(message, parts, context);
        return new ChatResponse
        {
            Id = root.Text("id"u8) ?? "",
            Candidates =
            [
                new Candidate { Parts = parts, FinishReason = CohereFinish.Read(root.Text("finish_reason"u8)), Logprobs = CohereLogprobs.ReadAll(root), Notes = own.Build() },
            ],
            Usage = CohereUsage.ReadFrom(root),
            Notes = new NotesBuilder(WireFormatId.CohereChat).Keep(root, Known).Build(),
        };
    }

    /// <summary>Reads a call.</summary>
    public static ToolCallPart Call(JsonElement call, string path, TranslationContext context)
    {
        if (call.Object("function"u8, path) is not { } function) throw new WireFormatException($"{path}.function", "is missing; an object is required");
        string arguments = function.String("arguments"u8, $"{path}.function") ?? "";
        return new ToolCallPart(call.Text("id"u8) is { Length: > 0 } id ? id : context.Ids.Next("call_"), function.RequiredString("name"u8, $"{path}.function"), arguments);
    }

    private static List<Part> ReadContent(JsonElement message)
    {
        var parts = new List<Part>();
        if (message.Get("content"u8) is not { } content) return parts;
        if (content.ValueKind == JsonValueKind.String)
        {
            parts.Add(new TextPart(content.GetString()!));
            return parts;
        }
        if (content.ValueKind != JsonValueKind.Array) throw new WireFormatException("message.content", "must be a list");
        foreach (var item in content.EnumerateArray())
        {
            string path = $"message.content[{parts.Count}]";
            string type = item.RequiredString("type"u8, path);
            parts.Add(type switch
            {
                "text" => new TextPart(item.String("text"u8, path) ?? ""),
                "thinking" => new ReasoningPart(item.String("thinking"u8, path) ?? ""),
                _ => new RawPart(WireFormatId.CohereChat, type, RawJson.From(item)),
            });
        }
        return parts;
    }

    // `content_index` counts the items of `content`, which are all the parts at this time.
    private static void Cite(JsonElement message, List<Part> parts, NotesBuilder notes)
    {
        if (message.Get("citations"u8) is not { ValueKind: JsonValueKind.Array } list) return;
        int first = parts.FindIndex(p => p is TextPart);
        var found = new List<Citation>?[parts.Count];
        foreach (var citation in list.EnumerateArray())
        {
            if (CohereCitations.IsOfPlan(citation)) continue;
            long index = citation.Count("content_index"u8) ?? -1;
            int at = index >= 0 && index < parts.Count && parts[(int)index] is TextPart ? (int)index : first;
            if (at < 0 || !CohereCitations.IsOfText(citation)) notes.Keep("citations", RawJson.From(citation));
            else (found[at] ??= []).Add(CohereCitations.Read(citation));
        }
        for (int i = 0; i < found.Length; i++)
        {
            if (found[i] is { } citations) parts[i] = (TextPart)parts[i] with { Citations = citations };
        }
    }

    private static TextPart Plan(string plan, JsonElement message)
    {
        var citations = message.Get("citations"u8) is { ValueKind: JsonValueKind.Array } list
            ? list.EnumerateArray().Where(CohereCitations.IsOfPlan).Select(CohereCitations.Read).ToArray()
            : [];
        return new TextPart(plan) { Citations = citations };
    }

    private static void ReadCalls(JsonElement message, List<Part> parts, TranslationContext context)
    {
        if (message.Array("tool_calls"u8, "message") is not { } calls) return;
        int position = 0;
        foreach (var item in calls.EnumerateArray())
        {
            var call = Call(item, $"message.tool_calls[{position++}]", context);
            parts.Add(call.Arguments.Length > 0 ? call : call with { Arguments = "{}" });
        }
    }
}
