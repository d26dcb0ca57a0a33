using System.Text.Json;
using Sluice.Chat;
using Sluice.Errors;
using Sluice.Formats.Tests.OpenAIChat;
using Sluice.Streaming;
using Sluice.TestKit;
using Sluice.Wire;

namespace Sluice.Formats.Tests.MistralChat;

/// <summary>Where Mistral differs.</summary>
public sealed class MistralChatTests
{
    private static readonly IChatServerFormat Server = WireFormats.Find<IChatServerFormat>(WireFormatId.MistralChat)!;
    private static readonly IChatClientFormat Client = WireFormats.Find<IChatClientFormat>(WireFormatId.MistralChat)!;

    [Theory]
    [InlineData("""{"model":"m","messages":[{"role":"assistant","content":[{"type":"thinking","thinking":[{"type":"text","text":"t"}],"closed":true,"signature":"s"},{"type":"text","text":"x"}],"prefix":false,"tool_calls":[{"id":"VB03LVVRm","function":{"name":"f","arguments":"{}"},"index":0}]},{"role":"tool","tool_call_id":"VB03LVVRm","name":"f","content":"r"}],"random_seed":7,"safe_prompt":true,"tool_choice":"any","prompt_mode":"reasoning"}""")]
    [InlineData("""{"model":"m","messages":[{"role":"user","content":[{"type":"document_url","document_url":"https://x/a.pdf","document_name":"a"},{"type":"image_url","image_url":"https://x/y.png"},{"type":"input_audio","input_audio":"AA=="},{"type":"file","file_id":"f"},{"type":"reference","reference_ids":[1]}]}]}""")]
    public void Request_ReadAndWritten_IsTheSameJson(string body)
    {
        var request = Server.DecodeRequest(ChatTesting.Request(body)).Value!;
        JsonAssert.Difference(body, ChatTesting.Text(o => Client.EncodeRequest(request, ChatTesting.Context(WireFormatId.MistralChat, WireFormatId.MistralChat, "mistral", "m"), o))).ShouldBeNull();
    }

    [Fact]
    public void Request_OfAnotherFormat_IsInMistralsWords()
    {
        var request = new ChatRequest
        {
            Model = "m",
            Messages =
            [
                new(Role.User, [new MediaPart(MediaKind.Document, new InlineMedia("AA==") { MediaType = "application/pdf" }) { Title = "a.pdf" }, new MediaPart(MediaKind.Audio, new InlineMedia("BB==") { MediaType = "audio/wav" })]),
                new(Role.Assistant, [new ReasoningPart("own") { Signature = new Signature("s", "mistral") }, new ReasoningPart("foreign") { Signature = new Signature("s", "anthropic") }, new ToolCallPart("toolu_0123456789", "f", "{}")]),
                new(Role.User, [new ToolResultPart("toolu_0123456789", [new TextPart("r")])]),
            ],
            Tools = [new FunctionTool("f")],
            ToolChoice = ToolChoice.Required,
            Seed = 5,
            MaxTokens = 6,
            User = "u",
            Logprobs = true,
            Stream = true,
        };
        var context = ChatTesting.Context(WireFormatId.AnthropicMessages, WireFormatId.MistralChat, "mistral");
        string body = ChatTesting.Text(o => Client.EncodeRequest(request, context, o));
        var root = JsonDocument.Parse(body).RootElement;
        var messages = root.GetProperty("messages");
        messages[0].GetProperty("content").GetRawText().ShouldBe("""[{"type":"document_url","document_url":"data:application/pdf;base64,AA==","document_name":"a.pdf"},{"type":"input_audio","input_audio":"BB=="}]""");
        messages[1].GetProperty("content").GetRawText().ShouldBe("""[{"type":"thinking","thinking":[{"type":"text","text":"own"}],"signature":"s"}]""");
        string id = messages[1].GetProperty("tool_calls")[0].GetProperty("id").GetString()!;
        id.Length.ShouldBe(9);
        messages[2].GetProperty("tool_call_id").GetString().ShouldBe(id);
        root.GetProperty("random_seed").GetInt32().ShouldBe(5);
        root.GetProperty("max_tokens").GetInt32().ShouldBe(6);
        root.GetProperty("tool_choice").GetString().ShouldBe("any");
        root.GetProperty("tools")[0].GetProperty("function").GetProperty("parameters").GetRawText().ShouldBe("""{"type":"object","properties":{}}""");
        root.TryGetProperty("stream_options", out _).ShouldBeFalse();
        context.Losses.Losses.Select(l => l.Path).ShouldBe(["messages[1].content[1]", "logprobs", "user"]);
    }

