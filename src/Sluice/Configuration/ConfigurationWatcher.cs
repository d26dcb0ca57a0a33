using System.Security.Cryptography;
using Microsoft.Extensions.Logging;

namespace Sluice.Configuration;

/// <summary>
/// Loads again when a file of the configuration changes, or when asked to. A valid configuration is swapped in whole; a bad one is reported and the old
/// one stays. Files are compared by content at each tick rather than watched by the system: that also sees mounted secrets, whose directory is exchanged
/// behind a link, and network file systems.
/// </summary>
public sealed partial class ConfigurationWatcher : IDisposable
{
    /// <summary>The trigger of a reload that a changed file asked for.</summary>
    public const string FileChange = "file";

    /// <summary>How often the files are compared.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly ConfigurationSource source;
    private readonly IEnvironment environment;
    private readonly ConfigurationSnapshot snapshot;
    private readonly TimeProvider time;
    private readonly ILogger logger;
    private readonly Lock gate = new();
    private readonly string? top;
    private IReadOnlyList<string> files;
    private string loaded;
    private string pending;
    private ITimer? timer;

    /// <summary>Makes a watcher; it does nothing before <see cref="Start"/> or <see cref="Reload"/>.</summary>
    /// <param name="source">What was loaded, and is loaded again.</param>
    /// <param name="environment">The same environment as at the first load.</param>
    /// <param name="first">The result of the first load: its files are watched.</param>
    /// <param name="snapshot">Where a valid configuration goes.</param>
    /// <param name="time">The clock of the ticks.</param>
    /// <param name="logger">Where faults and reloads are reported.</param>
    public ConfigurationWatcher(
        ConfigurationSource source, IEnvironment environment, ConfigurationResult first, ConfigurationSnapshot snapshot, TimeProvider time, ILogger<ConfigurationWatcher> logger)
    {
        this.source = source;
        this.environment = environment;
        this.snapshot = snapshot;
        this.time = time;
        this.logger = logger;
        top = first.Files.Count > 0 ? first.Files[^1] : null;
        files = FilesOf(first);
        loaded = pending = Fingerprint();
    }

    /// <summary>
    /// Puts a valid configuration in force where there is more to it than the snapshot; gives why that cannot be done, and the one before stays. Default: nothing.
    /// </summary>
    public Func<SluiceConfig, string?>? Apply { get; init; }

    /// <summary>Raised after each reload with what it gave, valid or not.</summary>
    public event EventHandler<ConfigurationReloadedEventArgs>? Reloaded;

    /// <summary>Begins to watch. Without any file there is nothing to watch, and only <see cref="Reload"/> works.</summary>
    public void Start()
    {
        lock (gate) timer ??= files.Count == 0 ? null : time.CreateTimer(static state => ((ConfigurationWatcher)state!).Tick(), this, Interval, Interval);
    }

    /// <summary>Loads again now, changed or not.</summary>
    /// <param name="trigger">What asks for it (a signal, the administration API), for those who are told.</param>
    public ConfigurationResult Reload(string trigger)
    {
        lock (gate)
        {
            var result = Load();
            if (result.Config is { } valid && Apply?.Invoke(valid) is { } refusal) result = result with { Config = null, Faults = [Fault(refusal, "until that is put right the configuration before stays in force")] };
            // A bad file may have stopped the load before it reached others: those stay watched.
            files = result.IsValid ? FilesOf(result) : [.. files.Union(FilesOf(result), StringComparer.Ordinal)];
            loaded = pending = Fingerprint();
            Report(result);
            if (result.Config is { } config)
            {
                foreach (var key in NeedRestart(snapshot.Current, config)) LogRestart(logger, key);
                snapshot.Swap(config);
            }

            Reloaded?.Invoke(this, new ConfigurationReloadedEventArgs(result, trigger));
            return result;
        }
    }

    /// <summary>Ends watching.</summary>
    public void Dispose()
    {
        lock (gate)
        {
            timer?.Dispose();
            timer = null;
        }
    }

    // Discovery would go on to the next place, in the end to none at all: a file that is gone for a moment must not open the gateway.
    private ConfigurationResult Load()
    {
        if (top is null || File.Exists(top)) return ConfigurationLoader.Load(source, environment);
        return new ConfigurationResult { Faults = [Fault("the file is gone", "put it back, or start again without it")] };
    }

    private ConfigurationFault Fault(string what, string remedy) => new(top is null ? ConfigurationOrigin.BuiltIn : new ConfigurationOrigin(ConfigurationOriginKind.File, top), "", what, remedy);

    // Two ticks must see the same new content: an editor that is still writing is left to finish.
    private void Tick()
    {
        lock (gate)
        {
            var now = Fingerprint();
            if (now != loaded && now == pending) Reload(FileChange);
            else pending = now;
        }
    }

    private static IReadOnlyList<string> FilesOf(ConfigurationResult result) => [.. result.Files, .. result.SecretFiles];

    private string Fingerprint()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var file in files)
        {
            try
            {
                hash.AppendData(File.ReadAllBytes(file));
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                hash.AppendData("unreadable"u8);
            }

            hash.AppendData([0]);
        }

        return Convert.ToHexString(hash.GetHashAndReset());
    }

    // What is opened once, at the start.
    private static IEnumerable<string> NeedRestart(SluiceConfig before, SluiceConfig now)
    {
        if (before.Server.Listen != now.Server.Listen) yield return "server.listen";
        if (before.Server.Https != now.Server.Https) yield return "server.https";
        if (before.Admin.Listen != now.Admin.Listen) yield return "admin.listen";
        if (before.Storage != now.Storage) yield return "storage";
    }

    private void Report(ConfigurationResult result)
    {
        foreach (var warning in result.Warnings) LogWarning(logger, warning.ToString());
        foreach (var fault in result.Faults) LogFault(logger, fault.ToString());
        if (result.IsValid) LogReloaded(logger, result.Config!.Providers.Count, result.Config.Routes.Count);
        else LogKept(logger, result.Faults.Count == 1 ? "1 fault" : $"{result.Faults.Count} faults");
    }

    [LoggerMessage(EventId = 1400, Level = LogLevel.Information, Message = "configuration reloaded; providers: {Providers}, routes: {Routes}")]
    private static partial void LogReloaded(ILogger logger, int providers, int routes);

    [LoggerMessage(EventId = 1401, Level = LogLevel.Error, Message = "configuration not reloaded: {Faults}; the one in force stays")]
    private static partial void LogKept(ILogger logger, string faults);

    [LoggerMessage(EventId = 1402, Level = LogLevel.Error, Message = "{Fault}")]
    private static partial void LogFault(ILogger logger, string fault);

    [LoggerMessage(EventId = 1404, Level = LogLevel.Warning, Message = "{Key} was changed: that takes effect at the next start")]
    private static partial void LogRestart(ILogger logger, string key);

    [LoggerMessage(EventId = 1403, Level = LogLevel.Warning, Message = "{Warning}")]
    private static partial void LogWarning(ILogger logger, string warning);
}

/// <summary>What a reload gave.</summary>
/// <param name="result">The result.</param>
/// <param name="trigger">What asked for it.</param>
public sealed class ConfigurationReloadedEventArgs(ConfigurationResult result, string trigger) : EventArgs
{
    /// <summary>What asked for it: <see cref="ConfigurationWatcher.FileChange"/>, or what <see cref="ConfigurationWatcher.Reload"/> was told.</summary>
    public string Trigger { get; } = trigger;

    /// <summary>The result; where it has faults, the configuration in force did not change.</summary>
    public ConfigurationResult Result { get; } = result;
}
