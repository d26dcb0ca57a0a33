using System.Buffers;
using System.Text;
using System.Text.Json.Nodes;
using Sluice.Chat;
using Sluice.Errors;
using Sluice.Formats.Framing;
using Sluice.TestKit;
using Sluice.Wire;

namespace Sluice.Formats.Tests.BedrockConverse;

/// <summary>Converse by hand-made requests and frames.</summary>
public sealed class BedrockTests
{
    private const string Claude = "us.anthropic.claude-sonnet-4-5-20250929-v1:0";

    [Fact]
    public void EncodeRequest_Conversation_HasAlternatingRolesAndUnionBlocks()
    {
        var (body, losses) = Encode(Ask(
            new ChatMessage(Role.System, [new TextPart("s") { Cache = new CacheMarker("1h") }]),
            new ChatMessage(Role.User, [new TextPart("q"), new MediaPart(MediaKind.Image, new InlineMedia("iVBORw0KGgo=")), new MediaPart(MediaKind.Document, new TextMedia("d")) { Title = "a_b.txt" }]),
            new ChatMessage(Role.Assistant, [new ReasoningPart("t") { Signature = new Signature("sig", "anthropic") }, new ReasoningPart("") { IsRedacted = true, Signature = new Signature("red", "anthropic") }, new ToolCallPart("id:1", "my.tool", "{\"a\":1}")]),
            new ChatMessage(Role.Tool, [new ToolResultPart("id:1", [new TextPart("r")]) { IsError = true }]),
            new ChatMessage(Role.User, [new TextPart("go on")])));
        string id = body["messages"]![1]!["content"]![2]!["toolUse"]!["toolUseId"]!.GetValue<string>();
        string name = body["messages"]![1]!["content"]![2]!["toolUse"]!["name"]!.GetValue<string>();
        JsonAssert.Difference(
            $$$"""
            {"system":[{"text":"s"},{"cachePoint":{"type":"default","ttl":"1h"}}],"inferenceConfig":{},
             "messages":[
              {"role":"user","content":[{"text":"q"},{"image":{"format":"png","source":{"bytes":"iVBORw0KGgo="} } },{"document":{"format":"txt","name":"a b txt (1)","source":{"bytes":"ZA=="} } }]},
              {"role":"assistant","content":[{"reasoningContent":{"reasoningText":{"text":"t","signature":"sig"} } },{"reasoningContent":{"redactedContent":"cmVk"}},{"toolUse":{"toolUseId":"{{{id}}}","name":"{{{name}}}","input":{"a":1} } }]},
              {"role":"user","content":[{"toolResult":{"toolUseId":"{{{id}}}","content":[{"text":"r"}],"status":"error"}},{"text":"go on"}]}],
             "toolConfig":{"tools":[{"toolSpec":{"name":"{{{name}}}","inputSchema":{"json":{"type":"object","properties":{} } } } }]}}
            """,
            body.ToJsonString()).ShouldBeNull();
        losses.ShouldBe(["tools"]);
    }

    [Fact]
    public void EncodeRequest_OnClaude_PutsThinkingIntoTheModelsFields()
    {
        var (body, losses) = Encode(Ask() with { Reasoning = new ReasoningOptions { BudgetTokens = 2000 }, TopK = 5, MaxTokens = 4000, Temperature = 0.2, Stop = ["x"] });
        JsonAssert.Difference("""{"thinking":{"type":"enabled","budget_tokens":2000}}""", body["additionalModelRequestFields"]!.ToJsonString()).ShouldBeNull();
        JsonAssert.Difference("""{"maxTokens":4000,"stopSequences":["x"]}""", body["inferenceConfig"]!.ToJsonString()).ShouldBeNull();
        losses.ShouldBe(["temperature", "top_k"]);
    }

