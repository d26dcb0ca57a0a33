using System.Text.Json;

namespace Sluice.Gateway.Tests;

/// <summary>Answers of upstreams that call tools, in the format that was asked in.</summary>
internal static class ToolCallAnswers
{
    // Calls of tools in the upstream's own format.
    public static FakeAnswer Of(FakeRequest request, bool streamed, params (string Name, string Arguments)[] calls)
    {
        if (request.Target.Contains("generateContent", StringComparison.OrdinalIgnoreCase))
        {
            string parts = string.Join(',', calls.Select(c => $$$"""{"functionCall":{"name":"{{{c.Name}}}","args":{{{c.Arguments}}} } }"""));
            string answer = $$$"""{"candidates":[{"content":{"role":"model","parts":[{{{parts}}}]},"finishReason":"STOP"}]}""";
            return streamed ? FakeAnswer.Events($"data: {answer}\n\n") : FakeAnswer.Json(answer);
        }
        if (request.Target.EndsWith("/messages", StringComparison.Ordinal))
        {
            if (!streamed)
            {
                string blocks = string.Join(',', calls.Select((c, i) => $$$"""{"type":"tool_use","id":"toolu_{{{i}}}","name":"{{{c.Name}}}","input":{{{c.Arguments}}} }"""));
                return FakeAnswer.Json($$$"""{"id":"msg_1","type":"message","role":"assistant","model":"m","content":[{{{blocks}}}],"stop_reason":"tool_use","usage":{"input_tokens":1,"output_tokens":1}}""");
            }
            var events = new List<string> { """{"type":"message_start","message":{"id":"msg_1","type":"message","role":"assistant","model":"m","content":[],"usage":{"input_tokens":1,"output_tokens":1}}}""" };
            for (int i = 0; i < calls.Length; i++)
            {
                events.Add($$$"""{"type":"content_block_start","index":{{{i}}},"content_block":{"type":"tool_use","id":"toolu_{{{i}}}","name":"{{{calls[i].Name}}}","input":{} } }""");
                events.Add($$$"""{"type":"content_block_delta","index":{{{i}}},"delta":{"type":"input_json_delta","partial_json":{{{JsonSerializer.Serialize(calls[i].Arguments)}}} } }""");
                events.Add($$$"""{"type":"content_block_stop","index":{{{i}}} }""");
            }
            events.Add("""{"type":"message_delta","delta":{"stop_reason":"tool_use"},"usage":{"output_tokens":1}}""");
            events.Add("""{"type":"message_stop"}""");
            return FakeAnswer.Events(string.Concat(events.Select(e => $"event: {e.Split('"')[3]}\ndata: {e}\n\n")));
        }
        string toolCalls = string.Join(',', calls.Select((c, i) => $$$"""{"index":{{{i}}},"id":"call_{{{i}}}","type":"function","function":{"name":"{{{c.Name}}}","arguments":{{{JsonSerializer.Serialize(c.Arguments)}}} } }"""));
        return streamed
            ? FakeAnswer.Events($$$"""
                data: {"id":"1","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{"role":"assistant","tool_calls":[{{{toolCalls}}}] },"finish_reason":null}]}

                data: {"id":"1","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{},"finish_reason":"tool_calls"}]}

                data: [DONE]


                """)
            : FakeAnswer.Json($$$"""{"id":"1","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,"message":{"role":"assistant","content":null,"tool_calls":[{{{toolCalls}}}] },"finish_reason":"tool_calls"}]}""");
    }
}
