using Microsoft.Extensions.Logging;
using Sluice.Configuration;
using Sluice.TestKit;

namespace Sluice.Tests.Configuration;

public sealed class ConfigurationWatcherTests : IDisposable
{
    private readonly ConfigurationFolder folder = new();
    private readonly ManualTime time = new();
    private readonly LogLines log = new();
    private ConfigurationWatcher? watcher;
    private ConfigurationSnapshot snapshot = new(SluiceConfig.Default);

    public void Dispose()
    {
        watcher?.Dispose();
        folder.Dispose();
    }

    [Fact]
    public void Tick_ChangedFile_IsSwappedInWholeAfterItIsStill()
    {
        Watch(Depth(10));
        var before = snapshot.Current;
        var changes = new List<(int, int)>();
        snapshot.Changed += (_, change) => changes.Add((change.Before.Server.MaxNesting, change.Now.Server.MaxNesting));

        folder.Write("sluice.yaml", Depth(20));
        Tick();
        snapshot.Current.ShouldBeSameAs(before);
        Tick();
        snapshot.Current.Server.MaxNesting.ShouldBe(20);
        before.Server.MaxNesting.ShouldBe(10);
        changes.ShouldBe([(10, 20)]);
        Tick();
        Tick();
        changes.Count.ShouldBe(1);
    }

    [Fact]
    public void Tick_BadFile_IsReportedOnceAndTheOldOneStays()
    {
        Watch(Depth(10));
        var before = snapshot.Current;

        folder.Write("sluice.yaml", Depth(99999));
        Tick();
        Tick();
        Tick();
        snapshot.Current.ShouldBeSameAs(before);
        log.Lines.ShouldBe(
            [
                "Error sluice.yaml:1:24: server.max_nesting: 99999 is out of range; write a whole number from 4 to 128",
                "Error configuration not reloaded: 1 fault; the one in force stays",
            ]);

        folder.Write("sluice.yaml", Depth(30));
        Tick();
        Tick();
        snapshot.Current.Server.MaxNesting.ShouldBe(30);
    }

    [Fact]
    public void Tick_FileThatVanishesAndComesBack_IsTakenUp()
    {
        Watch(Depth(10));
        File.Delete(Path.Combine(folder.WorkingDirectory, "sluice.yaml"));
        Tick();
        Tick();
        snapshot.Current.Server.MaxNesting.ShouldBe(10);
        log.Lines[0].ShouldEndWith("sluice.yaml: the file is gone; put it back, or start again without it");
        folder.Write("sluice.yaml", Depth(11));
        Tick();
        Tick();
        snapshot.Current.Server.MaxNesting.ShouldBe(11);
    }

    [Fact]
    public void Tick_RotatedKeyFile_IsTakenUp()
    {
        folder.Write("key", "first");
        Watch("providers: { openai: { api_key_file: key } }");
        folder.Write("key", "second");
        Tick();
        Tick();
        snapshot.Current.Providers["openai"].ApiKeys[0].Value.Reveal().ShouldBe("second");
    }

    [Fact]
    public void Tick_MountedSecretWhoseDirectoryIsExchanged_IsTakenUp()
    {
        folder.Write("..v1/key", "first").Write("..v2/key", "second");
        var data = Path.Combine(folder.WorkingDirectory, "..data");
        Directory.CreateSymbolicLink(data, "..v1");
        File.CreateSymbolicLink(Path.Combine(folder.WorkingDirectory, "key"), "..data/key");
        Watch("providers: { openai: { api_key_file: key } }");

        Directory.Delete(data);
        Directory.CreateSymbolicLink(data, "..v2");
        Tick();
        Tick();
        snapshot.Current.Providers["openai"].ApiKeys[0].Value.Reveal().ShouldBe("second");
    }

    [Fact]
    public void Tick_ChangedBaseOfAProfile_IsTakenUp()
    {
        folder.Write("base.yaml", Depth(10));
        Watch("extends: base.yaml");
        folder.Write("base.yaml", Depth(12));
        Tick();
        Tick();
        snapshot.Current.Server.MaxNesting.ShouldBe(12);
    }

    [Fact]
    public void Reload_WithoutAChange_LoadsAgain()
    {
        Watch(Depth(10));
        var before = snapshot.Current;
        ConfigurationResult? seen = null;
        watcher!.Reloaded += (_, reload) => seen = reload.Result;

        watcher.Reload("test").IsValid.ShouldBeTrue();
        seen.ShouldNotBeNull().Config.ShouldBeSameAs(snapshot.Current);
        snapshot.Current.ShouldNotBeSameAs(before);
    }

    [Fact]
    public void Reload_OtherAddress_SaysThatARestartIsNeeded()
    {
        Watch("server: { listen: 127.0.0.1:1 }");
        folder.Write("sluice.yaml", "server: { listen: 127.0.0.1:2 }");
        watcher!.Reload("test");
        log.Lines.ShouldContain("Warning server.listen was changed: that takes effect at the next start");
    }

    [Fact]
    public void Dispose_WhileWatching_EndsTheTicks()
    {
        Watch(Depth(10));
        watcher!.Dispose();
        folder.Write("sluice.yaml", Depth(20));
        Tick();
        Tick();
        snapshot.Current.Server.MaxNesting.ShouldBe(10);
    }

    private static string Depth(int depth) => $"server: {{ max_nesting: {depth} }}\nproviders: {{ ollama: }}";

    private void Watch(string yaml)
    {
        var first = folder.Write("sluice.yaml", yaml).Load();
        snapshot = new ConfigurationSnapshot(first.Config.ShouldNotBeNull());
        watcher = new ConfigurationWatcher(new ConfigurationSource(), folder, first, snapshot, time, log);
        watcher.Start();
    }

    private void Tick() => time.Advance(ConfigurationWatcher.Interval);

    private sealed class LogLines : ILogger<ConfigurationWatcher>
    {
        public List<string> Lines { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Lines.Add($"{logLevel} {formatter(state, exception)}");
    }
}
