using System.Text;
using System.Text.Json.Nodes;

namespace Sluice.Gateway.Tests;

/// <summary>What a provider would answer in a golden case, in its own wire format.</summary>
internal static class CostCaseAnswers
{
    public static FakeAnswer Of(CostCase golden, bool stream) => golden.Format switch
    {
        "openai.responses" => Responses(golden, stream),
        "openai.embeddings" => FakeAnswer.Json(new JsonObject
        {
            ["object"] = "list",
            ["data"] = new JsonArray(new JsonObject { ["object"] = "embedding", ["index"] = 0, ["embedding"] = new JsonArray(0.5, 0.25) }),
            ["model"] = golden.Model,
            ["service_tier"] = golden.ServiceTier,
            ["usage"] = golden.Usage,
        }.ToJsonString()),
        "anthropic.messages" => Anthropic(golden, stream),
        "gemini.generateContent" when golden.Model.Contains("embedding", StringComparison.Ordinal) =>
            FakeAnswer.Json($$"""{"embedding":{"values":[0.5,0.25]},"usageMetadata":{{golden.Usage.ToJsonString()}}}"""),
        "gemini.generateContent" => Gemini(golden, stream),
        "cohere.v2" => Cohere(golden, stream),
        "ollama.chat" => Ollama(golden, stream),
        _ => Chat(golden, stream),
    };

    private static FakeAnswer Chat(CostCase golden, bool stream)
    {
        JsonObject Chunk(JsonArray choices, JsonObject? usage) =>
            new() { ["id"] = "c1", ["object"] = stream ? "chat.completion.chunk" : "chat.completion", ["created"] = 1, ["model"] = golden.Model, ["service_tier"] = golden.ServiceTier, ["choices"] = choices, ["usage"] = usage };

        if (!stream) return Json(Chunk([JsonNode.Parse("""{"index":0,"message":{"role":"assistant","content":"Hi"},"finish_reason":"stop"}""")], golden.Usage));
        return Events(
            Chunk([JsonNode.Parse("""{"index":0,"delta":{"role":"assistant","content":"Hi"},"finish_reason":null}""")], null),
            Chunk([JsonNode.Parse("""{"index":0,"delta":{},"finish_reason":"stop"}""")], null),
            Chunk([], golden.Usage),
            null);
    }

    private static FakeAnswer Responses(CostCase golden, bool stream)
    {
        var output = new JsonArray();
        foreach (var (tool, count) in golden.ToolCalls)
        {
            for (int i = 0; i < count; i++) output.Add(new JsonObject { ["type"] = $"{tool}_call", ["id"] = $"{tool}_{i}", ["status"] = "completed" });
        }
        // A page that is opened is no search.
        output.Add(JsonNode.Parse("""{"type":"web_search_call","id":"ws_page","status":"completed","action":{"type":"open_page","url":"https://example.com"}}"""));
        output.Add(JsonNode.Parse("""{"type":"message","id":"msg_1","status":"completed","role":"assistant","content":[{"type":"output_text","text":"Hi","annotations":[]}]}"""));
        var response = new JsonObject { ["id"] = "resp_1", ["object"] = "response", ["created_at"] = 1, ["status"] = "completed", ["model"] = golden.Model, ["service_tier"] = golden.ServiceTier, ["output"] = output, ["usage"] = golden.Usage };
        if (!stream) return Json(response);
        var begun = response.DeepClone().AsObject();
        (begun["status"], begun["output"], begun["usage"]) = ("in_progress", new JsonArray(), null);
        return NamedEvents(
            new JsonObject { ["type"] = "response.created", ["sequence_number"] = 0, ["response"] = begun },
            new JsonObject { ["type"] = "response.completed", ["sequence_number"] = 1, ["response"] = response });
    }

