using System.Text;
using Sluice.Wire;

namespace Sluice.Formats.Tests.Json;

/// <summary>A body that is no JSON is told by what is wrong with it, and where.</summary>
public sealed class JsonFaultTests
{
    [Theory]
    [InlineData("{\"model\":\"a\"", "the JSON ends too early (line 1, column 13)")]
    [InlineData("{\"messages\":[{\"role\":\"user\"", "the JSON ends too early (line 1, column 28)")]
    [InlineData("{\"model\":\"a", "the JSON ends too early (line 1, column 12)")]
    [InlineData("{\"a\":[[[[[1]]]]]}", "the JSON is nested too deeply: 4 levels are allowed (line 1, column 9)")]
    [InlineData("{\"a\":NaN}", "the JSON breaks at 'N' (line 1, column 6)")]
    public void Body_ThatIsNoJson_SaysWhy(string body, string sentence)
    {
        JsonMembers.Scan(Encoding.UTF8.GetBytes(body), 4, out var fault).ShouldBeNull();

        fault!.Sentence.ShouldBe(sentence);
    }
}
