namespace Sluice.Configuration;

/// <summary>What is logged (<c>logging</c>).</summary>
public sealed record LoggingConfig
{
    /// <summary>The shape of a line. Default <see cref="LogFormat.Text"/>.</summary>
    public LogFormat Format { get; init; }

    /// <summary>The least level. Default <see cref="LogLevelName.Info"/>.</summary>
    public LogLevelName Level { get; init; } = LogLevelName.Info;

    /// <summary>Levels of single categories by name or its beginning.</summary>
    public IReadOnlyDictionary<string, LogLevelName> Levels { get; init; } = Empty<LogLevelName>.Map;

    /// <summary>How much of a call's messages is logged. Default <see cref="BodyLogging.None"/>.</summary>
    public BodyLogging Bodies { get; init; }

    /// <summary>The most of one body that is logged, in bytes. Default 16 KiB.</summary>
    public long MaxBody { get; init; } = 16L << 10;

    /// <summary>Regular expressions whose matches are masked in what is logged, besides secrets.</summary>
    public IReadOnlyList<string> Redact { get; init; } = [];
}

/// <summary>The shape of a log line (<c>format</c>).</summary>
public enum LogFormat
{
    /// <summary>For people.</summary>
    Text,

    /// <summary>One JSON object a line.</summary>
    Json,
}

/// <summary>Log levels as the file writes them.</summary>
public enum LogLevelName
{
    /// <summary>Everything.</summary>
    Trace,

    /// <summary>Each step of a call.</summary>
    Debug,

    /// <summary>One line a call.</summary>
    Info,

    /// <summary>What may need attention.</summary>
    Warning,

    /// <summary>What failed.</summary>
    Error,

    /// <summary>Nothing.</summary>
    None,
}

/// <summary>How much of a call's messages is logged (<c>bodies</c>).</summary>
public enum BodyLogging
{
    /// <summary>Neither headers nor bodies.</summary>
    None,

    /// <summary>Headers, credentials masked.</summary>
    Headers,

    /// <summary>Headers and bodies.</summary>
    Full,
}
