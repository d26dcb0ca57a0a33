using System.Text.RegularExpressions;
using Sluice.Configuration;

namespace Sluice.Telemetry.Logging;

/// <summary>The <c>logging</c> of one configuration, ready for use.</summary>
internal sealed class LogSettings
{
    private static readonly TimeSpan RedactTimeout = TimeSpan.FromSeconds(1);
    private readonly string[] _beginnings;
    private readonly SecretMask _mask;
    private readonly Regex[] _redact;

    public LogSettings(LoggingConfig config, SecretMask mask)
    {
        Config = config;
        _mask = mask;
        // The longest beginning decides.
        _beginnings = [.. config.Levels.Keys.OrderByDescending(k => k.Length)];
        _redact = [.. config.Redact.Select(p => new Regex(p, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant, RedactTimeout))];
        Steps = new[] { LogCategories.Decode, LogCategories.Admit, LogCategories.Route, LogCategories.Attempt, LogCategories.Translate, LogCategories.Settle }
            .Any(c => IsOn(c, LogLevelName.Debug));
        Messages = config.Bodies != BodyLogging.None && IsOn(LogCategories.Messages, LogLevelName.Info);
    }

    /// <summary>What the user wrote.</summary>
    public LoggingConfig Config { get; }

    /// <summary>Whether any step of a call is logged.</summary>
    public bool Steps { get; }

    /// <summary>Whether headers or bodies are logged.</summary>
    public bool Messages { get; }

    /// <summary>Whether a line of this category and level is written.</summary>
    public bool IsOn(string category, LogLevelName level)
    {
        var least = Config.Level;
        foreach (string beginning in _beginnings)
        {
            if (!category.StartsWith(beginning, StringComparison.OrdinalIgnoreCase)) continue;
            least = Config.Levels[beginning];
            break;
        }
        return level >= least && least != LogLevelName.None;
    }

    /// <summary>The mask for a line.</summary>
    public LogText Text(IReadOnlyList<string>? credentials) => new(_mask, _redact, credentials);
}
