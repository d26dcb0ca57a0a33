using System.Text;
using System.Text.Json;
using Sluice.Chat;
using Sluice.Formats.Tests.OpenAIChat;
using Sluice.Streaming;
using Sluice.Wire;

namespace Sluice.Formats.Tests.Endings;

/// <summary>A character that is cut between two pieces, as an escape of half a surrogate pair or as bytes of UTF-8, arrives whole in every client's dialect.</summary>
public sealed class SplitTextTests
{
    private const string Said = "A😀é漢🇩🇪B";

    public static TheoryData<string, string> Places => new()
    {
        { "openai-chat", "text" }, { "openai-chat", "reasoning" }, { "openai-chat", "arguments" }, { "openai-chat", "refusal" },
        { "mistral-chat", "text" }, { "mistral-chat", "arguments" },
        { "anthropic-messages", "text" }, { "anthropic-messages", "reasoning" }, { "anthropic-messages", "arguments" },
        { "gemini-generate", "text" }, { "gemini-generate", "reasoning" }, { "gemini-generate", "arguments" },
        { "openai-responses", "text" }, { "openai-responses", "arguments" }, { "openai-responses", "reasoning" },
        { "ollama-chat", "text" }, { "ollama-chat", "reasoning" },
        { "cohere-chat", "text" }, { "cohere-chat", "arguments" },
        { "bedrock-converse", "text" }, { "bedrock-converse", "reasoning" }, { "bedrock-converse", "arguments" },
    };

    [Theory]
    [MemberData(nameof(Places))]
    public void Escapes_CutAtEveryUnit_AreJoined(string upstream, string kind)
    {
        for (int cut = 0; cut <= Said.Length; cut++)
        {
            byte[][] pieces = [Escaped(Said[..cut]), Escaped(Said[cut..])];
            Fold(upstream, kind, pieces).ShouldBe(Said, $"cut at {cut}");
        }
        Fold(upstream, kind, [.. Said.Select(unit => Escaped(unit.ToString()))]).ShouldBe(Said, "unit by unit");
    }

