using System.Buffers;
using System.Text;
using Sluice.Formats.Gemini;
using Sluice.Formats.Json;
using Sluice.Wire;

namespace Sluice.Formats.Tests.Gemini;

public sealed class GeminiModelDuplicatesTests
{
    [Theory]
    [InlineData("""{"contents":[]}""", """{"contents":[]}""")]
    [InlineData("""{"model":"x","contents":[]}""", """{"model":"models/m","contents":[]}""")]
    [InlineData("""{"mod\u0065l":"x","contents":[]}""", """{"mod\u0065l":"models/m","contents":[]}""")]
    [InlineData("""{"model":"models/other","model":"models/m","contents":[]}""", """{"model":"models/m","contents":[]}""")]
    [InlineData("""{"model":"models/m","model":"models/other","contents":[]}""", """{"model":"models/m","contents":[]}""")]
    [InlineData("""{"requests":[{"model":"models/x","model":"models/y"},{"content":{"model":"models/x"}}]}""", """{"requests":[{"model":"models/m","model":"models/m"},{"content":{"model":"models/x"}}]}""")]
    public void Edit_NamesTheModel_InOneReading(string body, string expected) => Edited(body, out _).ShouldBe(expected);

    [Theory]
    [InlineData(1)]
    [InlineData(40_000)]
    public void Edit_GoesThroughTheMembersOnce_HoweverOftenTheModelStands(int count)
    {
        string body = $$"""{{{string.Join(',', Enumerable.Repeat("\"model\":\"a/m1\"", count))}},"contents":[]}""";

        Edited(body, out int passes).ShouldBe("""{"model":"models/m","contents":[]}""");

        passes.ShouldBe(1);
    }

    private static string Edited(string body, out int passes)
    {
        var members = JsonMembers.Scan(Encoding.UTF8.GetBytes(body), out _)!;
        var edits = new JsonEdits(members);
        GeminiBodyModels.Edit(members, edits, "m");
        passes = edits.Passes;
        var output = new ArrayBufferWriter<byte>();
        edits.Apply(output);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }
}
