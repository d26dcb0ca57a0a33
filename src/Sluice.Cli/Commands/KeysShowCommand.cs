using System.CommandLine;
using Sluice.Cli.Keys;
using Sluice.Cli.Output;

namespace Sluice.Cli.Commands;

/// <summary><c>sluice keys show</c>.</summary>
internal static class KeysShowCommand
{
    public static Command Create()
    {
        var place = new KeyPlace();
        var key = KeyArgument.Create();
        var format = OutputFormat.Option();
        var command = new Command("show", "Show what a key may do. The key itself is kept nowhere.").WithExamples("sluice keys show ada", "sluice keys show key_1a2b3c --output json");
        place.AddTo(command);
        command.Arguments.Add(key);
        command.Options.Add(format);
        command.SetAction((parsed, token) => place.WorkAsync(parsed, async desk =>
        {
            var found = await desk.Keys.GetAsync(parsed.GetValue(key)!, token);
            if (!found.IsSuccess) return desk.Tell(found.Error);
            KeyListing.Write(parsed.InvocationConfiguration.Output, found.Value, parsed.GetValue(format)!);
            return ExitCodes.Done;
        }));
        return command;
    }
}
