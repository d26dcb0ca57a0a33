namespace Sluice.TestKit;

/// <summary>
/// The same answer in every dialect, streamed and whole: it names a card number in text, in reasoning and in a tool's arguments, cut in the middle of
/// the number wherever the dialect streams. The number stands in the arguments a second time as a number, which no text rule may touch.
/// </summary>
public static class CardAnswers
{
    /// <summary>The number.</summary>
    public const string Card = "4111111111111111";

    /// <summary>The text.</summary>
    public const string Text = $"The card is {Card}, and \"{Card}\" it stays.";

    /// <summary>The dialects.</summary>
    public static IEnumerable<string> Dialects => All.Keys;

    /// <summary>The streamed answer of a dialect.</summary>
    public static string Stream(string dialect) => All[dialect].Stream;

    /// <summary>The whole answer of a dialect.</summary>
    public static string Whole(string dialect) => All[dialect].Whole;

    private static Dictionary<string, (string Stream, string Whole)> All { get; } = new(StringComparer.Ordinal)
    {
        ["openai-chat"] = (
            Sse(
                Chat("""{"role":"assistant","content":""}"""),
                Chat("""{"reasoning_content":"Think of 41111111"}"""),
                Chat("""{"reasoning_content":"11111111."}"""),
                Chat("""{"content":"The card is 411"}"""),
                Chat("""{"content":"1111"}"""),
                Chat("""{"content":"111111111, and \"4111"}"""),
                Chat("""{"content":"111111111111\" it stays."}"""),
                Chat("""{"tool_calls":[{"index":0,"id":"call_1","type":"function","function":{"name":"pay","arguments":""}}]}"""),
                Chat("""{"tool_calls":[{"index":0,"function":{"arguments":"{\"card\":\"41111"}}]}"""),
                Chat("""{"tool_calls":[{"index":0,"function":{"arguments":"11111111111\",\"n\":4111"}}]}"""),
                Chat("""{"tool_calls":[{"index":0,"function":{"arguments":"111111111111}"}}]}"""),
                """{"id":"c1","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{},"finish_reason":"tool_calls"}]}""",
                """{"id":"c1","object":"chat.completion.chunk","created":1,"model":"m","choices":[],"usage":{"prompt_tokens":3,"completion_tokens":9,"total_tokens":12}}""",
                "[DONE]"),
            """{"id":"c1","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,"message":{"role":"assistant","reasoning_content":"Think of 4111111111111111.","content":"The card is 4111111111111111, and \"4111111111111111\" it stays.","tool_calls":[{"id":"call_1","type":"function","function":{"name":"pay","arguments":"{\"card\":\"4111111111111111\",\"n\":4111111111111111}"}}]},"finish_reason":"tool_calls"}],"usage":{"prompt_tokens":3,"completion_tokens":9,"total_tokens":12}}"""),
        ["openai-completions"] = (
            Sse(
                """{"id":"c1","object":"text_completion","created":1,"model":"m","choices":[{"index":0,"text":"The card is 411","logprobs":null,"finish_reason":null}]}""",
                """{"id":"c1","object":"text_completion","created":1,"model":"m","choices":[{"index":0,"text":"1111111111111, and \"41111111","logprobs":null,"finish_reason":null}]}""",
                """{"id":"c1","object":"text_completion","created":1,"model":"m","choices":[{"index":0,"text":"11111111\" it stays.","logprobs":null,"finish_reason":"stop"}]}""",
                """{"id":"c1","object":"text_completion","created":1,"model":"m","choices":[],"usage":{"prompt_tokens":3,"completion_tokens":9,"total_tokens":12}}""",
                "[DONE]"),
            """{"id":"c1","object":"text_completion","created":1,"model":"m","choices":[{"index":0,"text":"The card is 4111111111111111, and \"4111111111111111\" it stays.","logprobs":null,"finish_reason":"stop"}],"usage":{"prompt_tokens":3,"completion_tokens":9,"total_tokens":12}}"""),
        ["openai-responses"] = (
            ResponsesStream(
                """{"type":"response.created","response":{"id":"resp_1","object":"response","created_at":1,"model":"m","status":"in_progress","output":[]}}""",
                """{"type":"response.output_item.added","output_index":0,"item":{"id":"rs_1","type":"reasoning","summary":[]}}""",
                """{"type":"response.reasoning_summary_part.added","item_id":"rs_1","output_index":0,"summary_index":0,"part":{"type":"summary_text","text":""}}""",
                """{"type":"response.reasoning_summary_text.delta","item_id":"rs_1","output_index":0,"summary_index":0,"delta":"Think of 41111111"}""",
                """{"type":"response.reasoning_summary_text.delta","item_id":"rs_1","output_index":0,"summary_index":0,"delta":"11111111."}""",
                """{"type":"response.reasoning_summary_text.done","item_id":"rs_1","output_index":0,"summary_index":0,"text":"Think of 4111111111111111."}""",
                """{"type":"response.reasoning_summary_part.done","item_id":"rs_1","output_index":0,"summary_index":0,"part":{"type":"summary_text","text":"Think of 4111111111111111."}}""",
                """{"type":"response.output_item.done","output_index":0,"item":{"id":"rs_1","type":"reasoning","summary":[{"type":"summary_text","text":"Think of 4111111111111111."}]}}""",
                """{"type":"response.output_item.added","output_index":1,"item":{"id":"msg_1","type":"message","role":"assistant","status":"in_progress","content":[]}}""",
                """{"type":"response.content_part.added","item_id":"msg_1","output_index":1,"content_index":0,"part":{"type":"output_text","text":"","annotations":[]}}""",
                """{"type":"response.output_text.delta","item_id":"msg_1","output_index":1,"content_index":0,"delta":"The card is 4111","logprobs":[]}""",
                """{"type":"response.output_text.delta","item_id":"msg_1","output_index":1,"content_index":0,"delta":"111111111111, and \"411111","logprobs":[]}""",
                """{"type":"response.output_text.delta","item_id":"msg_1","output_index":1,"content_index":0,"delta":"1111111111\" it stays.","logprobs":[]}""",
                """{"type":"response.output_text.done","item_id":"msg_1","output_index":1,"content_index":0,"text":"The card is 4111111111111111, and \"4111111111111111\" it stays.","logprobs":[]}""",
                """{"type":"response.content_part.done","item_id":"msg_1","output_index":1,"content_index":0,"part":{"type":"output_text","text":"The card is 4111111111111111, and \"4111111111111111\" it stays.","annotations":[]}}""",
                """{"type":"response.output_item.done","output_index":1,"item":{"id":"msg_1","type":"message","role":"assistant","status":"completed","content":[{"type":"output_text","text":"The card is 4111111111111111, and \"4111111111111111\" it stays.","annotations":[]}]}}""",
                """{"type":"response.output_item.added","output_index":2,"item":{"id":"fc_1","type":"function_call","status":"in_progress","call_id":"call_1","name":"pay","arguments":""}}""",
                """{"type":"response.function_call_arguments.delta","item_id":"fc_1","output_index":2,"delta":"{\"card\":\"411111"}""",
                """{"type":"response.function_call_arguments.delta","item_id":"fc_1","output_index":2,"delta":"1111111111\",\"n\":4111111111111111}"}""",
                """{"type":"response.function_call_arguments.done","item_id":"fc_1","output_index":2,"arguments":"{\"card\":\"4111111111111111\",\"n\":4111111111111111}"}""",
                """{"type":"response.output_item.done","output_index":2,"item":{"id":"fc_1","type":"function_call","status":"completed","call_id":"call_1","name":"pay","arguments":"{\"card\":\"4111111111111111\",\"n\":4111111111111111}"}}""",
                """{"type":"response.completed","response":WHOLE}"""),
            ResponsesWhole),
        ["anthropic-messages"] = (
            AnthropicStream(
                """{"type":"message_start","message":{"id":"msg_1","type":"message","role":"assistant","model":"m","content":[],"stop_reason":null,"stop_sequence":null,"usage":{"input_tokens":3,"output_tokens":1}}}""",
                """{"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}""",
                """{"type":"ping"}""",
                """{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"The card is 41111111"}}""",
                """{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"11111111, and \"411"}}""",
                """{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"1111111111111\" it stays."}}""",
                """{"type":"content_block_stop","index":0}""",
                """{"type":"content_block_start","index":1,"content_block":{"type":"tool_use","id":"toolu_1","name":"pay","input":{}}}""",
                """{"type":"content_block_delta","index":1,"delta":{"type":"input_json_delta","partial_json":"{\"card\":\"4111"}}""",
                """{"type":"content_block_delta","index":1,"delta":{"type":"input_json_delta","partial_json":"111111111111\",\"n\":4111111111111111}"}}""",
                """{"type":"content_block_stop","index":1}""",
                """{"type":"message_delta","delta":{"stop_reason":"tool_use","stop_sequence":null},"usage":{"output_tokens":9}}""",
                """{"type":"message_stop"}"""),
            """{"id":"msg_1","type":"message","role":"assistant","model":"m","content":[{"type":"text","text":"The card is 4111111111111111, and \"4111111111111111\" it stays."},{"type":"tool_use","id":"toolu_1","name":"pay","input":{"card":"4111111111111111","n":4111111111111111}}],"stop_reason":"tool_use","stop_sequence":null,"usage":{"input_tokens":3,"output_tokens":9}}"""),
        ["gemini-generate"] = (
            Sse(
                """{"candidates":[{"content":{"parts":[{"text":"Think of 411111111","thought":true}],"role":"model"},"index":0}],"modelVersion":"m","responseId":"r"}""",
                """{"candidates":[{"content":{"parts":[{"text":"1111111.","thought":true},{"text":"The card is 4111"}],"role":"model"},"index":0}],"modelVersion":"m","responseId":"r"}""",
                """{"candidates":[{"content":{"parts":[{"text":"111111111111, and \"411111111111111"}],"role":"model"},"index":0}],"modelVersion":"m","responseId":"r"}""",
                """{"candidates":[{"content":{"parts":[{"text":"1\" it stays."}],"role":"model"},"index":0}],"modelVersion":"m","responseId":"r"}""",
                """{"candidates":[{"content":{"parts":[{"functionCall":{"name":"pay","args":{"card":"4111111111111111","n":4111111111111111}}}],"role":"model"},"finishReason":"STOP","index":0}],"usageMetadata":{"promptTokenCount":3,"candidatesTokenCount":9,"totalTokenCount":12},"modelVersion":"m","responseId":"r"}"""),
            """{"candidates":[{"content":{"parts":[{"text":"Think of 4111111111111111.","thought":true},{"text":"The card is 4111111111111111, and \"4111111111111111\" it stays."},{"functionCall":{"name":"pay","args":{"card":"4111111111111111","n":4111111111111111}}}],"role":"model"},"finishReason":"STOP","index":0}],"usageMetadata":{"promptTokenCount":3,"candidatesTokenCount":9,"totalTokenCount":12},"modelVersion":"m","responseId":"r"}"""),
        ["ollama-chat"] = (
            Lines(
                """{"model":"m","created_at":"2026-01-01T00:00:00Z","message":{"role":"assistant","content":"","thinking":"Think of 4"},"done":false}""",
                """{"model":"m","created_at":"2026-01-01T00:00:00Z","message":{"role":"assistant","content":"","thinking":"111111111111111."},"done":false}""",
                """{"model":"m","created_at":"2026-01-01T00:00:00Z","message":{"role":"assistant","content":"The card is 4111111"},"done":false}""",
                """{"model":"m","created_at":"2026-01-01T00:00:00Z","message":{"role":"assistant","content":"111111111, and \"4111"},"done":false}""",
                """{"model":"m","created_at":"2026-01-01T00:00:00Z","message":{"role":"assistant","content":"111111111111\" it stays."},"done":false}""",
                """{"model":"m","created_at":"2026-01-01T00:00:00Z","message":{"role":"assistant","content":"","tool_calls":[{"function":{"name":"pay","arguments":{"card":"4111111111111111","n":4111111111111111}}}]},"done":false}""",
                """{"model":"m","created_at":"2026-01-01T00:00:00Z","message":{"role":"assistant","content":""},"done":true,"done_reason":"stop","prompt_eval_count":3,"eval_count":9}"""),
            """{"model":"m","created_at":"2026-01-01T00:00:00Z","message":{"role":"assistant","content":"The card is 4111111111111111, and \"4111111111111111\" it stays.","thinking":"Think of 4111111111111111.","tool_calls":[{"function":{"name":"pay","arguments":{"card":"4111111111111111","n":4111111111111111}}}]},"done":true,"done_reason":"stop","prompt_eval_count":3,"eval_count":9}"""),
        ["ollama-generate"] = (
            Lines(
                """{"model":"m","created_at":"2026-01-01T00:00:00Z","response":"The card is 4111111","done":false}""",
                """{"model":"m","created_at":"2026-01-01T00:00:00Z","response":"111111111, and \"4111","done":false}""",
                """{"model":"m","created_at":"2026-01-01T00:00:00Z","response":"111111111111\" it stays.","done":false}""",
                """{"model":"m","created_at":"2026-01-01T00:00:00Z","response":"","done":true,"done_reason":"stop","prompt_eval_count":3,"eval_count":9}"""),
            """{"model":"m","created_at":"2026-01-01T00:00:00Z","response":"The card is 4111111111111111, and \"4111111111111111\" it stays.","done":true,"done_reason":"stop","prompt_eval_count":3,"eval_count":9}"""),
    };

