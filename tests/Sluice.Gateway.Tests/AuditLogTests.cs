using System.Text;
using System.Text.Json;
using Sluice.Configuration;
using Sluice.Gateway.Hosting;
using Sluice.Storage;

namespace Sluice.Gateway.Tests;

/// <summary>Administrative acts as lines of the log.</summary>
public sealed class AuditLogTests
{
    private const string Key = "sk-planted-0123456789abcdef";

    [Theory]
    [InlineData("json")]
    [InlineData("text")]
    public async Task Act_IsWrittenBeforeItIsTold_WhateverTheLevel(string format)
    {
        using var output = new MemoryStream();
        var result = ConfigurationLoader.LoadText(
            $$"""
            server: { listen: "127.0.0.1:0" }
            logging: { format: {{format}}, level: none }
            providers: { lab: { type: openai, base_url: "http://127.0.0.1:9/v1", api_key: "{{Key}}" } }
            """,
            "test",
            new ProcessEnvironment());
        await using var host = await GatewayHost.StartAsync(result.Config!, new GatewayHostOptions { LogOutput = output }, TestContext.Current.CancellationToken);
        var act = new AuditEntry(DateTimeOffset.UnixEpoch, "admin", "key.create", "team\nforged") { Detail = "{\"after\":{\"note\":\"" + Key + "\"}}", RequestId = "req_1", Address = "127.0.0.1" };

        (await host.Audit.WriteAsync(act, TestContext.Current.CancellationToken)).ShouldBeNull();

        string[] lines = Encoding.UTF8.GetString(output.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        lines.Length.ShouldBe(1);
        lines[0].ShouldContain("key.create");
        lines[0].ShouldContain("***");
        lines[0].ShouldNotContain(Key);
        await host.StopAsync();
        if (format == "text") return;
        var line = JsonDocument.Parse(lines[0]).RootElement;
        line.GetProperty("event").GetString().ShouldBe("audit");
        line.GetProperty("actor").GetString().ShouldBe("admin");
        line.GetProperty("subject").GetString().ShouldBe("team\nforged");
        line.GetProperty("request_id").GetString().ShouldBe("req_1");
    }
}