    [Fact]
    public void Answer_OfAnotherFormat_IsInMistralsShape()
    {
        var response = new ChatResponse
        {
            Id = "i",
            Model = "m",
            Candidates = [new Candidate { Parts = [new ReasoningPart("t") { Signature = new Signature("s", "anthropic") }, new TextPart("x"), new ToolCallPart("c", "f", "")], FinishReason = FinishReason.ToolCalls }],
            Usage = new Usage { InputTokens = 1, OutputTokens = 2, CacheReadTokens = 1 },
        };
        string body = ChatTesting.Text(o => Server.EncodeResponse(response, ChatTesting.Context(WireFormatId.MistralChat, WireFormatId.AnthropicMessages), o));
        var again = Server.DecodeRequest(ChatTesting.Request($$"""{"model":"m","messages":[{{JsonDocument.Parse(body).RootElement.GetProperty("choices")[0].GetProperty("message").GetRawText()}}]}""")).Value!;
        again.Messages[0].Parts[0].ShouldBeOfType<ReasoningPart>().Signature.ShouldBe(new Signature("s", "anthropic"));
        body.ShouldContain("""{"id":"c","index":0,"function":{"name":"f","arguments":"{}"}}""");
        body.ShouldContain("""{"type":"text","text":"x"}""");
        body.ShouldNotContain("refusal");
    }

    [Fact]
    public void Stream_OfAnotherFormat_HasCallsWholeAndUsageInTheLastChunk()
    {
        StreamEvent[] events =
        [
            new ResponseStarted { Id = "i", Model = "m" }, new PartStarted(0, 0, new ReasoningPart("")), new PartDelta(0, 0, new ReasoningDelta("t")), new PartDelta(0, 0, new SignatureDelta(new Signature("s", "mistral"))), new PartEnded(0, 0),
            new PartStarted(0, 1, new ToolCallPart("c", "f", "")), new PartDelta(0, 1, new ArgumentsDelta("{\"x\"")), new PartDelta(0, 1, new ArgumentsDelta(":1}")), new PartEnded(0, 1),
            new CandidateFinished(0, FinishReason.ToolCalls), new UsageReported(new Usage { InputTokens = 1, OutputTokens = 2 }), new ResponseEnded(),
        ];
        string sse = ChatTesting.Encode(Server, events, ChatTesting.Context(WireFormatId.MistralChat, WireFormatId.AnthropicMessages));
        sse.ShouldContain("""{"id":"c","index":0,"function":{"name":"f","arguments":"{\"x\":1}"}}""");
        sse.ShouldContain("""{"index":0,"delta":{},"finish_reason":"tool_calls"}],"usage":{"prompt_tokens":1,"completion_tokens":2,"total_tokens":3}}""");
        var answer = ChatTesting.Fold(ChatTesting.Decode(Client, ChatTesting.Utf8(sse), ChatTesting.Context(WireFormatId.MistralChat, WireFormatId.MistralChat)));
        answer.Candidates[0].Parts[0].ShouldBeOfType<ReasoningPart>().ShouldSatisfyAllConditions(p => p.Text.ShouldBe("t"), p => p.Signature!.Value.ShouldBe("s"));
    }

    [Fact]
    public void Errors_HaveMistralsShape()
    {
        ChatTesting.Text(o => Server.EncodeError(new GatewayError(ErrorKind.RateLimited, "m"), o)).ShouldBe("""{"object":"error","message":"m","type":"rate_limit_error","param":null,"code":"rate_limit_exceeded"}""");
        string own = """{"object":"error","message":"m","type":"invalid_model","param":null,"code":"1500"}""";
        var error = Client.DecodeError(400, ChatTesting.Utf8(own));
        (error.Message, error.Code).ShouldBe(("m", "1500"));
        ChatTesting.Text(o => Server.EncodeError(error, o)).ShouldBe(own);
    }
}
