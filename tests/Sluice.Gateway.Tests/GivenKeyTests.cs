using System.Net;

namespace Sluice.Gateway.Tests;

/// <summary>Keys whose secret an administrator gave: clients of another gateway keep theirs.</summary>
public sealed class GivenKeyTests
{
    private const string Chat = """{"model":"up/m","messages":[{"role":"user","content":"hi"}]}""";
    private const string Config = """
        keys: { required: REQUIRED }
        providers:
          up: { type: openai-compatible, base_url: "URL", auth: AUTH, models: [m] }
        """;

    [Theory]
    [InlineData("sk-1234567", "authorization", "Bearer sk-1234567")]
    [InlineData("sk-1234567", "x-api-key", "sk-1234567")]
    [InlineData("plain words-are_fine!", "authorization", "Bearer plain")]
    [InlineData("team-a/secret+1", "api-key", "team-a/secret+1")]
    public async Task GivenSecret_OpensTheGateway(string secret, string header, string value)
    {
        await using var gateway = await StartAsync(required: true);
        bool isFit = !secret.Contains(' ');
        if (isFit) await gateway.KeyAsync($$"""{"name":"ada","secret":"{{secret}}"}""");

        using var answer = await gateway.PostAsync("/v1/chat/completions", Chat, null, (header, value));

        answer.StatusCode.ShouldBe(isFit ? HttpStatusCode.OK : HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task AmongSeveralCredentials_TheGivenOneCounts_AndReachesNoProvider()
    {
        await using var gateway = await StartAsync(required: true, auth: "passthrough");
        await gateway.KeyAsync("""{"name":"ada","secret":"old-gateway-key"}""");

        using var answer = await gateway.PostAsync("/v1/chat/completions", Chat, null, ("authorization", "Bearer old-gateway-key"), ("x-api-key", "sk-ant-theirs"), ("x-note", "key old-gateway-key"));

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        string sent = string.Join('\n', gateway.Upstream.Requests.Single().Headers.Select(h => $"{h.Key}: {h.Value}"));
        sent.ShouldNotContain("old-gateway-key");
        sent.ShouldContain("sk-ant-theirs");
    }

    [Fact]
    public async Task WrongSecret_IsRefused_WithoutAQuestionToTheStore()
    {
        await using var gateway = await StartAsync(required: true);
        await gateway.KeyAsync("""{"name":"ada","secret":"old-gateway-key"}""");
        int before = gateway.Store.Lookups;

        for (int i = 0; i < 20; i++)
        {
            using var answer = await gateway.PostAsync("/v1/chat/completions", Chat, $"guess-{i}");
            answer.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        }

        gateway.Store.Lookups.ShouldBe(before);
    }

    [Fact]
    public async Task RotatedKey_TakesTheGivenSecretUntilTheGraceIsOver()
    {
        await using var gateway = await StartAsync(required: true);
        await gateway.KeyAsync("""{"name":"ada","secret":"old-gateway-key"}""");
        string next = await gateway.RotateAsync("ada", TimeSpan.FromHours(1));
        (await StatusAsync(gateway, "old-gateway-key")).ShouldBe(HttpStatusCode.OK);
        (await StatusAsync(gateway, next)).ShouldBe(HttpStatusCode.OK);

        next = await gateway.RotateAsync("ada", TimeSpan.Zero);
        (await StatusAsync(gateway, "old-gateway-key")).ShouldBe(HttpStatusCode.Unauthorized);
        (await StatusAsync(gateway, next)).ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("""{"secret":"abc"}""", "6 to 256 signs")]
    [InlineData("""{"secret":"with a blank"}""", "no blanks")]
    [InlineData("""{"secret":"sk-sluice-tooshort"}""", "check sum")]
    [InlineData("""{"secret":"sluice-admin-abcdefgh"}""", "admin key")]
    [InlineData("""{"secret":["abcdef"]}""", "as a text")]
    public async Task UnfitSecret_IsRefused(string settings, string words)
    {
        await using var gateway = await StartAsync(required: true);

        var error = await Should.ThrowAsync<InvalidOperationException>(() => gateway.KeyAsync(settings));

        error.Message.ShouldContain(words);
        if (settings.Contains("tooshort", StringComparison.Ordinal)) error.Message.ShouldNotContain("tooshort");
    }

    [Fact]
    public async Task SecretOfAnotherKey_IsRefused_WithoutSayingWhose()
    {
        await using var gateway = await StartAsync(required: true);
        await gateway.KeyAsync("""{"name":"ada","secret":"old-gateway-key"}""");

        var error = await Should.ThrowAsync<InvalidOperationException>(() => gateway.KeyAsync("""{"name":"bob","secret":"old-gateway-key"}"""));

        error.Message.ShouldBe("another key has this secret already; choose another one");
    }

    [Fact]
    public async Task WhereNoKeyIsRequired_WhatSdksSendIsNoKey_AndAGivenOneIs()
    {
        await using var gateway = await StartAsync(required: false);
        await gateway.KeyAsync("""{"name":"ada","secret":"old-gateway-key","models":["nothing"]}""");

        (await StatusAsync(gateway, "not-needed")).ShouldBe(HttpStatusCode.OK);
        (await StatusAsync(gateway, "old-gateway-key")).ShouldBe(HttpStatusCode.Forbidden);
    }

    private static async Task<HttpStatusCode> StatusAsync(KeyedUpstream gateway, string key)
    {
        using var answer = await gateway.PostAsync("/v1/chat/completions", Chat, key);
        return answer.StatusCode;
    }

    private static Task<KeyedUpstream> StartAsync(bool required, string auth = "none") =>
        KeyedUpstream.StartAsync(Config.Replace("REQUIRED", required ? "true" : "false").Replace("AUTH", auth), _ => FakeAnswer.Json("""{"id":"x","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,"message":{"role":"assistant","content":"ok"},"finish_reason":"stop"}]}"""));
}
