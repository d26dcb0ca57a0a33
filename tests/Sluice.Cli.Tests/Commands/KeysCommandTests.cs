using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Sluice.Simulator;

namespace Sluice.Cli.Tests.Commands;

public sealed partial class KeysCommandTests : IDisposable
{
    private const string Settings = """
        server: { listen: 127.0.0.1:0 }
        providers: { sim: { type: openai, base_url: "URLopenai/v1", api_key: any, models: [large] } }
        models: { smart: sim/large }
        keys:
          required: true
          groups: { company: { limits: { rpm: 100 } }, search: { parent: company } }
        """;

    private readonly CliProcess cli = new();
    private readonly HttpClient http = new();

    public void Dispose()
    {
        cli.Dispose();
        http.Dispose();
    }

    [Fact]
    public async Task GivenSecret_IsRead_AndOneThatCouldBeGuessedIsWarnedOf()
    {
        cli.Write("sluice.yaml", Settings.Replace("URL", "http://127.0.0.1:9/", StringComparison.Ordinal)).Write("weak.txt", "sk-1234567\n").Write("short.txt", "sk");

        var weak = cli.Run("keys", "create", "--name", "ada", "--secret-from", "weak.txt");
        (weak.Code, weak.Output).ShouldBe((0, "sk-1234567\n"));
        weak.Error.ShouldContain("this secret could be guessed");
        cli.Run("keys", "list", "--output", "json").Output.ShouldNotContain("1234567");

        using var piped = cli.Start("keys", "create", "--name", "bob", "--secret-from", "-");
        await piped.StandardInput.WriteAsync("team-a/0123456789-abcdefghijk");
        piped.StandardInput.Close();
        (await piped.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken)).ShouldBe("team-a/0123456789-abcdefghijk\n");
        (await piped.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken)).ShouldNotContain("guessed");

        var missing = cli.Run("keys", "create", "--secret-from", "nowhere.txt");
        missing.Code.ShouldBe(2);
        missing.Error.ShouldContain("--secret-from nowhere.txt");
        cli.Run("keys", "create", "--secret-from", "short.txt").Error.ShouldContain("6 to 256 signs");
        cli.Run("keys", "update", "ada", "--label", "a=b").Code.ShouldBe(0);
    }

    [Fact]
    public void Key_FromMakingToRevoking_OnTheStoreAlone()
    {
        cli.Write("sluice.yaml", Settings.Replace("URL", "http://127.0.0.1:9/", StringComparison.Ordinal));

        var made = cli.Run("keys", "create", "--name", "ada", "--group", "search", "--models", "smart,sim/*", "--rpm", "60", "--tpm", "100000", "--budget-daily", "5.00", "--expires", "30d", "--label", "team=search", "--address", "127.0.0.0/8", "--output", "json");
        made.Code.ShouldBe(0, made.Error);
        var key = JsonDocument.Parse(made.Output).RootElement;
        string secret = key.GetProperty("key").GetString()!, id = key.GetProperty("id").GetString()!;
        secret.ShouldStartWith("sk-sluice-");
        key.GetProperty("models").EnumerateArray().Select(m => m.GetString()).ShouldBe(["smart", "sim/*"]);
        key.GetProperty("limits").GetProperty("tpm").GetInt64().ShouldBe(100_000);
        key.GetProperty("budget").GetProperty("daily").GetDecimal().ShouldBe(5m);
        key.GetProperty("groups").EnumerateArray().Select(m => m.GetString()).ShouldBe(["search", "company"]);

        // Alone on standard output, for scripts.
        var plain = cli.Run("keys", "create");
        plain.Output.ShouldMatch("^sk-sluice-[0-9A-Za-z]{49}\n$");
        plain.Error.ShouldContain("shown only now");

        var list = cli.Run("keys", "list");
        list.Output.ShouldContain("ada");
        list.Output.ShouldContain("$5.00/day");
        var shown = cli.Run("keys", "show", "ada");
        shown.Output.ShouldContain("group: search");
        var changed = cli.Run("keys", "update", id, "--rpm", "120", "--models", "unset", "--output", "json");
        var now = JsonDocument.Parse(changed.Output).RootElement;
        now.GetProperty("limits").GetProperty("rpm").GetInt32().ShouldBe(120);
        now.GetProperty("limits").GetProperty("tpm").GetInt64().ShouldBe(100_000);
        now.TryGetProperty("models", out _).ShouldBeFalse();

        var rotated = cli.Run("keys", "rotate", "ada", "--grace", "24h");
        rotated.Output.Trim().ShouldNotBe(secret);
        cli.Run("keys", "revoke", "ada").Output.ShouldContain("is revoked");
        cli.Run("keys", "list").Output.ShouldNotContain("ada");
        var all = cli.Run("keys", "list", "--all", "--output", "json");
        JsonDocument.Parse(all.Output).RootElement.EnumerateArray().Select(k => k.GetProperty("state").GetString()).ShouldBe(["revoked", "active"]);

        // Nowhere but in what was printed once.
        foreach (string printed in new[] { list.Output, shown.Output, changed.Output, all.Output }) printed.ShouldNotContain(secret[10..20]);
        foreach (string file in Directory.GetFiles(cli.WorkingDirectory))
        {
            byte[] bytes = File.ReadAllBytes(file);
            foreach (string planted in new[] { secret, secret[10..30], rotated.Output.Trim()[10..30] }) bytes.AsSpan().IndexOf(Encoding.ASCII.GetBytes(planted)).ShouldBe(-1, file);
        }
    }

    [Theory]
    [InlineData("did you mean 'search'?", "keys", "create", "--group", "serach")]
    [InlineData("'many' is not a whole number", "keys", "create", "--rpm", "many")]
    [InlineData("how long from now", "keys", "create", "--expires", "soon")]
    [InlineData("write NAME=VALUE", "keys", "create", "--label", "team")]
    [InlineData("nothing to change", "keys", "update", "ada")]
    public void WrongWords_AreToldWithWhatWouldBeRight(string words, params string[] args)
    {
        cli.Write("sluice.yaml", Settings.Replace("URL", "http://127.0.0.1:9/", StringComparison.Ordinal));

        var (code, output, error) = cli.Run(args);

        code.ShouldBe(2);
        error.ShouldContain(words);
        output.ShouldBe("");
    }

    [Fact]
    public async Task Serve_TakesKeysOfAnotherProcess_AndLosesThemAtOnce()
    {
        await using var simulator = await SimulatorServer.StartAsync(new SimulatorOptions(), TestContext.Current.CancellationToken);
        cli.Write("sluice.yaml", Settings.Replace("URL", simulator.BaseAddress.ToString(), StringComparison.Ordinal));
        await using var serve = new RunningCommand(cli.Start("serve"));
        string printed = await serve.WaitForAsync("there is none yet");
        string url = ListensOn().Match(printed).Value;
        string admin = AdminKey().Match(printed).Value;
        (await StatusAsync(url, "sk-anything")).ShouldBe(HttpStatusCode.Unauthorized);

        string secret = cli.Run("keys", "create", "--name", "ada").Output.Trim();
        (await StatusAsync(url, secret)).ShouldBe(HttpStatusCode.OK);
        using var listed = await http.SendAsync(Request(HttpMethod.Get, url + "/admin/api/keys", admin), TestContext.Current.CancellationToken);
        (await listed.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldContain("\"name\":\"ada\"");
        cli.Run("keys", "revoke", "ada").Code.ShouldBe(0);
        (await StatusAsync(url, secret)).ShouldBe(HttpStatusCode.Unauthorized);

        string rotated = cli.Run("keys", "rotate", "admin").Output.Trim();
        using var old = await http.SendAsync(Request(HttpMethod.Get, url + "/admin/api/health", admin), TestContext.Current.CancellationToken);
        using var now = await http.SendAsync(Request(HttpMethod.Get, url + "/admin/api/health", rotated), TestContext.Current.CancellationToken);
        (old.StatusCode, now.StatusCode).ShouldBe((HttpStatusCode.Unauthorized, HttpStatusCode.OK));
        serve.Signal("TERM");
        (await serve.EndAsync()).ShouldBe(0);
        serve.Printed.ShouldNotContain(secret);
    }

    private static HttpRequestMessage Request(HttpMethod method, string url, string key)
    {
        var request = new HttpRequestMessage(method, url);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        return request;
    }

    private async Task<HttpStatusCode> StatusAsync(string url, string key)
    {
        using var request = Request(HttpMethod.Post, url + "/v1/chat/completions", key);
        request.Content = new StringContent("""{"model":"smart","messages":[{"role":"user","content":"Hello"}]}""", Encoding.UTF8, "application/json");
        using var answer = await http.SendAsync(request, TestContext.Current.CancellationToken);
        return answer.StatusCode;
    }

    [GeneratedRegex(@"http://127\.0\.0\.1:\d+")]
    private static partial Regex ListensOn();

    [GeneratedRegex("sluice-admin-[0-9A-Za-z]+")]
    private static partial Regex AdminKey();
}
