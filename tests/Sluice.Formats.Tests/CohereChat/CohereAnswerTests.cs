using System.Buffers;
using System.Text;
using Sluice.Chat;
using Sluice.Errors;
using Sluice.Wire;

namespace Sluice.Formats.Tests.CohereChat;

public sealed class CohereAnswerTests
{
    [Fact]
    public void DecodeResponse_WithAPlan_TellsItAsTextBeforeTheCalls()
    {
        var parts = Cohere.Answer(
            """{"id":"x","finish_reason":"TOOL_CALL","message":{"role":"assistant","tool_plan":"I will look.","tool_calls":[{"id":"get_1","type":"function","function":{"name":"get","arguments":"{}"}}],"citations":[{"type":"PLAN","start":0,"end":1}]}}""")
            .Candidates[0].Parts;

        parts[0].ShouldBeOfType<TextPart>().Text.ShouldBe("I will look.");
        ((TextPart)parts[0]).Citations.Count.ShouldBe(1);
        parts[1].ShouldBe(new ToolCallPart("get_1", "get", "{}"));
    }

    [Fact]
    public void DecodeResponse_WithUnknownMembers_KeepsThem()
    {
        var answer = Cohere.Answer("""{"id":"x","finish_reason":"COMPLETE","message":{"role":"assistant","content":[{"type":"text","text":"a"}],"mood":1},"extra":{"b":null}}""");

        answer.Notes!.Fields.ShouldHaveSingleItem().Key.ShouldBe("extra");
        answer.Candidates[0].Notes!.Fields.ShouldHaveSingleItem().Key.ShouldBe("mood");
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"message":5}""")]
    [InlineData("""{"message":{"content":5}}""")]
    [InlineData("""{"message":{"content":[5]}}""")]
    [InlineData("""{"message":{"content":[{"type":"text","text":5}]}}""")]
    [InlineData("""{"message":{"tool_calls":[{"id":"x"}]}}""")]
    [InlineData("""{"message":{"tool_calls":{}}}""")]
    [InlineData("<html>")]
    [InlineData("")]
    public void DecodeResponse_OfWhatIsNoAnswer_IsAMalformedAnswer(string body)
    {
        Cohere.Format.DecodeResponse(Encoding.UTF8.GetBytes(body), Cohere.Context()).Error!.Kind.ShouldBe(ErrorKind.MalformedAnswer);
    }

    [Theory]
    [InlineData(404, """{"id":"e","message":"model 'x' not found"}""", "not_found", "model 'x' not found")]
    [InlineData(401, """{"message":"invalid api token"}""", "authentication", "invalid api token")]
    [InlineData(498, """{"message":"token blocked"}""", "authentication", "token blocked")]
    [InlineData(400, """{"message":"too many tokens: the total number of tokens"}""", "context_too_long", "too many tokens: the total number of tokens")]
    [InlineData(429, """{"message":"You are using a Trial key, which is limited to 1000 API calls / month."}""", "quota_spent", "You are using a Trial key, which is limited to 1000 API calls / month.")]
    [InlineData(429, """{"message":"slow down"}""", "rate_limited", "slow down")]
    [InlineData(500, "<html>oops</html>", "upstream", "oops")]
    [InlineData(503, "no capacity", "overloaded", "no capacity")]
    [InlineData(500, "", "upstream", "the provider answered with status 500 and no message")]
    [InlineData(500, "[1]", "upstream", "the provider answered with status 500 and no message")]
    public void DecodeError_OfAnyBody_FindsKindAndWords(int status, string body, string kind, string message)
    {
        var error = Cohere.Format.DecodeError(status, Encoding.UTF8.GetBytes(body));

        (error.Kind.Value, error.Message, error.Status).ShouldBe((kind, message, status));
    }

    [Fact]
    public void CreateTap_OverAWholeAnswer_SeesUsageAndEnd()
    {
        var tap = Cohere.Format.CreateTap(stream: false);

        var signal = tap.Observe(StreamFrame.OfData("""{"id":"x","finish_reason":"COMPLETE","message":{"content":[{"type":"text","text":"hi"}]},"usage":{"tokens":{"input_tokens":3,"output_tokens":2}}}"""u8.ToArray()));

        signal.ShouldBe(AnswerSignal.Content | AnswerSignal.End);
        tap.Usage!.OutputTokens.ShouldBe(2);
    }

    [Fact]
    public void CreateTap_OverABrokenEnd_SeesTheError()
    {
        var tap = Cohere.Format.CreateTap(stream: true);
        var output = new ArrayBufferWriter<byte>();
        Cohere.Format.EncodeStreamError(new GatewayError(ErrorKind.Upstream, "broke"), StreamStyle.Default, output);
        string line = Encoding.UTF8.GetString(output.WrittenSpan).Split('\n')[1]["data: ".Length..];

        tap.Observe(StreamFrame.OfData(Encoding.UTF8.GetBytes(line))).ShouldBe(AnswerSignal.Error);
        tap.Error!.Message.ShouldBe("broke");
        tap.Observe(StreamFrame.OfData("{\"finish_reason\" nonsense"u8.ToArray())).ShouldBe(AnswerSignal.Malformed);
    }
}
