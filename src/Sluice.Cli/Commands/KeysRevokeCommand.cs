using System.CommandLine;
using Sluice.Cli.Keys;
using Sluice.Cli.Output;

namespace Sluice.Cli.Commands;

/// <summary><c>sluice keys revoke</c>.</summary>
internal static class KeysRevokeCommand
{
    public static Command Create()
    {
        var place = new KeyPlace();
        var key = KeyArgument.Create();
        var version = KeyArgument.Version();
        var format = OutputFormat.Option();
        var command = new Command("revoke", "End a key for good, in every gateway at its next call.").WithExamples("sluice keys revoke ada");
        place.AddTo(command);
        command.Arguments.Add(key);
        command.Options.Add(version);
        command.Options.Add(format);
        command.SetAction((parsed, token) => place.WorkAsync(parsed, async desk =>
        {
            var revoked = await desk.Keys.RevokeAsync(parsed.GetValue(key)!, parsed.GetValue(version), token);
            if (!revoked.IsSuccess) return desk.Tell(revoked.Error);
            if (parsed.GetValue(format) is { } data and not "table") KeyListing.Write(parsed.InvocationConfiguration.Output, revoked.Value, data);
            else parsed.InvocationConfiguration.Output.WriteLine($"Key '{revoked.Value.Name}' ({revoked.Value.Id}) is revoked.");
            return ExitCodes.Done;
        }));
        return command;
    }
}
