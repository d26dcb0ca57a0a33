using System.Text.Json;
using static Sluice.Gateway.Tests.SimulatedGateway;

namespace Sluice.Gateway.Tests;

/// <summary>DeepSeek refuses a tool turn whose <c>reasoning_content</c> does not come back, and so may a server that a provider's quirks describe; clients of the same format drop what they do not know.</summary>
public sealed class ReasoningBackTests(SimulatedGateway gateway) : IClassFixture<SimulatedGateway>
{
    private const string Tools = """[{"type":"function","function":{"name":"get_weather","parameters":{"type":"object","properties":{"city":{"type":"string"}}}}}]""";

    [Theory]
    [InlineData(false, "sim-deepseek")]
    [InlineData(true, "sim-deepseek")]
    [InlineData(false, "sim-lab")]
    [InlineData(true, "sim-lab")]
    public async Task ClientOfTheSameFormatThatDropsIt_GetsItPutBack(bool stream, string provider)
    {
        var (id, reasoning) = await CallAsync(stream, provider);

        using var next = await gateway.PostAsync("/v1/chat/completions", Body(false, $$"""{"role":"user","content":"Weather in Paris?"},{{Called(id)}},{"role":"user","content":"no tool, thanks"}""", provider));

        next.IsSuccessStatusCode.ShouldBeTrue(await TextAsync(next));
        using var sent = JsonDocument.Parse(gateway.Simulator.Requests.For("openai")[^1].Text);
        sent.RootElement.GetProperty("messages")[1].GetProperty("reasoning_content").GetString().ShouldBe(reasoning);
        Header(next, "x-sluice-dropped").ShouldBeNull();
    }

    [Fact]
    public async Task ClientThatReturnsIt_IsPassedOnUnchanged()
    {
        var (id, _) = await CallAsync(stream: false);
        string body = Body(false, $$"""{"role":"user","content":"Weather in Paris?"},{{Called(id).Replace("\"content\":null", "\"content\":null,\"reasoning_content\":\"as I thought\"", StringComparison.Ordinal)}}""");

        using var next = await gateway.PostAsync("/v1/chat/completions", body);

        next.IsSuccessStatusCode.ShouldBeTrue(await TextAsync(next));
        gateway.Simulator.Requests.For("openai")[^1].Text.ShouldBe(body.Replace("sim-deepseek/", "", StringComparison.Ordinal));
    }

    [Fact]
    public async Task UnknownCall_IsRefusedInTheProvidersWords()
    {
        using var next = await gateway.PostAsync("/v1/chat/completions", Body(false, $$"""{"role":"user","content":"Weather in Paris?"},{{Called("call_of_nobody")}}"""));

        ((int)next.StatusCode).ShouldBe(400);
        (await TextAsync(next)).ShouldContain("reasoning_content");
    }

    private static string Called(string id) =>
        $$$"""{"role":"assistant","content":null,"tool_calls":[{"id":"{{{id}}}","type":"function","function":{"name":"get_weather","arguments":"{\"city\":\"Paris\"}"}}]},{"role":"tool","tool_call_id":"{{{id}}}","content":"Sunny"}""";

    private static string Body(bool stream, string messages, string provider = "sim-deepseek") =>
        $$"""{"model":"{{provider}}/reasoner-signed","stream":{{(stream ? "true" : "false")}},"tools":{{Tools}},"messages":[{{messages}}]}""";

    private async Task<(string Id, string Reasoning)> CallAsync(bool stream, string provider = "sim-deepseek")
    {
        using var answer = await gateway.PostAsync("/v1/chat/completions", Body(stream, """{"role":"user","content":"Weather in Paris?"}""", provider));
        string text = await TextAsync(answer);
        answer.IsSuccessStatusCode.ShouldBeTrue(text);
        var messages = stream
            ? text.Split('\n').Where(l => l.StartsWith("data: {", StringComparison.Ordinal)).Select(l => Message(l[6..], "delta"))
            : [Message(text, "message")];
        string id = "", reasoning = "";
        foreach (var message in messages)
        {
            if (message.ValueKind != JsonValueKind.Object) continue;
            if (message.TryGetProperty("reasoning_content", out var piece) && piece.ValueKind == JsonValueKind.String) reasoning += piece.GetString();
            if (message.TryGetProperty("tool_calls", out var calls) && calls.ValueKind == JsonValueKind.Array && calls[0].TryGetProperty("id", out var named)) id = named.GetString()!;
        }
        reasoning.ShouldNotBeEmpty();
        return (id, reasoning);
    }

    private static JsonElement Message(string json, string member)
    {
        var choices = JsonDocument.Parse(json).RootElement.GetProperty("choices");
        return choices.GetArrayLength() == 0 ? default : choices[0].GetProperty(member);
    }
}
