using Sluice.Errors;
using Sluice.Wire;
using static Sluice.Formats.Tests.Gemini.GeminiTesting;

namespace Sluice.Formats.Tests.Gemini;

public sealed class GeminiTapTests
{
    [Fact]
    public void Observe_Stream_TellsContentEndUsageAndModel()
    {
        var tap = Format.CreateTap(true);

        Observe("""{"candidates":[{"content":{"parts":[{"text":"h\"i"}]}}],"usageMetadata":{"promptTokenCount":1,"totalTokenCount":1},"modelVersion":"gemini-x"}""").ShouldBe(AnswerSignal.Content);
        Observe("""{"candidates":[{"content":{"parts":[{"text":"say \"usageMetadata\" {"}]},"finishReason":"STOP"}],"usageMetadata":{"promptTokenCount":1,"candidatesTokenCount":4,"totalTokenCount":5,"x":{}}}""").ShouldBe(AnswerSignal.Content | AnswerSignal.End);

        tap.Usage!.TotalTokens.ShouldBe(5);
        tap.Usage.OutputTokens.ShouldBe(4);
        tap.Model.ShouldBe("gemini-x");
        tap.OutputCharacters.ShouldBe(4 + 23);
        tap.Error.ShouldBeNull();

        AnswerSignal Observe(string json) => tap.Observe(StreamFrame.OfData(Bytes(json)));
    }

    [Fact]
    public void Observe_UsageWithoutContent_IsNothingThatMatters()
    {
        var tap = Format.CreateTap(true);

        tap.Observe(StreamFrame.OfData(Bytes("""{"usageMetadata":{"promptTokenCount":1}}"""))).ShouldBe(AnswerSignal.None);
        tap.Observe(StreamFrame.OfData(Bytes("""{"promptFeedback":{"blockReason":"SAFETY"}}"""))).ShouldBe(AnswerSignal.Content | AnswerSignal.End);
        tap.Usage!.InputTokens.ShouldBe(1);
    }

    [Fact]
    public void Observe_ErrorInside_IsAnError()
    {
        var tap = Format.CreateTap(true);

        tap.Observe(StreamFrame.OfData(Bytes("""{"error":{"code":429,"message":"slow","status":"RESOURCE_EXHAUSTED"}}"""))).ShouldBe(AnswerSignal.Error);
        tap.Error!.Kind.ShouldBe(ErrorKind.RateLimited);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{\"candidates\":")]
    [InlineData("\"usageMetadata\":{")]
    [InlineData("\"usageMetadata\"\"text\"\"modelVersion\"")]
    [InlineData("{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"\\")]
    public void Observe_AnyBytes_DoesNoHarm(string data)
    {
        var tap = Format.CreateTap(true);
        tap.Observe(StreamFrame.OfData(Bytes(data)));
        tap.Usage.ShouldBeNull();
    }

    [Fact]
    public void Observe_WholeAnswer_ReadsItsUsage()
    {
        var tap = Format.CreateTap(false);

        tap.Observe(StreamFrame.OfData(Bytes("""{ "candidates": [], "usageMetadata": { "promptTokenCount": 2, "totalTokenCount": 2 }, "modelVersion": "m" }"""))).ShouldBe(AnswerSignal.End);
        (tap.Usage!.InputTokens, tap.Model).ShouldBe((2, "m"));
    }
}
