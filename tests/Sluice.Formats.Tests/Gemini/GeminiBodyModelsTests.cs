using System.Buffers;
using System.Text;
using Sluice.Formats.Gemini;
using Sluice.Formats.Json;
using Sluice.Formats.Shared;
using Sluice.Wire;
using static Sluice.Formats.Tests.Gemini.GeminiTesting;

namespace Sluice.Formats.Tests.Gemini;

public sealed class GeminiBodyModelsTests
{
    [Theory]
    [InlineData("""{"requests":[ {"model" : "models/a/b","content":{"model":"x"}},{"content":{}, "model":"models/a/b"} ],"x":1.50}""", "m", """{"requests":[ {"model" : "models/m","content":{"model":"x"}},{"content":{}, "model":"models/m"} ],"x":1.50}""")]
    [InlineData("""{"generateContentRequest":{"contents":[{"model":"x"}],"model":"models/a"}}""", "m", """{"generateContentRequest":{"contents":[{"model":"x"}],"model":"models/m"}}""")]
    [InlineData("""{"contents":[],"model":"models/a"}""", "tunedModels/t", """{"contents":[],"model":"tunedModels/t"}""")]
    [InlineData("""{"contents":[{"role":"model","parts":[]}]}""", "m", """{"contents":[{"role":"model","parts":[]}]}""")]
    [InlineData("""{"requests":5}""", "m", """{"requests":5}""")]
    public void Edit_BodyThatRepeatsItsModel_NamesTheOneThatIsAsked(string body, string model, string expected)
    {
        var members = JsonMembers.Scan(Bytes(body), out _)!;
        var edits = new JsonEdits(members);
        GeminiBodyModels.Edit(members, edits, model);
        var output = new ArrayBufferWriter<byte>();
        edits.Apply(output);

        Encoding.UTF8.GetString(output.WrittenSpan).ShouldBe(expected);
    }

    [Fact]
    public void IsIn_Body_FindsEnvelopesOnly()
    {
        string envelope = SignatureEnvelope.Write(new Chat.Signature("s", "anthropic"), "gemini");

        SignatureEnvelope.IsIn(Encoding.UTF8.GetBytes($"{{\"thoughtSignature\":\"{envelope}\"}}")).ShouldBeTrue();
        SignatureEnvelope.IsIn("{\"thoughtSignature\":\"CiQBjz1rX\"}"u8).ShouldBeFalse();
    }
}