    [Fact]
    public void EncodeRequest_OnOtherMakers_SaysEffortInTheirWords()
    {
        var ask = Ask() with { Reasoning = new ReasoningOptions { Effort = "xhigh" }, TopK = 3 };
        Encode(ask, "us.amazon.nova-2-lite-v1:0").Body["additionalModelRequestFields"]!.ToJsonString().ShouldBe("""{"reasoningConfig":{"type":"enabled","maxReasoningEffort":"high"},"inferenceConfig":{"topK":3}}""");
        Encode(ask, "openai.gpt-oss-120b-1:0").Body["additionalModelRequestFields"]!.ToJsonString().ShouldBe("""{"reasoning_effort":"high"}""");
        var (body, losses) = Encode(ask, "mistral.mistral-large");
        body.ContainsKey("additionalModelRequestFields").ShouldBeFalse();
        losses.ShouldBe(["top_k", "reasoning"]);
    }

    [Fact]
    public void EncodeRequest_ToolsAndSchema_AreInConversesWords()
    {
        var request = Ask() with
        {
            Tools = [new FunctionTool("f") { Description = "d", Parameters = RawJson.FromText("""{"type":"object"}"""), Cache = new CacheMarker() }],
            ToolChoice = new ToolChoice("tool") { Name = "f" },
            ParallelToolCalls = false,
            AnswerFormat = new AnswerFormat("json_schema") { Name = "N", Schema = RawJson.FromText("""{"type":"object","properties":{}}""") },
            Metadata = RawJson.FromText("""{"team":"search"}"""),
            ServiceTier = "flex",
        };
        var (body, losses) = Encode(request);
        JsonAssert.Difference(
            """{"tools":[{"toolSpec":{"name":"f","description":"d","inputSchema":{"json":{"type":"object"}}}},{"cachePoint":{"type":"default"}}],"toolChoice":{"tool":{"name":"f"}}}""",
            body["toolConfig"]!.ToJsonString()).ShouldBeNull();
        var schema = body["outputConfig"]!["textFormat"]!["structure"]!["jsonSchema"]!;
        schema["name"]!.GetValue<string>().ShouldBe("N");
        JsonAssert.Difference("""{"type":"object","properties":{},"additionalProperties":false}""", schema["schema"]!.GetValue<string>()).ShouldBeNull();
        body["requestMetadata"]!.ToJsonString().ShouldBe("""{"team":"search"}""");
        body["serviceTier"]!.ToJsonString().ShouldBe("""{"type":"flex"}""");
        losses.ShouldBe(["parallel_tool_calls"]);
    }

    [Fact]
    public void EncodeRequest_NoCalls_IsSaidByOfferingNoTools()
    {
        var (body, losses) = Encode(Ask() with { Tools = [new FunctionTool("f")], ToolChoice = ToolChoice.None });
        body.ContainsKey("toolConfig").ShouldBeFalse();
        losses.ShouldBe(["tool_choice"]);
    }

    [Fact]
    public void EncodeRequest_WhatCannotBeSaid_IsReported()
    {
        var (_, losses) = Encode(Ask(new ChatMessage(Role.User,
        [
            new TextPart("q") { Cache = new CacheMarker() },
            new MediaPart(MediaKind.Image, new UrlMedia("https://x/y.png")),
            new MediaPart(MediaKind.Image, new UrlMedia("s3://b/y.png")),
            new MediaPart(MediaKind.Document, new FileMedia("f")),
            new MediaPart(MediaKind.Video, new InlineMedia("AAAA") { MediaType = "video/mp4" }),
        ])) with { Seed = 1, User = "u", AnswerFormat = new AnswerFormat("json") }, "meta.llama4");
        losses.ShouldBe(["seed", "user", "messages[0].content[0].cache", "messages[0].content[1]", "messages[0].content[3]", "answer_format"]);
    }

