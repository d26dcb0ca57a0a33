using System.CommandLine;
using Sluice.Cli.Keys;
using Sluice.Cli.Output;

namespace Sluice.Cli.Commands;

/// <summary><c>sluice keys update</c>.</summary>
internal static class KeysUpdateCommand
{
    public static Command Create()
    {
        var place = new KeyPlace();
        var key = KeyArgument.Create();
        var options = new KeyOptions();
        var version = KeyArgument.Version();
        var format = OutputFormat.Option();
        var command = new Command("update", "Change what a key may do.")
            .WithNotes($"What is not named stays as it is; a list replaces the one before; '{KeyOptions.Unset}' takes a setting out.")
            .WithExamples("sluice keys update ada --rpm 120", "sluice keys update ada --models unset --expires 2027-06-30");
        place.AddTo(command);
        command.Arguments.Add(key);
        options.AddTo(command);
        options.CompleteWith(place.Configuration);
        command.Options.Add(version);
        command.Options.Add(format);
        command.SetAction(async (parsed, token) =>
        {
            var settings = options.Settings(parsed);
            if (settings.Entries.Count == 0)
            {
                await parsed.InvocationConfiguration.Error.WriteLineAsync("sluice: nothing to change: name what, such as --rpm 60");
                return ExitCodes.WrongUsage;
            }
            return await place.WorkAsync(parsed, async desk =>
            {
                var changed = await desk.Keys.UpdateAsync(parsed.GetValue(key)!, settings, parsed.GetValue(version), token);
                if (!changed.IsSuccess) return desk.Tell(changed.Error);
                KeyListing.Write(parsed.InvocationConfiguration.Output, changed.Value, parsed.GetValue(format)!);
                return ExitCodes.Done;
            });
        });
        return command;
    }
}
