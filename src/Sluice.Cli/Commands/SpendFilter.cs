using System.CommandLine;
using Sluice.Accounting.Ledger;
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
            if (SpendWords.Time(value, now) is not { } time) return (filter, $"{option} {value}: {SpendWords.Times}");
            filter = option == "--since" ? filter with { Since = time } : filter with { Until = time };
        }
        if (parsed.GetValue(_label) is not { } label) return (filter, null);
        return SpendWords.Label(label) is { } wanted ? (filter with { Label = wanted }, null) : (filter, $"--label {label}: write NAME=VALUE");
    }
}
