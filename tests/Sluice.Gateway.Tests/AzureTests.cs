namespace Sluice.Gateway.Tests;

/// <summary>Azure OpenAI over HTTP: key, version and deployment travel where Azure looks for them.</summary>
public sealed class AzureTests
{
    private const string Answer = """{"id":"c","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,"message":{"role":"assistant","content":"Hello"},"finish_reason":"stop"}],"usage":{"prompt_tokens":1,"completion_tokens":1,"total_tokens":2}}""";

    [Theory]
    [InlineData("URL", "", "gpt-4o", "/openai/deployments/gpt-4o/chat/completions?api-version=2024-10-21")]
    [InlineData("URL", ", api_version: 2025-04-01-preview, deployments: { gpt-4o: my-deployment }", "gpt-4o", "/openai/deployments/my-deployment/chat/completions?api-version=2025-04-01-preview")]
    [InlineData("URL/openai/v1", "", "gpt-4o", "/openai/v1/chat/completions")]
    public async Task Request_ToAzure_HasItsAddressAndKey(string address, string settings, string model, string target)
    {
        await using var fake = await FakeUpstream.StartAsync(_ => FakeAnswer.Json(Answer));
        await fake.GatewayAsync($$"""providers: { azure: { base_url: "{{address}}", api_key: azure-key-1{{settings}} } }""");

        using var answer = await fake.ChatAsync($"azure/{model}");

        answer.IsSuccessStatusCode.ShouldBeTrue();
        var sent = fake.Requests.ShouldHaveSingleItem();
        sent.Target.ShouldBe(target);
        sent.Headers["api-key"].ShouldBe("azure-key-1");
        sent.Headers.ContainsKey("authorization").ShouldBeFalse();
    }
}
