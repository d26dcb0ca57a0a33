using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Sluice.Cli.Tests.Commands;

/// <summary>Plants secrets in variables and in the configuration, and looks for them in everything that the commands print and write.</summary>
public sealed partial class SecretTests : IDisposable
{
    private const string Mark = "PLANTED";
    private readonly CliProcess cli = new();

    public void Dispose() => cli.Dispose();

    [Fact]
    public async Task Secret_IsInNothingThatCommandsPrintOrWrite()
    {
        await using var upstream = await QuotingAsync();
        cli.Set("LAB_KEY", "PLANTED-lab-key").Set("LAB_KEY_B", "PLANTED-lab-key-b").Set("PEPPER", "PLANTED-pepper-0123456789abcdef0123").Write("request.json", """{"model":"lab/m","messages":[{"role":"user","content":"Hi"}]}""");
        cli.Write("settings.yaml", $$"""
            server: { listen: 127.0.0.1:0 }
            logging: { format: json, level: trace, bodies: full }
            admin: { key: PLANTED-admin-key }
            keys: { required: false, pepper: "${PEPPER}" }
            storage: { sqlite: ./data.db }
            telemetry: { otlp: "http://127.0.0.1:9", otlp_headers: { api-key: PLANTED-collector-key } }
            budgets: { webhook: "https://hooks.example/PLANTED-webhook" }
            defaults: { retry: { max_attempts: 1 } }
            providers:
              lab: { type: openai, base_url: "{{upstream.Urls.Single()}}/v1", api_keys: ["${LAB_KEY}", "${LAB_KEY_B}"], models: [m] }
              query: { type: gemini, base_url: "{{upstream.Urls.Single()}}", api_key: "PLANTED+query/key=", auth: { scheme: query }, models: [m] }
            """);
        var told = new StringBuilder();

        await using (var serve = new RunningCommand(cli.Start("serve", "--config", "settings.yaml")))
        {
            string url = ListensOn().Match(await serve.WaitForAsync("lab/...")).Value;
            using var client = new HttpClient { BaseAddress = new Uri(url), Timeout = TimeSpan.FromSeconds(20) };
            foreach (string model in new[] { "lab/m", "lab/m", "query/m" }) told.AppendLine(await AskAsync(client, model));
            foreach (string path in new[] { "/metrics", "/health", "/v1/models" }) told.AppendLine(await client.GetStringAsync(path, TestContext.Current.CancellationToken));
            serve.Signal("TERM");
            await serve.EndAsync();
            told.AppendLine(serve.Printed);
        }
        foreach (string[] command in new string[][]
        {
            ["config", "show"], ["config", "show", "--output", "json"], ["config", "show", "--origin"], ["config", "show", "--origin", "--output", "json"], ["config", "validate"],
            ["doctor"], ["doctor", "--output", "json"], ["models"], ["explain", "--request", "request.json", "--all"], ["explain", "--request", "request.json", "--output", "json"], ["chat", "--model", "lab/m", "Hi"],
        })
        {
            var (_, output, error) = cli.Run([.. command, "--config", "settings.yaml"]);
            told.AppendLine(string.Join(' ', command)).AppendLine(output).AppendLine(error);
        }

        Around(told.ToString()).ShouldBeEmpty();
        foreach (string file in Directory.EnumerateFiles(cli.WorkingDirectory, "*", SearchOption.AllDirectories).Where(f => Path.GetFileName(f) != "settings.yaml"))
        {
            Around(Encoding.Latin1.GetString(await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken))).ShouldBeEmpty(file);
        }
        told.ToString().ShouldContain("\"event\":\"upstream_response\"");
        told.ToString().ShouldContain("***");
    }

    private static async Task<string> AskAsync(HttpClient client, string model)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions?key=PLANTED-client-query") { Content = new StringContent($$"""{"model":"{{model}}","messages":[{"role":"user","content":"Hi"}]}""", Encoding.UTF8, "application/json") };
        request.Headers.TryAddWithoutValidation("Authorization", "Bearer PLANTED-client-bearer");
        request.Headers.TryAddWithoutValidation("Cookie", "id=PLANTED-cookie");
        using var answer = await client.SendAsync(request, TestContext.Current.CancellationToken);
        answer.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        return string.Join('\n', answer.Headers.Select(h => $"{h.Key}: {string.Join(',', h.Value)}")) + await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
    }

    // Refuses everything, and quotes all that it was sent.
    private static async Task<WebApplication> QuotingAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var server = builder.Build();
        server.Run(async context =>
        {
            string all = string.Join(' ', context.Request.Headers.Select(h => $"{h.Key}: {h.Value}")) + context.Request.QueryString;
            context.Response.StatusCode = 401;
            context.Response.ContentType = "application/json";
            await context.Response.WriteAsync($"{{\"error\":{{\"message\":{System.Text.Json.JsonSerializer.Serialize("refused: " + all)},\"type\":\"auth\"}}}}");
        });
        await server.StartAsync(TestContext.Current.CancellationToken);
        return server;
    }

    private static string Around(string text)
    {
        int at = text.IndexOf(Mark, StringComparison.OrdinalIgnoreCase);
        return at < 0 ? "" : text[Math.Max(0, at - 200)..Math.Min(text.Length, at + 60)];
    }

    [GeneratedRegex(@"http://127\.0\.0\.1:\d+")]
    private static partial Regex ListensOn();
}
