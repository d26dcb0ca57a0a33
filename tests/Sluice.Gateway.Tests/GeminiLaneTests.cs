using System.Text.Json;
using Sluice.Chat;
using Sluice.Formats.Shared;
using Sluice.Simulator;
using static Sluice.Gateway.Tests.SimulatedGateway;

namespace Sluice.Gateway.Tests;

/// <summary>What is special about clients and upstreams that both speak Gemini.</summary>
public sealed class GeminiLaneTests(SimulatedGateway gateway) : IClassFixture<SimulatedGateway>
{
    [Theory]
    [InlineData("sim-gemini")]
    [InlineData("sim-anthropic")]
    public async Task Stream_WithoutAltSse_IsOneArray(string upstream)
    {
        var (_, body) = Ask("gemini-generate", $"{upstream}/large", "Hello there");

        using var answer = await gateway.PostAsync($"/v1beta/models/{upstream}/large:streamGenerateContent", body);
        var chunks = (await JsonAsync(answer)).EnumerateArray().ToArray();

        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/json");
        chunks.Length.ShouldBeGreaterThan(1);
        string.Concat(chunks.Select(Text)).ShouldContain("Hello there");
        chunks[^1].GetProperty("candidates")[0].GetProperty("finishReason").GetString().ShouldBe("STOP");
    }

    [Fact]
    public async Task Stream_WithoutAltSse_ThatBreaksOff_IsAnArrayThatEndsWithAnError()
    {
        var (_, body) = Ask("gemini-generate", "sim-gemini/large", "Hello there, this is long enough to be cut somewhere in the middle of it");
        gateway.Simulator.Script("gemini", new Fault { Kind = FaultKind.Reset, AtByte = 900 });

        using var answer = await gateway.PostAsync("/v1beta/models/sim-gemini/large:streamGenerateContent", body);
        var chunks = (await JsonAsync(answer)).EnumerateArray().ToArray();

        chunks[^1].GetProperty("error").GetProperty("code").GetInt32().ShouldBeGreaterThanOrEqualTo(500);
    }

    [Fact]
    public async Task Batch_OfInputs_NamesTheUpstreamsModelInside()
    {
        const string body = """{"requests":[{"model":"models/sim-gemini/embed","content":{"parts":[{"text":"a"}]}},{"model":"models/sim-gemini/embed","content":{"parts":[{"text":"b"}]}}]}""";

        using var answer = await gateway.PostAsync("/v1beta/models/sim-gemini/embed:batchEmbedContents", body);

        (await JsonAsync(answer)).GetProperty("embeddings").GetArrayLength().ShouldBe(2);
        Sent().ShouldBe(body.Replace("sim-gemini/", "", StringComparison.Ordinal));
    }

    [Fact]
    public async Task SignatureOfAnotherFamily_DoesNotReachTheModel()
    {
        string foreign = SignatureEnvelope.Write(new Signature("made-by-claude", "anthropic"), "gemini");
        string body = $$"""
            {"contents":[{"role":"user","parts":[{"text":"q"}]},{"role":"model","parts":[{"text":"hm","thought":true,"thoughtSignature":"{{foreign}}"},{"text":"a"}]},{"role":"user","parts":[{"text":"go on"}]}]}
            """;

        using var answer = await gateway.PostAsync("/v1beta/models/sim-gemini/large:generateContent", body);

        answer.IsSuccessStatusCode.ShouldBeTrue(await TextAsync(answer));
        Sent().ShouldNotContain("thoughtSignature");
        Header(answer, "x-sluice-dropped").ShouldNotBeNull().ShouldContain("signature");
    }

    private string Sent() => gateway.Simulator.Requests.For("gemini")[^1].Text;

    private static string Text(JsonElement chunk) => chunk.GetProperty("candidates")[0].GetProperty("content").GetProperty("parts")[0].GetProperty("text").GetString()!;
}
