using System.CommandLine;
using Sluice.Accounting.Ledger;
using Sluice.Cli.Hosting;
using Sluice.Cli.Output;
using Sluice.Storage;

namespace Sluice.Cli.Commands;

/// <summary><c>sluice spend</c>: what was used and what it cost.</summary>
internal static class SpendCommand
{
    public static Command Create()
    {
        var configuration = new ConfigurationOptions();
        var filter = new SpendFilter();
        var by = new Option<string?>("--by") { Description = "Group by provider, model, key, group, route, label, day or hour", HelpName = "WHAT" };
        by.AcceptOnlyFromAmong([.. SpendWords.Groupings.Keys]);
        var labelName = new Option<string?>("--label-name") { Description = "The label whose values are the groups (with --by label)", HelpName = "NAME" };
        var zone = new Option<string>("--time-zone") { Description = "Time zone in which days and hours turn", HelpName = "ZONE", DefaultValueFactory = _ => "UTC" };
        var output = new Option<string>("--output", "-o") { Description = "table, json or csv", HelpName = "FORMAT", DefaultValueFactory = _ => "table" };
        output.AcceptOnlyFromAmong("table", "json", "csv");
        var command = new Command("spend", "Show what calls used and cost, from the ledger.")
            .WithExamples("sluice spend", "sluice spend --by key --since 2026-11-01", "sluice spend --by day --since 7d --time-zone Europe/Berlin", "sluice spend --by label --label-name project --output csv");
        configuration.AddTo(command);
        filter.AddTo(command);
        foreach (Option option in new Option[] { by, labelName, zone, output }) command.Options.Add(option);
        command.Subcommands.Add(SpendRecomputeCommand.Create());
        command.SetAction(async (parsed, token) =>
        {
            if (parsed.GetValue(by) == "label" && parsed.GetValue(labelName) is null) return await WrongAsync("--by label needs --label-name NAME: whose values are the groups");
            if (!TimeZoneInfo.TryFindSystemTimeZoneById(parsed.GetValue(zone)!, out var timeZone)) return await WrongAsync($"--time-zone {parsed.GetValue(zone)}: no such time zone; write one like Europe/Berlin");
            var (wanted, fault) = filter.Read(parsed, TimeProvider.System.GetUtcNow());
            if (fault is not null) return await WrongAsync(fault);
            if (configuration.Load(parsed) is not { } config) return ExitCodes.ConfigurationInvalid;
            if (await StoreOpening.OpenExistingAsync(config, configuration.Flags(parsed)) is not { } store) return ExitCodes.Failed;
            await using (store)
            {
                SpendBy? grouping = parsed.GetValue(by) is { } name ? SpendWords.Groupings[name] : null;
                var report = await store.Ledger.SpendAsync(new SpendQuery(wanted, grouping) { LabelName = parsed.GetValue(labelName), TimeZone = timeZone }, token);
                if (!report.IsSuccess) return await FailedAsync(report.Error.Message);
                SpendOutput.Write(parsed.InvocationConfiguration.Output, report.Value, parsed.GetValue(by), parsed.GetValue(output)!);
                return ExitCodes.Done;
            }
        });
        return command;
    }

    private static async Task<int> WrongAsync(string fault)
    {
        await Console.Error.WriteLineAsync($"sluice: {fault}");
        return ExitCodes.WrongUsage;
    }

    private static async Task<int> FailedAsync(string fault)
    {
        await Console.Error.WriteLineAsync($"sluice: {fault}");
        return ExitCodes.Failed;
    }
}
