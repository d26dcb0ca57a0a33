using System.CommandLine;
using System.Globalization;
using Sluice.Storage;

namespace Sluice.Cli.Commands;

/// <summary>The options that choose entries of the ledger.</summary>
internal sealed class SpendFilter
{
    private readonly Option<string?> _since = new("--since") { Description = "From this time on: a date (2026-11-01), a time (2026-11-01T12:00Z) or an age (7d, 12h, 30m)", HelpName = "WHEN" };
    private readonly Option<string?> _until = new("--until") { Description = "Before this time", HelpName = "WHEN" };
    private readonly Option<string?> _provider = new("--provider") { Description = "Of this provider", HelpName = "NAME" };
    private readonly Option<string?> _model = new("--model", "-m") { Description = "Of this model, without its provider", HelpName = "NAME" };
    private readonly Option<string?> _key = new("--key") { Description = "Of this key, by name or id", HelpName = "KEY" };
    private readonly Option<string?> _group = new("--group") { Description = "Of this group and those below it", HelpName = "NAME" };
    private readonly Option<string?> _route = new("--route") { Description = "Of this route", HelpName = "NAME" };
    private readonly Option<string?> _label = new("--label") { Description = "With this label", HelpName = "NAME=VALUE" };

    public void AddTo(Command command)
    {
        foreach (Option option in new Option[] { _since, _until, _provider, _model, _key, _group, _route, _label }) command.Options.Add(option);
    }

    /// <summary>What the options ask for; or what is wrong with them.</summary>
    public (LedgerFilter Filter, string? Fault) Read(ParseResult parsed, DateTimeOffset now)
    {
        var filter = new LedgerFilter { Provider = parsed.GetValue(_provider), Model = parsed.GetValue(_model), Key = parsed.GetValue(_key), Group = parsed.GetValue(_group), Route = parsed.GetValue(_route) };
        foreach (var (option, value) in new[] { ("--since", parsed.GetValue(_since)), ("--until", parsed.GetValue(_until)) })
        {
            if (value is null) continue;
            if (Time(value, now) is not { } time) return (filter, $"{option} {value}: write a date (2026-11-01), a time (2026-11-01T12:00Z) or an age (7d, 12h, 30m)");
            filter = option == "--since" ? filter with { Since = time } : filter with { Until = time };
        }
        if (parsed.GetValue(_label) is not { } label) return (filter, null);
        int equals = label.IndexOf('=');
        return equals > 0 ? (filter with { Label = new(label[..equals], label[(equals + 1)..]) }, null) : (filter, $"--label {label}: write NAME=VALUE");
    }

    private static DateTimeOffset? Time(string text, DateTimeOffset now)
    {
        if (text.Length > 1 && double.TryParse(text[..^1], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double amount) && amount < 100_000)
        {
            TimeSpan? age = text[^1] switch { 'd' => TimeSpan.FromDays(amount), 'h' => TimeSpan.FromHours(amount), 'm' => TimeSpan.FromMinutes(amount), 's' => TimeSpan.FromSeconds(amount), _ => null };
            if (age is { } past) return now - past;
        }
        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time) ? time : null;
    }
}
