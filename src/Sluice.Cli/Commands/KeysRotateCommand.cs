using System.CommandLine;
using Sluice.Access;
using Sluice.Cli.Keys;
using Sluice.Cli.Output;
using Sluice.Configuration.Schema;

namespace Sluice.Cli.Commands;

/// <summary><c>sluice keys rotate</c>, also for the admin key.</summary>
internal static class KeysRotateCommand
{
    public static Command Create()
    {
        var place = new KeyPlace();
        var key = KeyArgument.Create("The key's name or id; 'admin' for the admin key");
        var grace = new Option<string>("--grace") { Description = "How long the key before is still taken", HelpName = "TIME", DefaultValueFactory = _ => "0s" };
        var version = KeyArgument.Version();
        var format = OutputFormat.Option();
        grace.Validators.Add(static result =>
        {
            if (!Quantities.TryParseDuration(result.GetValueOrDefault<string>(), out var time) || time > TimeSpan.FromDays(365)) result.AddError("--grace: write a time such as 24h or 7d, at most 365d");
        });
        var command = new Command("rotate", "Give a key a new secret; what it may do stays.").WithExamples("sluice keys rotate ada --grace 24h", "sluice keys rotate admin");
        place.AddTo(command);
        command.Arguments.Add(key);
        command.Options.Add(grace);
        command.Options.Add(version);
        command.Options.Add(format);
        command.SetAction((parsed, token) => place.WorkAsync(parsed, async desk =>
        {
            string name = parsed.GetValue(key)!;
            if (name == AdminKey.Id)
            {
                var admin = await desk.Keys.RotateAdminAsync(token);
                if (!admin.IsSuccess) return desk.Tell(admin.Error);
                desk.Errors.WriteLine("The admin key was rotated. It is shown only now:");
                parsed.InvocationConfiguration.Output.WriteLine(admin.Value);
                return ExitCodes.Done;
            }
            var time = Quantities.TryParseDuration(parsed.GetValue(grace), out var given) ? given : TimeSpan.Zero;
            var issued = await desk.Keys.RotateAsync(name, time, parsed.GetValue(version), token);
            if (!issued.IsSuccess) return desk.Tell(issued.Error);
            KeyIssue.Write(parsed, desk, issued.Value, parsed.GetValue(format)!, "rotated");
            return ExitCodes.Done;
        }));
        return command;
    }
}
