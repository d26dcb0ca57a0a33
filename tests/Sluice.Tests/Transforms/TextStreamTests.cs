using Sluice.Configuration;
using Sluice.Transforms.Rules;
using Sluice.Transforms.Streams;

namespace Sluice.Tests.Transforms;

/// <summary>Search and replace in a text that comes in pieces gives what it gives in the whole text.</summary>
public sealed class TextStreamTests
{
    [Theory]
    [InlineData(@"\b\d{16}\b", "[card]", "", "Pay 4111111111111111, not 41111111111111112 or 5500005555555559.")]
    [InlineData(@"secret", "***", "i", "Secret sEcreT secre t secretsecret")]
    [InlineData(@"^- ", "* ", "m", "- a\n- b - c\n-d\n- e")]
    [InlineData(@"\w+$", "end", "m", "one two\nthree four\nfive")]
    [InlineData(@"a.c", "<$0>", "s", "abc a\nc ac aXc")]
    [InlineData(@"(\w+)@(\w+)", "$2 at $1", "", "me@here and you@there")]
    [InlineData(@"x*", "-", "", "axxbx")]
    [InlineData(@"\b", "|", "", "to be, or")]
    [InlineData(@"^Hello", "Bye", "", "Hello Hello\nHello")]
    [InlineData(@"😀+", ":)", "", "a😀😀b😀c")]
    [InlineData(@"a b # blanks", "X", "x", "ab a b ab")]
    public void Feed_AnySplit_GivesWhatTheWholeGives(string pattern, string replacement, string flags, string text)
    {
        var rule = new TextReplacement(new RegexConfig { Pattern = pattern, Replace = replacement, Flags = flags, Window = 24 });
        string expected = rule.Apply(text);
        expected.ShouldNotBe(text);

        for (int first = 0; first <= text.Length; first++)
        {
            for (int second = first; second <= text.Length; second++)
            {
                var stream = TextStream.Create([rule], isJson: false);
                string given = stream.Feed(text[..first]) + stream.Feed(text[first..second]) + stream.Feed(text[second..]) + stream.Flush();
                given.ShouldBe(expected, $"split at {first} and {second}");
            }
        }
        var single = TextStream.Create([rule], isJson: false);
        (string.Concat(text.Select(c => single.Feed(c.ToString()))) + single.Flush()).ShouldBe(expected);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(20)]
    public void Feed_AnyPieces_HoldsBackNoMoreThanTheWindow(int window)
    {
        var stream = TextStream.Create([new TextReplacement(new RegexConfig { Pattern = "zz", Window = window })], isJson: false);
        int taken = 0, given = 0;
        foreach (int length in (int[])[1, 7, 30, 2, 100, 1, 1])
        {
            taken += length;
            given += stream.Feed(new string('a', length)).Length;
            (taken - given).ShouldBe(Math.Min(taken, window));
        }
    }

    [Fact]
    public void Feed_SeveralRules_EachWorksOnWhatTheOneBeforeGives()
    {
        TextReplacement[] rules = [Rule("cat", "dog"), Rule("dogs", "wolves")];
        const string Text = "cats and dogs and a cat";

        for (int at = 0; at <= Text.Length; at++)
        {
            var stream = TextStream.Create(rules, isJson: false);
            (stream.Feed(Text[..at]) + stream.Feed(Text[at..]) + stream.Flush()).ShouldBe("wolves and wolves and a dog");
        }
    }

    [Theory]
    [InlineData("""{"path":"/home/ann","n":12,"home":["/home/ann/x","/ho\u006de\/ann"],"deep":{"ann":"ann \"ann\"\n"}}""", """{"path":"/home/you","n":12,"home":["/home/you/x","/home/you"],"deep":{"ann":"you \"you\"\n"}}""")]
    [InlineData("\"ann\"", "\"you\"")]
    [InlineData("{}", "{}")]
    [InlineData("""{"a":"an""", """{"a":"an""")] // broken off
    [InlineData("""{"s":"\ud83d\ude00 ann"}""", """{"s":"😀 you"}""")]
    public void Feed_JsonInAnyPieces_ReplacesInValuesOnly(string json, string expected)
    {
        TextReplacement[] rules = [Rule("ann", "you")];
        TextStream.Apply(rules, json, isJson: true).ShouldBe(expected);

        for (int first = 0; first <= json.Length; first++)
        {
            for (int second = first; second <= json.Length; second++)
            {
                var stream = TextStream.Create(rules, isJson: true);
                (stream.Feed(json[..first]) + stream.Feed(json[first..second]) + stream.Feed(json[second..]) + stream.Flush()).ShouldBe(expected, $"split at {first} and {second}");
            }
        }
    }

    [Fact]
    public void Feed_JsonWithWhatMustBeEscaped_StaysJson() =>
        TextStream.Apply([Rule("x", "\"\\\n")], """{"a":"x"}""", isJson: true).ShouldBe("""{"a":"\"\\\n"}""");

    private static TextReplacement Rule(string pattern, string replacement) => new(new RegexConfig { Pattern = pattern, Replace = replacement, Window = 12 });
}
