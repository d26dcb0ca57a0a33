using System.CommandLine;
using Sluice.Cli.Keys;
using Sluice.Cli.Output;

namespace Sluice.Cli.Commands;

/// <summary><c>sluice keys list</c>.</summary>
internal static class KeysListCommand
{
    public static Command Create()
    {
        var place = new KeyPlace();
        var group = new Option<string?>("--group", "-g") { Description = "Only keys of this group", HelpName = "GROUP" };
        var all = new Option<bool>("--all", "-a") { Description = "Revoked and expired keys, too" };
        var format = OutputFormat.Option();
        var command = new Command("list", "List the keys.").WithExamples("sluice keys list", "sluice keys list --all --output json");
        place.AddTo(command);
        foreach (var option in (Option[])[group, all, format]) command.Options.Add(option);
        command.SetAction((parsed, token) => place.WorkAsync(parsed, async desk =>
        {
            var listed = await desk.Keys.ListAsync(token);
            if (!listed.IsSuccess) return desk.Tell(listed.Error);
            var chosen = listed.Value.Where(k => parsed.GetValue(all) || k.State == "active").Where(k => parsed.GetValue(group) is not { } wanted || k.Group == wanted).ToList();
            if (chosen.Count == 0 && parsed.GetValue(format) == "table") desk.Errors.WriteLine(listed.Value.Count == 0 ? Output.ProgramName.In($"There is no key yet. 'sluice keys create{place.Configuration.Flags(parsed)}' makes one.") : "No key fits; --all shows revoked and expired ones, too.");
            else KeyListing.Write(parsed.InvocationConfiguration.Output, chosen, parsed.GetValue(format)!);
            return ExitCodes.Done;
        }));
        return command;
    }
}
