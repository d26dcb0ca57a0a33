using System.Buffers;
using System.Text;
using System.Text.Json;
using Sluice.Errors;
using Sluice.Formats.Json;

namespace Sluice.Formats.Tests.Json;

public sealed class JsonUnicodeTests
{
    [Theory]
    [InlineData("""{"a":"größer 💧"}""")]
    [InlineData("""{"a":"\ud83d\udca7"}""")]
    [InlineData("""{"a":"\uD83D\uDCA7\uD83D\uDCA7 \u00e4\n\"\\"}""")]
    [InlineData("""{"a":"\\ud83d is no escape"}""")]
    [InlineData("""{"a":"\\\\ud83d"}""")]
    [InlineData("{}")]
    [InlineData("")]
    [InlineData("\\")]
    [InlineData("\\u")]
    [InlineData("\\ud8")]
    public void Mend_OfUnicode_ChangesNothing(string json)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(json);

        JsonUnicode.IsValid(bytes).ShouldBeTrue();
        JsonUnicode.Mend(bytes).ShouldBe(bytes);
    }

    [Theory]
    [InlineData("""{"a":"\ud83d"}""", """{"a":"\ufffd"}""")]
    [InlineData("""{"a":"\udca7"}""", """{"a":"\ufffd"}""")]
    [InlineData("""{"a":"\ud83d\ud83d\udca7x"}""", """{"a":"\ufffd\ud83d\udca7x"}""")]
    [InlineData("""{"a":"\udca7\ud83d"}""", """{"a":"\ufffd\ufffd"}""")]
    [InlineData("""{"a":"\ud83d\n"}""", """{"a":"\ufffd\n"}""")]
    [InlineData("""{"\uD83D":"\\\uD83D"}""", """{"\ufffd":"\\\ufffd"}""")]
    public void Mend_OfHalvesOfPairs_PutsTheReplacementThere(string json, string expected)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(json);

        JsonUnicode.IsValid(bytes).ShouldBeFalse();
        string mended = Encoding.UTF8.GetString(JsonUnicode.Mend(bytes).Span);
        mended.ShouldBe(expected);
        JsonUnicode.IsValid(Encoding.UTF8.GetBytes(mended)).ShouldBeTrue();
    }

    [Fact]
    public void Mend_OfBytesThatAreNoUtf8_PutsTheReplacementThere()
    {
        byte[] bytes = [.. "{\"a\":\""u8, 0xff, 0xc3, .. "\\ud83d\"}"u8];

        Encoding.UTF8.GetString(JsonUnicode.Mend(bytes).Span).ShouldBe("{\"a\":\"\uFFFD\uFFFD\\ufffd\"}");
    }

    [Fact]
    public void Request_WithHalfAPair_IsRefusedAndAnAnswerIsMended()
    {
        byte[] body = "{\"a\":{\"deep\":\"\\ud83d\"}}"u8.ToArray();

        Decoding.Request<string, int>(body, 0, static (root, _) => "decoded").Error!.Kind.ShouldBe(ErrorKind.InvalidRequest);
        Decoding.Answer(body, 0, static (root, _) => root.GetProperty("a").GetProperty("deep").GetString()!).Value.ShouldBe("\uFFFD");
    }

    [Fact]
    public void Request_NestedTooDeeply_SaysSo()
    {
        byte[] body = Encoding.UTF8.GetBytes("{\"a\":" + new string('[', 150) + new string(']', 150) + "}");

        Decoding.Request<string, int>(body, 0, static (root, _) => "decoded").Error!.Message.ShouldStartWith("the JSON is nested too deeply: 128 levels are allowed (line 1, column ");
    }

    [Theory]
    [InlineData("""{"a":1}""", """{"a":1}""")]
    [InlineData("{\r\n  \"a b\" : [ 1.50 ,\t\"x\\\"\\\\\" ] ,\n \"c\":\"\\ud83d \\n\"\n}", """{"a b":[1.50,"x\"\\"],"c":"\ud83d \n"}""")]
    public void WriteOneLine_OfAnyJson_LeavesOnlyWhatMeansSomething(string json, string expected)
    {
        var output = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(output, new JsonWriterOptions { SkipValidation = true })) writer.WriteOneLine(json);

        Encoding.UTF8.GetString(output.WrittenSpan).ShouldBe(expected);
    }
}