    private static FakeAnswer Anthropic(CostCase golden, bool stream)
    {
        JsonObject Message(JsonArray content, string? reason, JsonObject usage) =>
            new() { ["id"] = "msg_1", ["type"] = "message", ["role"] = "assistant", ["model"] = golden.Model, ["content"] = content, ["stop_reason"] = reason, ["stop_sequence"] = null, ["usage"] = usage };

        if (!stream) return Json(Message([JsonNode.Parse("""{"type":"text","text":"Hi"}""")], "end_turn", golden.Usage));
        var first = golden.Usage;
        first["output_tokens"] = 1;
        // The last report is cumulative and leaves out what the first said for good.
        var last = golden.Usage;
        foreach (string name in (string[])["cache_creation", "service_tier", "inference_geo", "speed"]) last.Remove(name);
        return NamedEvents(
            new JsonObject { ["type"] = "message_start", ["message"] = Message([], null, first) },
            Event("""{"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}"""),
            Event("""{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Hi"}}"""),
            Event("""{"type":"content_block_stop","index":0}"""),
            new JsonObject { ["type"] = "message_delta", ["delta"] = Event("""{"stop_reason":"end_turn","stop_sequence":null}"""), ["usage"] = last },
            Event("""{"type":"message_stop"}"""));
    }

    private static FakeAnswer Gemini(CostCase golden, bool stream)
    {
        var candidate = Event("""{"index":0,"content":{"role":"model","parts":[{"text":"Hi"}]},"finishReason":"STOP"}""");
        // Empty queries and those asked twice are not billed.
        foreach (var (_, count) in golden.ToolCalls) candidate["groundingMetadata"] = new JsonObject { ["webSearchQueries"] = new JsonArray([.. Enumerable.Range(0, count).SelectMany(i => (JsonNode[])[$"query {i}", "", $"query {i}"])]) };
        var answer = new JsonObject { ["candidates"] = new JsonArray(candidate), ["usageMetadata"] = golden.Usage, ["modelVersion"] = golden.Model, ["responseId"] = "r1" };
        if (!stream) return Json(answer);
        var early = new JsonObject { ["candidates"] = new JsonArray(Event("""{"index":0,"content":{"role":"model","parts":[{"text":"Oh "}]}}""")), ["usageMetadata"] = new JsonObject { ["promptTokenCount"] = 1, ["totalTokenCount"] = 1 }, ["modelVersion"] = golden.Model };
        return new FakeAnswer(200, "text/event-stream", Encoding.UTF8.GetBytes($"data: {early.ToJsonString()}\r\n\r\ndata: {answer.ToJsonString()}\r\n\r\n"));
    }

    private static FakeAnswer Cohere(CostCase golden, bool stream)
    {
        if (!stream) return Json(new JsonObject { ["id"] = "c1", ["finish_reason"] = "COMPLETE", ["message"] = Event("""{"role":"assistant","content":[{"type":"text","text":"Hi"}]}"""), ["usage"] = golden.Usage });
        return NamedEvents(
            Event("""{"type":"message-start","id":"c1","delta":{"message":{"role":"assistant","content":[],"tool_plan":"","tool_calls":[],"citations":[]}}}"""),
            Event("""{"type":"content-start","index":0,"delta":{"message":{"content":{"type":"text","text":""}}}}"""),
            Event("""{"type":"content-delta","index":0,"delta":{"message":{"content":{"text":"Hi"}}}}"""),
            Event("""{"type":"content-end","index":0}"""),
            new JsonObject { ["type"] = "message-end", ["delta"] = new JsonObject { ["finish_reason"] = "COMPLETE", ["usage"] = golden.Usage } });
    }

    private static FakeAnswer Ollama(CostCase golden, bool stream)
    {
        var answer = Event("""{"created_at":"2026-11-15T12:00:00Z","message":{"role":"assistant","content":"Hi"},"done":true,"done_reason":"stop"}""");
        answer["model"] = golden.Model;
        foreach (var (name, count) in golden.Usage) answer[name] = count!.DeepClone();
        return stream ? new FakeAnswer(200, "application/x-ndjson", Encoding.UTF8.GetBytes(answer.ToJsonString() + "\n")) : Json(answer);
    }

    private static JsonObject Event(string json) => JsonNode.Parse(json)!.AsObject();

    private static FakeAnswer Json(JsonObject json) => FakeAnswer.Json(json.ToJsonString());

    private static FakeAnswer Events(params JsonObject?[] events) => FakeAnswer.Events(string.Concat(events.Select(e => $"data: {e?.ToJsonString() ?? "[DONE]"}\n\n")));

    private static FakeAnswer NamedEvents(params JsonObject[] events) => FakeAnswer.Events(string.Concat(events.Select(e => $"event: {e["type"]}\ndata: {e.ToJsonString()}\n\n")));
}
