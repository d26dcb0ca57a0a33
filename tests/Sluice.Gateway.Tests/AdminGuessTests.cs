using System.Net;
using static Sluice.Gateway.Tests.SimulatedGateway;

namespace Sluice.Gateway.Tests;

/// <summary>Wrong admin keys: slowed down where they are guesses, and never in the way of the right one.</summary>
public sealed class AdminGuessTests
{
    private const string Listener = "admin: { listen: \"127.0.0.1:0\" }";

    [Theory]
    [InlineData("guess")]
    [InlineData("sluice-admin-guess")]
    [InlineData("sk-sluice-guess")]
    public async Task WrongBearers_AtThePublicListener_DoNotShutAdministration(string bearer)
    {
        await using var gateway = await KeyedGateway.StartAsync(Listener);
        foreach (string path in new[] { "/health", "/metrics", "/health/ready" })
        {
            for (int i = 0; i < 15; i++) (await gateway.GetAsync(path, bearer)).StatusCode.ShouldBe(path == "/metrics" ? HttpStatusCode.Unauthorized : HttpStatusCode.OK);
        }
        (await gateway.AdminAsync("GET", "health")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await gateway.AdminAsync("GET", "health", key: "another")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Guesses_AreSlowedDown_AndTheRightKeyPasses()
    {
        await using var gateway = await KeyedGateway.StartAsync(Listener);
        for (int i = 0; i < 10; i++) (await gateway.AdminAsync("GET", "health", key: $"guess-{i}")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        using var slowed = await gateway.AdminAsync("GET", "health", key: "guess");
        slowed.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        Header(slowed, "Retry-After").ShouldNotBeNull();
        (await gateway.AdminAsync("GET", "health")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await gateway.GetAsync("/metrics", gateway.AdminKey)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task ClientsKey_AtTheAdministration_IsAMistakeAndNoGuess()
    {
        await using var gateway = await KeyedGateway.StartAsync(Listener);
        var key = await gateway.CreateAsync();
        for (int i = 0; i < 15; i++) (await gateway.AdminAsync("GET", "health", key: key.Secret)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }
}
