using System.Text;
using Sluice.Wire;

namespace Sluice.Formats.Tests.Json;

public sealed class JsonMembersTests
{
    [Fact]
    public void Scan_OfAnObject_FindsNamesAndValuesAsTheyStand()
    {
        var members = Scan("""  { "model" : "gpt" , "n":1e2,"messages":[{"model":"inner"}],"stream":true, "empty":{} } """);

        members.Count.ShouldBe(5);
        members.GetString("model"u8).ShouldBe("gpt");
        Encoding.UTF8.GetString(members.Value(members[1])).ShouldBe("1e2");
        Encoding.UTF8.GetString(members.Value(members[2])).ShouldBe("""[{"model":"inner"}]""");
        members.GetBoolean("stream"u8).ShouldBe(true);
        members.GetInt64("n"u8).ShouldBeNull();
        members.TryGet("inner"u8, out _).ShouldBeFalse();
        (members.Body.Span[members.Open], members.Body.Span[members.Close]).ShouldBe(((byte)'{', (byte)'}'));
    }

    [Theory]
    [InlineData("""{"model":"a","model":"b"}""")]
    [InlineData("""{"model":"a","mod\u0065l":"b"}""")]
    [InlineData("""{"\u006d\u006f\u0064\u0065\u006c":"b"}""")]
    public void TryGet_OfANameThatStandsTwiceOrEscaped_GivesWhatOtherParsersRead(string json)
    {
        // A gateway that reads another model than the provider behind it lets clients have models that they may not have.
        Scan(json).GetString("model"u8).ShouldBe("b");
    }

    [Theory]
    [InlineData("""{"model":"a\u00e4\n💧"}""", "aä\n💧")]
    [InlineData("""{"model":"größer"}""", "größer")]
    [InlineData("""{"model":""}""", "")]
    [InlineData("""{"model":null}""", null)]
    [InlineData("""{"model":5}""", null)]
    [InlineData("""{"model":"\ud800"}""", null)]
    [InlineData("""{"\ud800":1,"model":"x"}""", "x")]
    public void GetString_OfAnySpelling_IsTheText(string json, string? expected) => Scan(json).GetString("model"u8).ShouldBe(expected);

    [Theory]
    [InlineData("5", 5L)]
    [InlineData("-5", -5L)]
    [InlineData("9223372036854775807", long.MaxValue)]
    [InlineData("9223372036854775808", null)]
    [InlineData("5.0", null)]
    [InlineData("\"5\"", null)]
    [InlineData("null", null)]
    public void GetInt64_OfAnyValue_IsAWholeNumberOrNothing(string value, long? expected) => Scan($$"""{"n":{{value}}}""").GetInt64("n"u8).ShouldBe(expected);

    [Fact]
    public void Scan_OfManyMembers_KeepsAll()
    {
        var members = Scan("{" + string.Join(',', Enumerable.Range(0, 1000).Select(i => $"\"m{i}\":{i}")) + "}");

        members.Count.ShouldBe(1000);
        members.GetInt64("m999"u8).ShouldBe(999);
        Should.Throw<ArgumentOutOfRangeException>(() => members[1000]);
    }

    [Theory]
    [InlineData("", "the body is empty; a JSON object was expected (line 1, column 1)")]
    [InlineData(" \r\n ", "the body is empty; a JSON object was expected (line 1, column 1)")]
    [InlineData("[1]", "the body is not a JSON object (line 1, column 1)")]
    [InlineData("\"x\"", "the body is not a JSON object (line 1, column 1)")]
    [InlineData("{\"a\":1", "the JSON ends too early (line 1, column 7)")]
    [InlineData("{\n\"a\": nope\n}", "the JSON breaks at 'o' (line 2, column 7)")]
    [InlineData("{\"a\":1}{", "the JSON breaks at '{' (line 1, column 8)")]
    [InlineData("{'a':1}", "the JSON breaks at ''' (line 1, column 2)")]
    public void Scan_OfWhatIsNoObject_SaysWhereItBreaks(string body, string sentence)
    {
        JsonMembers.Scan(Encoding.UTF8.GetBytes(body), out var fault).ShouldBeNull();
        fault!.Sentence.ShouldBe(sentence);
    }

    [Fact]
    public void Scan_OfTooDeepNesting_IsAFaultAndNoCrash()
    {
        string deep = "{\"a\":" + new string('[', 100_000) + new string(']', 100_000) + "}";

        JsonMembers.Scan(Encoding.UTF8.GetBytes(deep), out var fault).ShouldBeNull();
        fault.ShouldNotBeNull();
    }

    [Fact]
    public void ToElement_OfAPieceAsDeepAsADocumentMayBe_IsRead()
    {
        string deep = new string('[', 126) + new string(']', 126);

        RawJson.FromText(deep).ToElement().GetArrayLength().ShouldBe(1);
    }

    private static JsonMembers Scan(string json) => JsonMembers.Scan(Encoding.UTF8.GetBytes(json), out _).ShouldNotBeNull();
}
