using System.Diagnostics;
using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Sluice.Simulator;

namespace Sluice.Cli.Tests.Commands;

/// <summary>What can be wrong with the place of the database, made to happen: what is said, what goes on, and that no finished call is lost.</summary>
public sealed partial class StorageFaultTests : IAsyncLifetime
{
    // A file system of its own in a name space of its own: nobody else sees it, and it goes when the process does.
    private static readonly string[] SmallDisk = ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c", "mount -t tmpfs -o size=1m none data && exec \"$@\"", "sh"];

    // root may write everywhere, but for its capabilities.
    private static readonly string[] WithoutPrivileges = ["setpriv", "--inh-caps=-all", "--bounding-set=-all"];

    private readonly CliProcess cli = new();
    private readonly HttpClient http = new() { Timeout = TimeSpan.FromSeconds(30) };
    private SimulatorServer simulator = null!;

    public async ValueTask InitializeAsync()
    {
        simulator = await SimulatorServer.StartAsync(new SimulatorOptions(), TestContext.Current.CancellationToken);
        Write("refuse");
        Directory.CreateDirectory(cli.PathOf("data"));
    }

    public async ValueTask DisposeAsync()
    {
        http.Dispose();
        if (!OperatingSystem.IsWindows() && Directory.Exists(cli.PathOf("data"))) File.SetUnixFileMode(cli.PathOf("data"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        cli.Dispose();
        await simulator.DisposeAsync();
    }

    [Theory]
    [InlineData("refuse", HttpStatusCode.ServiceUnavailable)]
    [InlineData("allow", HttpStatusCode.OK)]
    public async Task FullDisk_IsSaid_AndWhatWasAnsweredIsRecordedWhenThereIsRoomAgain(string policy, HttpStatusCode expected)
    {
        Assert.SkipUnless(Can(SmallDisk), "this system lets nobody mount a file system");
        Write(policy);
        cli.Wrapper = SmallDisk;
        await using var serve = new RunningCommand(cli.Start("serve"));
        string url = ListensOn().Match(await serve.WaitForAsync("Base URL for SDKs")).Value;
        cli.Wrapper = [];
        string disk = $"/proc/{serve.Id}/root{cli.PathOf("data")}";
        int answered = 0;
        (await AskAsync(url)).ShouldBe((HttpStatusCode.OK, ""));
        answered++;

        Fill(Path.Combine(disk, "filler"));
        await UntilAsync(async () => (await ReadyAsync(url)).Contains("there is no room left on the disk", StringComparison.Ordinal));
        // A call is refused from when one before it could not be written.
        (HttpStatusCode Status, string Error) told = (default, "");
        await UntilAsync(async () =>
        {
            told = await AskAsync(url);
            if (told.Status == HttpStatusCode.OK) answered++;
            return told.Status == expected;
        });
        if (expected != HttpStatusCode.OK) told.Error.ShouldContain("there is no room left on the disk");

        File.Delete(Path.Combine(disk, "filler"));
        await UntilAsync(async () => (await AskAsync(url)).Status == HttpStatusCode.OK);
        answered++;
        await UntilAsync(async () => (await ReadyAsync(url)).Contains("\"status\":\"ready\"", StringComparison.Ordinal));
        // The small disk is mounted for that process alone: whoever reads the database must see what it sees.
        cli.Wrapper = ["nsenter", $"--target={serve.Id}", "--user", "--preserve-credentials", "--mount", "--wd", "--"];
        await UntilAsync(() => Task.FromResult(Calls(cli.PathOf("data/sluice.db")) >= answered));
        Calls(cli.PathOf("data/sluice.db")).ShouldBe(answered);
        simulator.Requests.For("openai").Count.ShouldBe(answered);
    }

    [Theory]
    [InlineData("file")]
    [InlineData("folder")]
    public void ReadOnlyPlace_IsSaid(string what)
    {
        Assert.SkipUnless(Can(WithoutPrivileges), "this system has no setpriv");
        cli.Run("keys", "create", "--name", "ada").Code.ShouldBe(0);
        if (OperatingSystem.IsWindows()) return;
        if (what == "file") File.SetUnixFileMode(cli.PathOf("data/sluice.db"), UnixFileMode.UserRead);
        else File.SetUnixFileMode(cli.PathOf("data"), UnixFileMode.UserRead | UnixFileMode.UserExecute);
        cli.Wrapper = WithoutPrivileges;

        foreach (string[] command in new string[][] { ["keys", "list"], ["serve"], ["spend"] })
        {
            var (code, output, error) = cli.Run(command);
            error.ShouldContain("data/sluice.db cannot be written to; give this user the right to write the file and its folder");
            (code, output).ShouldBe((1, ""));
        }
    }

    [Fact]
    public async Task DamagedPlace_WhereCallsMayGoOn_IsWarnedOf_AndServesWithoutALedger()
    {
        Write("allow");
        cli.Write("data/sluice.db", new string('x', 5000));
        await using var serve = new RunningCommand(cli.Start("serve"));
        string printed = await serve.WaitForAsync("Base URL for SDKs");

        printed.ShouldContain("is damaged or not a database");
        printed.ShouldContain("going on without keys and ledger (storage.on_failure: allow)");
        (await AskAsync(ListensOn().Match(printed).Value)).Status.ShouldBe(HttpStatusCode.OK);
        File.ReadAllText(cli.PathOf("data/sluice.db")).ShouldBe(new string('x', 5000));
    }

    [Fact]
    public async Task FileDeletedWhileRunning_IsSaid_AndCallsAreRefused()
    {
        await using var serve = new RunningCommand(cli.Start("serve"));
        string url = ListensOn().Match(await serve.WaitForAsync("Base URL for SDKs")).Value;
        (await AskAsync(url)).Status.ShouldBe(HttpStatusCode.OK);

        foreach (string file in Directory.GetFiles(cli.PathOf("data"), "sluice.db*")) File.Delete(file);

        (await ReadyAsync(url)).ShouldContain("is gone");
        (HttpStatusCode Status, string Error) told = (default, "");
        await UntilAsync(async () => (told = await AskAsync(url)).Status != HttpStatusCode.OK);
        told.Status.ShouldBe(HttpStatusCode.ServiceUnavailable);
        told.Error.ShouldContain("is gone");
    }

    [Fact]
    public async Task FileReplacedWhileRunning_IsSaid_AndCallsAreRefused()
    {
        string database = cli.PathOf("data/sluice.db");
        await using var serve = new RunningCommand(cli.Start("serve"));
        string url = ListensOn().Match(await serve.WaitForAsync("Base URL for SDKs")).Value;
        (await AskAsync(url)).Status.ShouldBe(HttpStatusCode.OK);

        File.Copy(database, database + ".bak");
        File.Move(database + ".bak", database, overwrite: true);

        (await ReadyAsync(url)).ShouldContain("replaced");
        var told = await AskAsync(url);
        told.Status.ShouldBe(HttpStatusCode.ServiceUnavailable);
        told.Error.ShouldContain("replaced");
    }

    [Fact]
    public async Task DatabaseLockedByAnotherProgram_IsSaid_AndNoCallIsLost()
    {
        await using var serve = new RunningCommand(cli.Start("serve"));
        string url = ListensOn().Match(await serve.WaitForAsync("Base URL for SDKs")).Value;
        int answered = 0;
        (HttpStatusCode Status, string Error) told = (default, "");
        using (var other = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={cli.PathOf("data/sluice.db")};Pooling=False"))
        {
            other.Open();
            using var transaction = other.BeginTransaction(deferred: false);
            await UntilAsync(async () =>
            {
                told = await AskAsync(url);
                if (told.Status == HttpStatusCode.OK) answered++;
                return told.Status != HttpStatusCode.OK;
            });
            told.Error.ShouldContain("another program keeps the database");
            told.Error.ShouldContain("locked");
        }
        await UntilAsync(async () => (told = await AskAsync(url)).Status == HttpStatusCode.OK);
        answered++;
        await UntilAsync(() => Task.FromResult(Calls(cli.PathOf("data/sluice.db")) >= answered));
        Calls(cli.PathOf("data/sluice.db")).ShouldBe(answered);
    }

    private static async Task UntilAsync(Func<Task<bool>> holds)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!await holds()) await Task.Delay(50, patience.Token);
    }

    private int Calls(string database)
    {
        var (code, output, error) = cli.Run("spend", "--output", "json", "--set", $"storage.sqlite={database}");
        code.ShouldBe(0, error);
        return JsonDocument.Parse(output).RootElement.GetProperty("total").GetProperty("calls").GetInt32();
    }

    private static bool Can(string[] wrapper)
    {
        if (!OperatingSystem.IsLinux()) return false;
        try
        {
            string folder = Directory.CreateTempSubdirectory("sluice-can-").FullName;
            Directory.CreateDirectory(Path.Combine(folder, "data"));
            var start = new ProcessStartInfo(wrapper[0], [.. wrapper[1..], "true"]) { WorkingDirectory = folder, RedirectStandardError = true, UseShellExecute = false };
            using var process = Process.Start(start)!;
            process.WaitForExit();
            Directory.Delete(folder, recursive: true);
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }

    private static void Fill(string path)
    {
        byte[] block = new byte[4096];
        using var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.Read, bufferSize: 0);
        try
        {
            while (true) file.Write(block);
        }
        catch (IOException)
        {
            // It is full.
        }
    }

    private void Write(string policy) => cli.Write("sluice.yaml", $$"""
        server: { listen: 127.0.0.1:0 }
        storage: { sqlite: ./data/sluice.db, on_failure: {{policy}} }
        admin: { enabled: false }
        providers: { sim: { type: openai, base_url: "{{simulator.BaseAddress}}openai/v1", api_key: any, price: { input: 1, output: 2 } } }
        """);

    private async Task<(HttpStatusCode Status, string Error)> AskAsync(string url)
    {
        using var content = new StringContent("""{"model":"sim/large","messages":[{"role":"user","content":"Hi"}]}""", Encoding.UTF8, "application/json");
        using var answer = await http.PostAsync(url + "/v1/chat/completions", content, TestContext.Current.CancellationToken);
        return (answer.StatusCode, answer.IsSuccessStatusCode ? "" : await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    private async Task<string> ReadyAsync(string url)
    {
        using var answer = await http.GetAsync(url + "/health/ready", TestContext.Current.CancellationToken);
        return await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
    }

    [GeneratedRegex(@"http://127\.0\.0\.1:\d+")]
    private static partial Regex ListensOn();
}
