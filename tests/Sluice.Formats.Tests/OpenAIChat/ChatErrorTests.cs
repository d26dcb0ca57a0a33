using Sluice.Errors;
using Sluice.TestKit;
using Sluice.Wire;

namespace Sluice.Formats.Tests.OpenAIChat;

/// <summary>Error bodies of all the vendors that share this format, and what clients get.</summary>
public sealed class ChatErrorTests
{
    private static readonly IWireFormat Format = WireFormats.Find(WireFormatId.OpenAIChat)!;

    [Theory]
    [InlineData(401, """{"error":{"message":"m","type":"invalid_request_error","param":null,"code":"invalid_api_key"}}""", "authentication", "m", "invalid_api_key")]
    [InlineData(400, """{"error":{"message":"m","type":"invalid_request_error","param":"messages","code":"context_length_exceeded"}}""", "context_too_long", "m", "context_length_exceeded")]
    [InlineData(429, """{"error":{"message":"m","type":"insufficient_quota","param":null,"code":"insufficient_quota"}}""", "quota_spent", "m", "insufficient_quota")]
    [InlineData(429, """{"error":{"message":"Provider returned error","code":429,"metadata":{"raw":"slow down","provider_name":"P"}},"user_id":"u"}""", "rate_limited", "Provider returned error: slow down", "429")]
    [InlineData(422, """{"object":"error","message":{"detail":[{"type":"missing","loc":["body","model"],"msg":"Field required"}]}}""", "invalid_request", "body.model: Field required", null)]
    [InlineData(422, """{"detail":[{"type":"missing","loc":["body",0],"msg":"bad"}]}""", "invalid_request", "body.0: bad", null)]
    [InlineData(404, """{"detail":"Not Found"}""", "not_found", "Not Found", null)]
    [InlineData(400, """{"object":"error","message":"m","type":"BadRequestError","param":null,"code":400}""", "invalid_request", "m", "400")]
    [InlineData(400, """[{"error":{"code":400,"message":"m","status":"INVALID_ARGUMENT"}}]""", "invalid_request", "m", "400")]
    [InlineData(503, """{"error":"model is loading"}""", "overloaded", "model is loading", null)]
    [InlineData(500, "upstream connect error", "upstream", "upstream connect error", null)]
    [InlineData(502, "<html><body>Bad Gateway</body></html>", "upstream", "the provider answered 502: Bad Gateway", null)]
    [InlineData(500, "", "upstream", "the provider answered 500 without a readable message", null)]
    [InlineData(500, "null", "upstream", "the provider answered 500 without a readable message", null)]
    public void Error_OfAnyShape_IsRead(int status, string body, string kind, string message, string? code)
    {
        var error = Format.DecodeError(status, ChatTesting.Utf8(body));
        (error.Kind.Value, error.Message, error.Code, error.Status).ShouldBe((kind, message, code, status));
    }

    [Fact]
    public void Error_OfThisFormat_GoesOutAsItCame()
    {
        string body = """{"error":{"message":"m","type":"t","failed_generation":"x"}}""";
        ChatTesting.Text(o => Format.EncodeError(Format.DecodeError(400, ChatTesting.Utf8(body)), o)).ShouldBe(body);
    }

    [Theory]
    [InlineData("authentication", "invalid_request_error", "\"invalid_api_key\"")]
    [InlineData("rate_limited", "rate_limit_error", "\"rate_limit_exceeded\"")]
    [InlineData("upstream", "server_error", "null")]
    [InlineData("budget_spent", "insufficient_quota", "\"insufficient_quota\"")]
    public void Error_OfTheGatewayOrAnotherFormat_SpeaksThisVocabulary(string kind, string type, string code) =>
        JsonAssert.Difference(
            $$$"""{"error":{"message":"m","type":"{{{type}}}","param":"p","code":{{{code}}}}}""",
            ChatTesting.Text(o => Format.EncodeError(new GatewayError(new ErrorKind(kind), "m") { Param = "p", Type = "overloaded_error", Raw = RawJson.FromText("""{"type":"error"}"""), RawFormat = WireFormatId.AnthropicMessages }, o))).ShouldBeNull();
}
