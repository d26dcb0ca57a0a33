using Sluice.Cli.Chatting.Editing;

namespace Sluice.Cli.Tests.Chatting;

/// <summary>Lines as a person writes them, key by key.</summary>
public sealed class LineEditorTests
{
    private static readonly string[] Names = ["/model", "/system", "/reset", "/exit", "/model openai/"];

    [Theory]
    [InlineData("hello⏎", "hello")]
    [InlineData("helo←l⏎", "hello")]
    [InlineData("xhello⇱⌦⏎", "hello")]
    [InlineData("hello worm⌫ld⏎", "hello world")]
    [InlineData("one two^W2⏎", "one 2")]
    [InlineData("one two^A^K2⏎", "2")]
    [InlineData("one two^U2⏎", "2")]
    [InlineData("ab^A1^E2⏎", "1ab2")]
    [InlineData("e\u0301←x⏎", "xe\u0301")]
    [InlineData("👍🏽⌫ok⏎", "ok")]
    [InlineData("日本←x⏎", "日x本")]
    public void Keys_EditTheLine(string keys, string expected) => Read(keys, 1)[0].ShouldBe(expected);

    [Fact]
    public void UpAndDown_CallLinesBack_AndWhatWasBegun() =>
        Read("one⏎two⏎new↑↑⏎↑↑⏎beg↑↓un⏎", 5).ShouldBe(["one", "two", "one", "two", "begun"]);

    [Theory]
    [InlineData("/sy⇥gpt⏎", "/system gpt")]
    [InlineData("/x⇥⏎", "/x")]
    [InlineData("/ex⇥⌫⏎", "/exit")]
    [InlineData("/model o⇥m⏎", "/model openai/m")]
    public void Tab_Completes(string keys, string expected) => Read(keys, 1)[0].ShouldBe(expected);

    [Fact]
    public void Tab_WhereThereAreSeveral_ShowsThem()
    {
        var keyboard = new ScriptedKeyboard("/⇥⏎");
        Editor(keyboard).Read("> ").ShouldBe("/");

        keyboard.Shown.ToString().ShouldContain("/model  /system  /reset  /exit  /model openai/");
    }

    [Theory]
    [InlineData("^D")]
    [InlineData("^C^C")]
    [InlineData("")]
    public void End_IsTold(string keys) => Read(keys, 1)[0].ShouldBeNull();

    [Fact]
    public void CtrlC_TakesTheLineAway_AndDoesNotEnd() => Read("wrong^Cright⏎", 1)[0].ShouldBe("right");

    [Fact]
    public void LineThatIsWiderThanTheScreen_IsDrawnFromItsFirstRow()
    {
        var keyboard = new ScriptedKeyboard("abcdefghij←←x⏎") { Width = 5 };
        Editor(keyboard).Read("> ").ShouldBe("abcdefghxij");

        // Twelve columns fill three rows: the cursor comes back from the third to the first before the line is drawn again.
        keyboard.Shown.ToString().ShouldContain("\e[2A\r\e[J> abcdefghxij");
    }

    private static LineEditor Editor(ScriptedKeyboard keyboard) => new(keyboard, before => [.. Names.Where(n => before.Length > 0 && n.StartsWith(before, StringComparison.Ordinal))]);

    private static string?[] Read(string keys, int lines)
    {
        var editor = Editor(new ScriptedKeyboard(keys));
        return [.. Enumerable.Range(0, lines).Select(_ => editor.Read("> "))];
    }
}
