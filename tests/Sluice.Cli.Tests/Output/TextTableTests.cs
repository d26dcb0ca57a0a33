using Sluice.Cli.Output;

namespace Sluice.Cli.Tests.Output;

/// <summary>Tables in a pipe and on screens of any width.</summary>
public sealed class TextTableTests
{
    private const string Id = "key_0123456789abcdef";

    [Fact]
    public void Numbers_EndBelowEachOther()
    {
        var table = new TextTable("MODEL", Column.Number("CALLS"), Column.Number("USD"));
        table.Add("a/long-name", "7", "0.5");
        table.Add("b", "1,200", "12.25");

        Written(table, width: null).ShouldBe("""
            MODEL        CALLS    USD
            a/long-name      7    0.5
            b            1,200  12.25

            """.ReplaceLineEndings());
    }

    [Fact]
    public void Lists_WrapBetweenWords()
    {
        var table = new TextTable("ROUTE", Column.Text("TARGETS"));
        table.Add("smart", "anthropic/claude-sonnet-5, openai/gpt-5.4, local/qwen2.5:7b");

        Written(table, width: 40).ShouldBe("""
            ROUTE  TARGETS
            smart  anthropic/claude-sonnet-5,
                   openai/gpt-5.4, local/qwen2.5:7b

            """.ReplaceLineEndings());
    }

    [Fact]
    public void Columns_ThatFindNoRoom_GoBelowTheirRow()
    {
        var table = new TextTable("NAME", "ID", Column.State("STATE"), "GROUP", Column.Text("LIMITS"), "EXPIRES");
        table.Add("ada", Id, "active", "search", "60 rpm", "never");
        table.Add("bob", Id, "revoked", "", "", "2027-01-31 18:00");

        Written(table, width: 40).ShouldBe($"""
            NAME  {"ID".PadRight(Id.Length)}  STATE
            ada   {Id}  active
                group search  limits 60 rpm
                expires never
            bob   {Id}  revoked
                expires 2027-01-31 18:00

            """.ReplaceLineEndings());
    }

    [Theory]
    [InlineData(10)]
    [InlineData(25)]
    [InlineData(40)]
    [InlineData(60)]
    [InlineData(79)]
    [InlineData(80)]
    [InlineData(120)]
    public void AnyWidth_BreaksNoIdAndLosesNothing(int width)
    {
        var table = new TextTable("NAME", "ID", Column.State("STATE"), Column.Text("MAY USE"), Column.Number("CALLS"));
        table.Add("ada", Id, "active", "smart,openai/*,anthropic/claude-*,a,b,c,d,e,f,g,h", "12");
        string written = Written(table, width);

        written.ShouldContain(Id);
        foreach (string part in (string[])["ada", "active", "smart,", "anthropic/claude-*,", "12"]) written.ShouldContain(part);
        // An id that is wider than the screen has no other place.
        foreach (string line in written.Split(Environment.NewLine)) TextWidth.Of(line).ShouldBeLessThanOrEqualTo(Math.Max(width, Id.Length + 7));
    }

    [Fact]
    public void WideSigns_TakeTwoColumns()
    {
        var table = new TextTable("NAME", Column.Number("N"));
        table.Add("日本", "1");
        table.Add("abcd", "2");

        Written(table, width: null).ShouldBe("""
            NAME  N
            日本  1
            abcd  2

            """.ReplaceLineEndings());
    }

    [Theory]
    [InlineData("ok", "\e[32mok\e[0m")]
    [InlineData("refused", "\e[31mrefused\e[0m")]
    [InlineData("invalid (3)", "\e[31minvalid (3)\e[0m")]
    [InlineData("half open", "\e[33mhalf open\e[0m")]
    [InlineData("something", "something")]
    public void State_HasTheColourOfItsMeaning_WhereColourIsWanted(string state, string shown)
    {
        var table = new TextTable(Column.State("STATE"), "X");
        table.Add(state, "x");
        using var coloured = new StringWriter();
        table.Write(coloured, width: null, colour: true);

        coloured.ToString().ShouldContain(shown);
        Written(table, width: null).ShouldNotContain("\e");
    }

    private static string Written(TextTable table, int? width)
    {
        using var writer = new StringWriter();
        table.Write(writer, width, colour: false);
        return writer.ToString();
    }
}