    private static string ResponsesWhole => """{"id":"resp_1","object":"response","created_at":1,"model":"m","status":"completed","output":[{"id":"rs_1","type":"reasoning","summary":[{"type":"summary_text","text":"Think of 4111111111111111."}]},{"id":"msg_1","type":"message","role":"assistant","status":"completed","content":[{"type":"output_text","text":"The card is 4111111111111111, and \"4111111111111111\" it stays.","annotations":[]}]},{"id":"fc_1","type":"function_call","status":"completed","call_id":"call_1","name":"pay","arguments":"{\"card\":\"4111111111111111\",\"n\":4111111111111111}"}],"usage":{"input_tokens":3,"output_tokens":9,"total_tokens":12}}""";

    private static string Chat(string delta) => $$"""{"id":"c1","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{{delta}},"finish_reason":null}]}""";

    private static string Sse(params string[] events) => string.Concat(events.Select(e => $"data: {e}\n\n"));

    private static string AnthropicStream(params string[] events) => string.Concat(events.Select(e => $"event: {e.Split('"')[3]}\ndata: {e}\n\n"));

    private static string ResponsesStream(params string[] events) =>
        string.Concat(events.Select((e, i) => $"event: {e.Split('"')[3]}\ndata: {e[..^1].Replace("WHOLE", ResponsesWhole, StringComparison.Ordinal)},\"sequence_number\":{i}}}\n\n"));

    private static string Lines(params string[] lines) => string.Concat(lines.Select(l => l + "\n"));
}
