using System.Text.Json;
using System.Text.RegularExpressions;

namespace Sluice.Cli.Tests.Commands;

/// <summary><c>sluice keys ... --url</c>: the keys of a gateway elsewhere, with the same rules and outputs.</summary>
public sealed partial class RemoteKeysTests : IAsyncLifetime
{
    private readonly CliProcess there = new();
    private readonly CliProcess here = new();
    private RunningCommand serve = null!;
    private string url = "";

    public async ValueTask InitializeAsync()
    {
        there.Write("sluice.yaml", """
            server: { listen: 127.0.0.1:0 }
            admin: { listen: 127.0.0.1:0 }
            providers: { sim: { type: openai, base_url: "http://127.0.0.1:9/v1", api_key: any, models: [large] } }
            keys: { required: true, groups: { company: {}, search: { parent: company } } }
            """);
        serve = new RunningCommand(there.Start("serve"));
        string printed = await serve.WaitForAsync("there is none yet");
        url = AdminAddress().Match(printed).Groups[1].Value;
        here.Set("SLUICE_ADMIN_KEY", AdminKey().Match(printed).Value);
    }

    public async ValueTask DisposeAsync()
    {
        await serve.DisposeAsync();
        here.Dispose();
        there.Dispose();
    }

    [Fact]
    public void Key_FromMakingToRevoking_AsOnTheStore()
    {
        var made = here.Run("keys", "create", "--url", url, "--name", "ada/1", "--group", "search", "--models", "sim/*", "--rpm", "60", "--tpm", "1000", "--budget-daily", "5.00", "--expires", "30d", "--label", "team=search", "--output", "json");
        made.Code.ShouldBe(0, made.Error);
        var key = JsonDocument.Parse(made.Output).RootElement;
        string id = key.GetProperty("id").GetString()!;
        key.GetProperty("key").GetString()!.ShouldStartWith("sk-sluice-");
        key.GetProperty("groups").EnumerateArray().Select(m => m.GetString()).ShouldBe(["search", "company"]);
        here.Run("keys", "create", "--url", url).Output.ShouldMatch("^sk-sluice-[0-9A-Za-z]{49}\n$");

        // What is told is the same, wherever it is asked.
        foreach (string[] ask in new string[][] { ["keys", "list"], ["keys", "list", "--all", "--output", "json"], ["keys", "show", "ada/1"], ["keys", "show", id, "--output", "json"], ["keys", "list", "--output", "yaml"] })
        {
            var (code, output, error) = here.Run([.. ask, "--url", url]);
            (code, error).ShouldBe((0, ""));
            output.ShouldBe(there.Run(ask).Output);
        }

        var changed = here.Run("keys", "update", "ada/1", "--url", url, "--rpm", "120", "--models", "unset", "--if-version", "1", "--output", "json");
        changed.Code.ShouldBe(0, changed.Error);
        var now = JsonDocument.Parse(changed.Output).RootElement;
        (now.GetProperty("limits").GetProperty("rpm").GetInt32(), now.GetProperty("limits").GetProperty("tpm").GetInt32(), now.GetProperty("version").GetInt32()).ShouldBe((120, 1000, 2));
        now.TryGetProperty("models", out _).ShouldBeFalse();

        var rotated = here.Run("keys", "rotate", "ada/1", "--url", url, "--grace", "24h");
        rotated.Output.ShouldMatch("^sk-sluice-[0-9A-Za-z]{49}\n$");
        there.Run("keys", "show", "ada/1").Output.ShouldContain("previous_until");
        here.Run("keys", "revoke", "ada/1", "--url", url).Output.ShouldBe($"Key 'ada/1' ({id}) is revoked.\n");
        here.Run("keys", "list", "--url", url).Output.ShouldNotContain("ada");

        string admin = here.Run("keys", "rotate", "admin", "--url", url).Output.Trim();
        admin.ShouldStartWith("sluice-admin-");
        here.Run("keys", "list", "--url", url).Code.ShouldBe(1);
        here.Run("keys", "list", "--url", url + "/admin/api", "--admin-key", admin).Code.ShouldBe(0);
    }

    [Fact]
    public void Faults_AreToldAsTheyAre()
    {
        here.Run("keys", "create", "--url", url, "--name", "ada").Code.ShouldBe(0);

        Fails(1, "key 'ada' has version 1, not the one asked for", "keys", "update", "ada", "--rpm", "1", "--if-version", "7", "--url", url);
        Fails(2, "there is no key 'adda'. Did you mean 'ada'?", "keys", "show", "adda", "--url", url);
        Fails(2, "there is no group 'serach'; did you mean 'search'?", "keys", "create", "--group", "serach", "--url", url);
        Fails(1, "'ada'", "keys", "create", "--name", "ada", "--url", url);
        Fails(1, "this is not the admin key", "keys", "list", "--url", url, "--admin-key", "sluice-admin-wrong");
        Fails(4, "no gateway answers at http://127.0.0.1:9: the connection is refused", "keys", "list", "--url", "127.0.0.1:9");
        Fails(2, "write the gateway's address", "keys", "list", "--url", "ftp://gateway.example");
        string calls = CallAddress().Match(serve.Printed).Value;
        Fails(1, "have an address of its own (admin.listen)", "keys", "list", "--url", calls);
        here.Set("SLUICE_ADMIN_KEY", "");
        Fails(2, "set SLUICE_ADMIN_KEY", "keys", "list", "--url", url);
    }

    private void Fails(int expected, string words, params string[] args)
    {
        var (code, output, error) = here.Run(args);
        error.ShouldContain(words);
        (code, output).ShouldBe((expected, ""));
        error.ShouldNotContain("sluice-admin-");
    }

    [GeneratedRegex(@"Admin key for (http://127\.0\.0\.1:\d+)")]
    private static partial Regex AdminAddress();

    [GeneratedRegex(@"http://127\.0\.0\.1:\d+")]
    private static partial Regex CallAddress();

    [GeneratedRegex("sluice-admin-[0-9A-Za-z]+")]
    private static partial Regex AdminKey();
}
