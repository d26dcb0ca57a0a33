using System.Text.Json;
using Sluice.Chat;
using Sluice.Errors;
using Sluice.TestKit;
using Sluice.Wire;

namespace Sluice.Formats.Tests.OpenAIChat;

/// <summary>Whole answers: the quirks of vendors, and what clients get of other formats.</summary>
public sealed class ChatAnswerTests
{
    private static readonly IChatServerFormat Server = WireFormats.Find<IChatServerFormat>(WireFormatId.OpenAIChat)!;
    private static readonly IChatClientFormat Client = WireFormats.Find<IChatClientFormat>(WireFormatId.OpenAIChat)!;

    [Theory]
    [InlineData("""{"id":"","object":"chat.completion","created":0,"model":"","choices":[{"index":0,"finish_reason":"","message":{"content":"x","tool_calls":null,"refusal":"","audio":{"id":"","data":""},"function_call":{"name":"","arguments":""}},"logprobs":{"content":null,"refusal":null}}]}""")]
    [InlineData("""{"id":"a","choices":[{"message":{"role":"assistant","content":"x","annotations":[{"type":"url_citation","url_citation":{"url":"u","title":"t","content":"c","start_index":0,"end_index":1,"more":1}},{"type":"file","file":{"hash":"h"}}]},"finish_reason":"function_call"}]}""")]
    [InlineData("""{"id":"a","object":"other","created":1784324967.0,"model":"m","choices":[{"index":1,"message":{"role":"assistant","content":null,"refusal":"no","images":[{"type":"image_url","image_url":{"url":"data:image/png;base64,AA=="}}]},"finish_reason":"stop","stop_reason":"END"}],"usage":{"prompt_tokens":1,"completion_tokens":2,"total_tokens":3,"x":{"y":1}}}""")]
    [InlineData("""{"id":"a","choices":[{"index":0,"message":{"role":"assistant","audio":{"id":"au","data":"AA==","transcript":"hi","expires_at":5}},"finish_reason":"stop","logprobs":{"content":[{"token":"a","logprob":-0.5,"bytes":null,"top_logprobs":[]}],"refusal":null}}],"x_groq":{"id":"r","usage":{"prompt_tokens":1}}}""")]
    [InlineData("""{"id":"a","choices":[{"index":0,"message":{"role":"assistant","content":[{"type":"text","text":"x"}],"reasoning":null,"executed_tools":[{"index":0}]},"finish_reason":"weird"}],"service_tier":"odd","system_fingerprint":""}""")]
    public void Answer_ReadAndWritten_IsTheSameJson(string body)
    {
        var context = ChatTesting.Context(WireFormatId.OpenAIChat, WireFormatId.OpenAIChat);
        JsonAssert.Difference(body, ChatTesting.Text(o => Server.EncodeResponse(Read(body), context, o))).ShouldBeNull();
    }

    [Theory]
    [InlineData("\"stop\"", true, "tool_calls")]
    [InlineData("\"\"", true, "tool_calls")]
    [InlineData("null", false, "stop")]
    [InlineData("\"length\"", true, "length")]
    [InlineData("\"model_length\"", false, "length")]
    [InlineData("\"insufficient_system_resource\"", false, "error")]
    [InlineData("\"function_call_filter: MALFORMED_FUNCTION_CALL\"", false, "malformed_tool_call")]
    public void FinishReason_ThatContradicts_IsDecidedByCalls(string reason, bool calls, string expected)
    {
        string message = calls ? """{"tool_calls":[{"id":"","function":{"name":"f","arguments":""}}]}""" : """{"content":"x"}""";
        Read("{\"choices\":[{\"message\":" + message + ",\"finish_reason\":" + reason + "}]}").Candidates[0].FinishReason.ShouldBe(new FinishReason(expected));
    }

    [Fact]
    public void Call_WithoutIdAndArguments_GetsBoth()
    {
        var call = Read("""{"choices":[{"message":{"tool_calls":[{"id":"","type":"function","function":{"name":"f","arguments":""},"extra_content":{"google":{"thought_signature":"sig"}}}]},"finish_reason":"tool_calls"}]}""").Candidates[0].Parts[0].ShouldBeOfType<ToolCallPart>();
        call.CallId.ShouldStartWith("call_");
        call.Arguments.ShouldBe("{}");
        call.Signature.ShouldBe(new Signature("sig", "gemini"));
    }