    [Fact]
    public void DecodeStream_CallsAndServerTools_AreToldApart()
    {
        var answer = BedrockCorpusTests.Read([Stream(
            ("messageStart", """{"role":"assistant"}"""),
            ("contentBlockStart", """{"contentBlockIndex":0,"start":{"toolUse":{"toolUseId":"s","name":"nova_code_interpreter","type":"server_tool_use"}}}"""),
            ("contentBlockDelta", """{"contentBlockIndex":0,"delta":{"toolUse":{"input":"{\"a\""}}}"""),
            ("contentBlockDelta", """{"contentBlockIndex":0,"delta":{"toolUse":{"input":":1}"}}}"""),
            ("contentBlockStop", """{"contentBlockIndex":0}"""),
            ("contentBlockStart", """{"contentBlockIndex":1,"start":{"toolResult":{"toolUseId":"s","type":"nova_code_interpreter_result","status":"success"}}}"""),
            ("contentBlockDelta", """{"contentBlockIndex":1,"delta":{"toolResult":[{"json":{"x":1}}]}}"""),
            ("contentBlockStop", """{"contentBlockIndex":1}"""),
            ("contentBlockStart", """{"contentBlockIndex":2,"start":{"toolUse":{"toolUseId":"c","name":"f"}}}"""),
            ("contentBlockDelta", """{"contentBlockIndex":2,"delta":{"toolUse":{"input":""}}}"""),
            ("contentBlockStop", """{"contentBlockIndex":2}"""),
            ("messageStop", """{"stopReason":"tool_use"}"""),
            ("metadata", """{"usage":{"inputTokens":3,"outputTokens":2,"totalTokens":15,"cacheReadInputTokens":6,"cacheWriteInputTokens":4,"cacheDetails":[{"ttl":"1h","inputTokens":3}]}}"""))]).ToResponse();
        var parts = answer.Candidates[0].Parts;
        parts[0].ShouldBeOfType<ServerToolCallPart>().Input.ToString().ShouldBe("{\"a\":1}");
        parts[1].ShouldBeOfType<ServerToolResultPart>().Content.ToString().ShouldBe("""[{"json":{"x":1}}]""");
        parts[2].ShouldBeOfType<ToolCallPart>().Arguments.ShouldBe("{}");
        answer.Candidates[0].FinishReason.ShouldBe(FinishReason.ToolCalls);
        answer.Usage!.InputTokens.ShouldBe(13);
        answer.Usage.CacheWriteTokens.ShouldBe(1);
        answer.Usage.CacheWrite1hTokens.ShouldBe(3);
    }

    [Fact]
    public void DecodeStream_Exception_IsAnErrorOfItsKind()
    {
        var output = new ArrayBufferWriter<byte>();
        output.Write(Stream(("messageStart", """{"role":"assistant"}""")));
        AmazonEventStream.Write(output, """{"message":"Too many tokens, please wait before trying again."}"""u8, (":exception-type", "throttlingException"), (":message-type", "exception"));
        var folded = BedrockCorpusTests.Read([output.WrittenSpan.ToArray()]);
        folded.Error!.Kind.ShouldBe(ErrorKind.RateLimited);
        folded.Error.Message.ShouldStartWith("Too many tokens");
    }

    [Fact]
    public void EncodeStreamError_IsReadBackAsThatError()
    {
        var output = new ArrayBufferWriter<byte>();
        WireFormats.Find(WireFormatId.BedrockConverse)!.EncodeStreamError(new GatewayError(ErrorKind.Overloaded, "busy"), StreamStyle.Default, output);
        var folded = BedrockCorpusTests.Read([output.WrittenSpan.ToArray()]);
        folded.Error!.Kind.ShouldBe(ErrorKind.Overloaded);
        folded.Error.Message.ShouldBe("busy");
    }

    [Fact]
    public void Invoke_StreamsAnthropicEventsInsideFrames()
    {
        string[] events =
        [
            """{"type":"message_start","message":{"id":"m","type":"message","role":"assistant","model":"c","content":[],"usage":{"input_tokens":1,"output_tokens":1}}}""",
            """{"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}""", """{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Hi"}}""",
            """{"type":"content_block_stop","index":0}""", """{"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":4}}""", """{"type":"message_stop"}""",
        ];
        byte[] stream = Stream([.. events.Select(e => ("chunk", $$"""{"bytes":"{{Convert.ToBase64String(Encoding.UTF8.GetBytes(e))}}","p":"abc"}"""))]);
        var folded = BedrockCorpusTests.Read([stream], WireFormats.Find<IChatClientFormat>(WireFormatId.BedrockInvokeAnthropic));
        folded.IsComplete.ShouldBeTrue();
        folded.ToResponse().Candidates[0].Parts.ShouldHaveSingleItem().ShouldBeOfType<TextPart>().Text.ShouldBe("Hi");
    }