    [Theory]
    [MemberData(nameof(Places))]
    public void Bytes_CutAtEveryByte_AreJoined(string upstream, string kind)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(Said);
        for (int cut = 0; cut <= bytes.Length; cut++) Fold(upstream, kind, [bytes[..cut], bytes[cut..]]).ShouldBe(Said, $"cut at {cut}");
        Fold(upstream, kind, [.. bytes.Select(b => new[] { b })]).ShouldBe(Said, "byte by byte");
    }

    [Theory]
    [MemberData(nameof(Places))]
    public void Half_ThatFindsNoOther_BecomesTheReplacementCharacter(string upstream, string kind)
    {
        Fold(upstream, kind, [Escaped("A\ud83d")]).ShouldBe("A\ufffd");
        Fold(upstream, kind, [Escaped("A\ud83d"), Escaped("B")]).ShouldBe("A\ufffdB");
        Fold(upstream, kind, [Escaped("\ude00B")]).ShouldBe("\ufffdB");
        Fold(upstream, kind, [Escaped("A\ud83d"), Escaped("\ud83d"), Escaped("\ude00")]).ShouldBe("A\ufffd😀");
        Fold(upstream, kind, [[(byte)'A', 0xF0, 0x9F]]).ShouldBe("A\ufffd");
    }

    [Theory]
    [InlineData("gemini-generate", """{"candidates":[{"content":{"role":"model","parts":[{"text":"A\ud83d"},{"text":"\ude00B"}]},"finishReason":"STOP"}]}""")]
    [InlineData("openai-chat", """{"choices":[{"message":{"content":[{"type":"text","text":"A\ud83d"},{"type":"text","text":"\ude00B"}]},"finish_reason":"stop"}]}""")]
    public void Whole_CutBetweenParts_IsJoined(string upstream, string body)
    {
        var client = WireFormats.Find<IChatClientFormat>(new WireFormatId(upstream))!;
        var answer = client.DecodeResponse(Encoding.UTF8.GetBytes(body), ChatTesting.Context(WireFormatId.AnthropicMessages, client.Id)).Value!;
        string.Concat(answer.Candidates[0].Parts.OfType<TextPart>().Select(p => p.Text)).ShouldBe("A😀B");
    }

    private static string Fold(string upstream, string kind, byte[][] pieces)
    {
        var client = WireFormats.Find<IChatClientFormat>(new WireFormatId(upstream))!;
        var decoder = client.CreateStreamDecoder(ChatTesting.Context(WireFormatId.OllamaChat, client.Id));
        var folder = new StreamFolder();
        var grammar = new StreamGrammar();
        var events = new List<StreamEvent>();
        foreach (var (name, data) in Frames(upstream, kind, pieces)) decoder.Decode(new StreamFrame(Encoding.UTF8.GetBytes(name), data), events);
        decoder.Complete(events);
        foreach (var next in events)
        {
            grammar.Check(next).ShouldBeNull();
            folder.Add(next);
        }
        folder.Error?.Message.ShouldBeNull();
        return folder.ToResponse().Candidates[0].Parts[^1] switch
        {
            TextPart p => p.Text,
            RefusalPart p => p.Text,
            ReasoningPart p => p.Text,
            ToolCallPart p => JsonDocument.Parse(p.Arguments).RootElement.GetProperty("p").GetString()!,
            var other => other.ToString(),
        };
    }

    private static List<(string Name, byte[] Data)> Frames(string upstream, string kind, byte[][] pieces)
    {
        var frames = new List<(string, byte[])>();
        void Add(string json, string name = "") => frames.Add((name, Encoding.UTF8.GetBytes(json)));
        void Each(string json, string name = "")
        {
            foreach (byte[] piece in pieces) frames.Add((name, With(json, piece)));
        }

        // Arguments are JSON in a string: the head and the tail have pieces of their own.
        void Arguments(string json, string name = "")
        {
            Add(json.Replace("@", "{\\\"p\\\":\\\"", StringComparison.Ordinal), name);
            Each(json, name);
            Add(json.Replace("@", "\\\"}", StringComparison.Ordinal), name);
        }

        switch (upstream)
        {
            case "openai-chat" or "mistral-chat":
                if (kind == "arguments") Arguments("""{"choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"id":"abcdefghi","type":"function","function":{"name":"f","arguments":"@"}}]}}]}""");
                else Each("""{"choices":[{"index":0,"delta":{"%":"@"}}]}""".Replace("%", kind switch { "text" => "content", "reasoning" => "reasoning_content", _ => kind }, StringComparison.Ordinal));
                Add("""{"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}""");
                Add("[DONE]");
                break;
            case "anthropic-messages":
                Add("""{"type":"message_start","message":{"id":"m","type":"message","role":"assistant","model":"c","content":[]}}""");
                Add("""{"type":"content_block_start","index":0,"content_block":@}""".Replace("@", kind switch { "text" => """{"type":"text","text":""}""", "reasoning" => """{"type":"thinking","thinking":"","signature":""}""", _ => """{"type":"tool_use","id":"t","name":"f","input":{}}""" }, StringComparison.Ordinal));
                if (kind == "arguments") Arguments("""{"type":"content_block_delta","index":0,"delta":{"type":"input_json_delta","partial_json":"@"}}""");
                else Each(kind == "text" ? """{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"@"}}""" : """{"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":"@"}}""");
                Add("""{"type":"content_block_stop","index":0}""");
                Add("""{"type":"message_delta","delta":{"stop_reason":"end_turn"}}""");
                Add("""{"type":"message_stop"}""");
                break;
            case "gemini-generate":
                if (kind == "arguments")
                {
                    Add("""{"candidates":[{"content":{"parts":[{"functionCall":{"name":"f","willContinue":true}}]}}]}""");
                    Each("""{"candidates":[{"content":{"parts":[{"functionCall":{"partialArgs":[{"jsonPath":"$.p","stringValue":"@","willContinue":true}],"willContinue":true}}]}}]}""");
                    Add("""{"candidates":[{"content":{"parts":[{"functionCall":{}}]}}]}""");
                }
                else
                {
                    Each(kind == "text" ? """{"candidates":[{"content":{"parts":[{"text":"@"}]}}]}""" : """{"candidates":[{"content":{"parts":[{"text":"@","thought":true}]}}]}""");
                }
                Add("""{"candidates":[{"finishReason":"STOP"}]}""");
                break;
            case "openai-responses":
                if (kind == "arguments") Arguments("""{"type":"response.function_call_arguments.delta","output_index":0,"delta":"@"}""");
                else Each(kind == "text" ? """{"type":"response.output_text.delta","output_index":0,"content_index":0,"delta":"@"}""" : """{"type":"response.reasoning_summary_text.delta","output_index":0,"summary_index":0,"delta":"@"}""");
                Add("""{"type":"response.completed","response":{"id":"r","status":"completed","output":[]}}""");
                break;
            case "ollama-chat":
                Each("""{"model":"m","message":{"role":"assistant","%":"@"},"done":false}""".Replace("%", kind == "text" ? "content" : "thinking", StringComparison.Ordinal));
                Add("""{"model":"m","message":{"role":"assistant","content":""},"done":true,"done_reason":"stop"}""");
                break;
            case "cohere-chat":
                Add("""{"type":"message-start","id":"c"}""");
                if (kind == "arguments")
                {
                    Add("""{"type":"tool-call-start","index":0,"delta":{"message":{"tool_calls":{"id":"t","type":"function","function":{"name":"f","arguments":""}}}}}""");
                    Arguments("""{"type":"tool-call-delta","index":0,"delta":{"message":{"tool_calls":{"function":{"arguments":"@"}}}}}""");
                }
                else
                {
                    Each("""{"type":"content-delta","index":0,"delta":{"message":{"content":{"text":"@"}}}}""");
                }
                Add("""{"type":"message-end","delta":{"finish_reason":"COMPLETE"}}""");
                break;
            default:
                Add("""{"role":"assistant"}""", "messageStart");
                if (kind == "arguments")
                {
                    Add("""{"contentBlockIndex":0,"start":{"toolUse":{"toolUseId":"t","name":"f"}}}""", "contentBlockStart");
                    Arguments("""{"contentBlockIndex":0,"delta":{"toolUse":{"input":"@"}}}""", "contentBlockDelta");
                }
                else
                {
                    Each(kind == "text" ? """{"contentBlockIndex":0,"delta":{"text":"@"}}""" : """{"contentBlockIndex":0,"delta":{"reasoningContent":{"text":"@"}}}""", "contentBlockDelta");
                }
                Add("""{"contentBlockIndex":0}""", "contentBlockStop");
                Add("""{"stopReason":"end_turn"}""", "messageStop");
                Add("""{"usage":{"inputTokens":1,"outputTokens":1}}""", "metadata");
                break;
        }
        return frames;
    }

    private static byte[] With(string json, byte[] piece)
    {
        int at = json.IndexOf('@', StringComparison.Ordinal);
        return [.. Encoding.UTF8.GetBytes(json[..at]), .. piece, .. Encoding.UTF8.GetBytes(json[(at + 1)..])];
    }

    private static byte[] Escaped(string text) => Encoding.ASCII.GetBytes(string.Concat(text.Select(c => c < 0x80 ? c.ToString() : $"\\u{(int)c:x4}")));
}