    [Theory]
    [InlineData("""{"prompt_tokens":10,"completion_tokens":5,"total_tokens":15,"prompt_tokens_details":{"cached_tokens":4,"cache_write_tokens":2},"completion_tokens_details":{"reasoning_tokens":3}}""", 10, 5, 4, 3)]
    [InlineData("""{"prompt_tokens":10,"completion_tokens":5,"total_tokens":18,"completion_tokens_details":{"reasoning_tokens":3}}""", 10, 8, null, 3)]
    [InlineData("""{"prompt_tokens":10,"completion_tokens":5,"prompt_cache_hit_tokens":6,"prompt_cache_miss_tokens":4,"prompt_tokens_details":null}""", 10, 5, 6, null)]
    [InlineData("""{"prompt_tokens":10,"completion_tokens":5,"num_cached_tokens":7}""", 10, 5, 7, null)]
    [InlineData("""{"prompt_tokens":10,"completion_tokens":5.0,"cached_tokens":0}""", 10, 5, 0, null)]
    public void Usage_InEveryVendorsNesting_IsUndone(string usage, int input, int output, int? cached, int? reasoning)
    {
        var read = Read($$"""{"choices":[{"finish_reason":"stop"}],"usage":{{usage}}}""").Usage!;
        (read.InputTokens, read.OutputTokens, read.CacheReadTokens, read.ReasoningTokens).ShouldBe(((long?)input, (long?)output, (long?)cached, (long?)reasoning));
        read.Raw.ToString().ShouldBe(usage);
    }

    [Fact]
    public void Usage_CostAndSearches_AreKept()
    {
        Read("""{"choices":[{"finish_reason":"stop"}],"usage":{"cost":0.00019325,"server_tool_use_details":{"web_search_requests":2}}}""").Usage!.ShouldSatisfyAllConditions(u => u.ProviderCost.ShouldBe(0.00019325m), u => u.ToolCalls!["web_search"].ShouldBe(2));
        Read("""{"choices":[{"finish_reason":"stop"}],"usage":{"cost":{"total_cost":0.5},"num_search_queries":1,"citation_tokens":9}}""").Usage!.ShouldSatisfyAllConditions(u => u.ProviderCost.ShouldBe(0.5m), u => u.CitationTokens.ShouldBe(9));
    }

    [Theory]
    [InlineData("""{"choices":null}""")]
    [InlineData("""{"choices":{}}""")]
    [InlineData("""{"contentType":"application/json"}""")]
    [InlineData("""[1]""")]
    [InlineData("<html>")]
    [InlineData("")]
    [InlineData("""{"choices":[{"message":{"tool_calls":[1]}}]}""")]
    public void Answer_ThatIsNone_IsAnError(string body) =>
        Client.DecodeResponse(ChatTesting.Utf8(body), ChatTesting.Context(WireFormatId.OpenAIChat, WireFormatId.OpenAIChat)).Error!.Kind.ShouldBe(ErrorKind.MalformedAnswer);