    [Fact]
    public void FrameReader_MutatedBytes_GivesFramesOrOneException()
    {
        byte[] good = Stream(("messageStart", """{"role":"assistant"}"""), ("contentBlockDelta", """{"contentBlockIndex":0,"delta":{"text":"Hi"}}"""), ("messageStop", """{"stopReason":"end_turn"}"""), ("metadata", "{}"));
        var random = new Random(3);
        for (int round = 0; round < 2000; round++)
        {
            byte[] bytes = (byte[])good.Clone();
            bytes[random.Next(bytes.Length)] ^= (byte)random.Next(1, 256);
            BedrockCorpusTests.Read(bytes.Chunk(random.Next(1, 60))).IsComplete.ShouldBeFalse();
        }
    }

    [Fact]
    public void Decode_ValuesOfAnotherKind_AreFaultsNotExceptions()
    {
        Assert.SkipUnless(RepositoryPaths.HasCorpus, "the recordings beside the checkout are absent");
        string[] values = ["null", "7", "\"x\"", "\"\"", "true", "[]", "{}", "[1]", "[{}]", "{\"text\":{}}", "{\"toolUse\":1}", "{\"reasoningContent\":[]}", "{\"citation\":3}"];
        var random = new Random(5);
        foreach (var exchange in Corpus.Of("bedrock-converse"))
        {
            for (int round = 0; round < 30; round++)
            {
                if (exchange.ResponseBody is { } body)
                {
                    var outcome = WireFormats.Find<IChatClientFormat>(WireFormatId.BedrockConverse)!.DecodeResponse(Encoding.UTF8.GetBytes(Misshape(body, values, random)), BedrockCorpusTests.Context());
                    if (outcome.Error is { } error) error.Message.ShouldNotBeEmpty();
                }
                else if (exchange.EventStream is not null)
                {
                    var events = exchange.Json.GetProperty("response").GetProperty("events").EnumerateArray().ToArray();
                    int broken = random.Next(events.Length);
                    BedrockCorpusTests.Read([Stream([.. events.Select((e, i) => (e.GetProperty("headers").GetProperty(":event-type").GetString()!, i == broken ? Misshape(e.GetProperty("payload").GetRawText(), values, random) : e.GetProperty("payload").GetRawText()))])]);
                }
            }
        }
    }

    private static string Misshape(string json, string[] values, Random random)
    {
        var node = JsonNode.Parse(json)!;
        var root = node;
        while (true)
        {
            JsonNode[] children = node switch { JsonObject o => [.. o.Select(m => m.Value).OfType<JsonNode>()], JsonArray a => [.. a.OfType<JsonNode>()], _ => [] };
            if (children.Length == 0 || (node != root && random.Next(4) == 0)) break;
            node = children[random.Next(children.Length)];
        }
        if (node == root) return values[random.Next(values.Length)];
        node.ReplaceWith(JsonNode.Parse(values[random.Next(values.Length)]));
        return root.ToJsonString();
    }

    private static byte[] Stream(params (string Event, string Payload)[] events)
    {
        var output = new ArrayBufferWriter<byte>();
        foreach (var (name, payload) in events) AmazonEventStream.Write(output, Encoding.UTF8.GetBytes(payload), (":event-type", name), (":content-type", "application/json"), (":message-type", "event"));
        return output.WrittenSpan.ToArray();
    }

    private static ChatRequest Ask(params ChatMessage[] messages) => new() { Model = "any", Messages = messages.Length > 0 ? messages : [new ChatMessage(Role.User, [new TextPart("Hello")])] };

    private static (JsonObject Body, string[] Losses) Encode(ChatRequest request, string model = Claude)
    {
        var context = BedrockCorpusTests.Context(model, request);
        var output = new ArrayBufferWriter<byte>();
        WireFormats.Find<IChatClientFormat>(WireFormatId.BedrockConverse)!.EncodeRequest(request, context, output).ShouldBeNull();
        return (JsonNode.Parse(output.WrittenSpan)!.AsObject(), [.. context.Losses.Losses.Select(l => l.Path)]);
    }
}
