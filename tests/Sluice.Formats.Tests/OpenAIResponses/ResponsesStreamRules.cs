using System.Text.Json;

namespace Sluice.Formats.Tests.OpenAIResponses;

/// <summary>
/// The order of events in a stream of the Responses API, written from OpenAI's reference (https://platform.openai.com/docs/api-reference/responses-streaming)
/// and the accumulator of openai-node (<c>lib/responses/ResponseStream.ts</c>).
/// </summary>
internal static class ResponsesStreamRules
{
    /// <summary>The first rule that a stream breaks; <see langword="null"/> for none.</summary>
    public static string? Check(List<JsonElement> events)
    {
        var items = new Dictionary<int, Item>();
        bool ended = false, failed = false;
        int sequence = 0;
        for (int i = 0; i < events.Count; i++)
        {
            var e = events[i];
            string type = e.GetProperty("type").GetString()!;
            if (ended) return $"{type} after the end";
            if (e.GetProperty("sequence_number").GetInt32() != sequence++) return $"{type} has the wrong sequence number";
            if ((i == 0) != (type == "response.created")) return $"{type} at place {i}";
            if (failed && type != "response.failed") return $"{type} after an error";
            switch (type)
            {
                case "response.created" or "response.in_progress": break;
                case "error": failed = true; break;
                case "response.failed" or "response.completed" or "response.incomplete":
                    ended = true;
                    if (type == "response.failed") break;
                    if (items.Values.Any(item => !item.Done)) return "the end with items open";
                    if (e.GetProperty("response").GetProperty("output").GetArrayLength() != items.Count) return "the final response has other items";
                    break;
                case "response.output_item.added":
                    if (!items.TryAdd(Index(e), new Item(e.GetProperty("item")))) return "an item was added twice";
                    break;
                default:
                    if (!items.TryGetValue(Index(e), out var open) || open.Done) return $"{type} for an item that is not open";
                    if (open.Take(type, e) is { } fault) return fault;
                    break;
            }
        }
        return ended ? null : "no end";
    }

    private static int Index(JsonElement e) => e.GetProperty("output_index").GetInt32();

    private sealed class Item(JsonElement added)
    {
        private readonly Dictionary<int, string> _texts = [];
        private readonly HashSet<int> _closed = [];
        private string _arguments = "";

        public bool Done { get; private set; }

        public string? Take(string type, JsonElement e)
        {
            string kind = added.GetProperty("type").GetString()!;
            if (type != "response.output_item.done" && e.GetProperty("item_id").GetString() != added.GetProperty("id").GetString()) return $"{type} names another item";
            switch (type)
            {
                case "response.output_item.done":
                    Done = true;
                    return _texts.Count == _closed.Count ? null : "an item ended with content open";
                case "response.content_part.added" or "response.reasoning_summary_part.added":
                    if (kind != (type.Contains("summary", StringComparison.Ordinal) ? "reasoning" : "message")) return $"{type} in {kind}";
                    return _texts.TryAdd(Place(e), "") && Place(e) == _texts.Count - 1 ? null : $"{type} out of order";
                case "response.output_text.delta" or "response.refusal.delta" or "response.reasoning_summary_text.delta":
                    if (!IsOpen(e)) return $"{type} for content that is not open";
                    _texts[Place(e)] += e.GetProperty("delta").GetString();
                    return null;
                case "response.output_text.annotation.added":
                    return IsOpen(e) ? null : $"{type} for content that is not open";
                case "response.output_text.done" or "response.refusal.done" or "response.reasoning_summary_text.done":
                    string text = e.GetProperty(type.Contains("refusal", StringComparison.Ordinal) ? "refusal" : "text").GetString()!;
                    return IsOpen(e) && text == _texts[Place(e)] ? null : $"{type} says something else than its deltas";
                case "response.content_part.done" or "response.reasoning_summary_part.done":
                    return IsOpen(e) && _closed.Add(Place(e)) ? null : $"{type} for content that is not open";
                case "response.function_call_arguments.delta" or "response.custom_tool_call_input.delta":
                    _arguments += e.GetProperty("delta").GetString();
                    return null;
                case "response.function_call_arguments.done": return e.GetProperty("arguments").GetString() == _arguments ? null : "arguments differ from their deltas";
                case "response.custom_tool_call_input.done": return e.GetProperty("input").GetString() == _arguments ? null : "input differs from its deltas";
                default: return $"{type} is not known";
            }
        }

        private bool IsOpen(JsonElement e) => _texts.ContainsKey(Place(e)) && !_closed.Contains(Place(e));

        private static int Place(JsonElement e) => (e.TryGetProperty("content_index", out var at) ? at : e.GetProperty("summary_index")).GetInt32();
    }
}