    [Fact]
    public void Answer_OfAnotherFormat_HasEveryRequiredMember()
    {
        var (body, losses) = Write(new ChatResponse
        {
            Candidates =
            [
                new Candidate
                {
                    Parts =
                    [
                        new ReasoningPart("think") { Signature = new Signature("s", "anthropic") },
                        new ReasoningPart("") { IsRedacted = true, Signature = new Signature("r", "anthropic") },
                        new TextPart("See ") { Citations = [new Citation { Kind = "web", Url = "https://x", Title = "T" }, new Citation { Kind = "char_location" }] },
                        new TextPart("this."),
                        new ToolCallPart("toolu_1", "f", "") { Signature = new Signature("g", "gemini") },
                        new ServerToolCallPart("srv", "web_search", default),
                    ],
                    FinishReason = FinishReason.Pause,
                },
            ],
            Usage = new Usage { InputTokens = 10, OutputTokens = 5, CacheReadTokens = 4, CacheWriteTokens = 1, CacheWrite1hTokens = 2, ReasoningTokens = 3 },
        });
        JsonAssert.Difference("""
            {"id":"chatcmpl-000000000000000000000001","object":"chat.completion","created":1795176000,"model":"upstream-model",
             "choices":[{"index":0,"message":{"role":"assistant","content":"See this.",
               "annotations":[{"type":"url_citation","url_citation":{"start_index":0,"end_index":4,"url":"https://x","title":"T"}}],"refusal":null,
               "reasoning_content":"think",
               "reasoning_details":[{"type":"reasoning.text","text":"think","signature":"s","format":"anthropic-claude-v1","index":0},{"type":"reasoning.encrypted","data":"r","format":"anthropic-claude-v1","index":1}],
               "tool_calls":[{"id":"toolu_1","type":"function","function":{"name":"f","arguments":"{}"},"extra_content":{"google":{"thought_signature":"g"}}}]},
              "finish_reason":"tool_calls","logprobs":null}],
             "usage":{"prompt_tokens":10,"completion_tokens":5,"total_tokens":15,"prompt_tokens_details":{"cached_tokens":4,"cache_write_tokens":3},"completion_tokens_details":{"reasoning_tokens":3}}}
            """, body).ShouldBeNull();
        losses.ShouldBe(["choices[0].content[2].citations", "choices[0].content[5]", "finish_reason"]);
    }

    [Theory]
    [InlineData("stop", "stop")]
    [InlineData("stop_sequence", "stop")]
    [InlineData("length", "length")]
    [InlineData("content_filter", "content_filter")]
    [InlineData("refusal", "content_filter")]
    [InlineData("pause", "length")]
    [InlineData("malformed_tool_call", "length")]
    [InlineData("error", "length")]
    [InlineData("a word of tomorrow", "length")]
    public void FinishReason_ForClients_IsWithinThePublishedSet(string reason, string expected)
    {
        var (body, _) = Write(new ChatResponse { Candidates = [new Candidate { Parts = [new TextPart("x")], FinishReason = new FinishReason(reason) }] });
        JsonDocument.Parse(body).RootElement.GetProperty("choices")[0].GetProperty("finish_reason").GetString().ShouldBe(expected);
    }

    [Fact]
    public void Refusal_OfAnotherFormat_HasItsPlace()
    {
        var (body, _) = Write(new ChatResponse { Candidates = [new Candidate { Parts = [new RefusalPart("no")], FinishReason = FinishReason.Refusal }] });
        body.ShouldContain("\"content\":null,\"refusal\":\"no\"");
        body.ShouldContain("\"finish_reason\":\"stop\"");
    }

    [Fact]
    public void Signatures_OfFamiliesWithoutAName_ComeBackOutOfTheirEnvelope()
    {
        var signature = new Signature("opaque", "bedrock");
        var (body, _) = Write(new ChatResponse { Candidates = [new Candidate { Parts = [new ReasoningPart("t") { Signature = signature }, new ToolCallPart("a", "f", "{}") { Signature = signature }] }] });
        string message = JsonDocument.Parse(body).RootElement.GetProperty("choices")[0].GetProperty("message").GetRawText();
        var next = Server.DecodeRequest(ChatTesting.Request($$"""{"model":"m","messages":[{{message}}]}""")).Value!;
        next.Messages[0].Parts.Select(p => p.Signature).ShouldBe([signature, signature]);
        next.Messages[0].Parts.OfType<ReasoningPart>().Single().Text.ShouldBe("t");
    }

    private static ChatResponse Read(string body)
    {
        var outcome = Client.DecodeResponse(ChatTesting.Utf8(body), ChatTesting.Context(WireFormatId.OpenAIChat, WireFormatId.OpenAIChat));
        outcome.Error?.Message.ShouldBeNull();
        return outcome.Value!;
    }

    private static (string Body, IReadOnlyList<string> Losses) Write(ChatResponse response)
    {
        var context = ChatTesting.Context(WireFormatId.OpenAIChat, WireFormatId.AnthropicMessages);
        string body = ChatTesting.Text(o => Server.EncodeResponse(response, context, o));
        return (body, [.. context.Losses.Losses.Select(l => l.Path)]);
    }
}
