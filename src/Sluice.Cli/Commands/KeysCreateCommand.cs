using System.CommandLine;
using Sluice.Cli.Keys;
using Sluice.Cli.Output;

namespace Sluice.Cli.Commands;

/// <summary><c>sluice keys create</c>. The key itself goes alone to standard output, so that a script can take it.</summary>
internal static class KeysCreateCommand
{
    public static Command Create()
    {
        var place = new KeyPlace();
        var options = new KeyOptions();
        var format = OutputFormat.Option();
        var secretFrom = SecretSource.Option();
        var command = new Command("create", "Make a key. It is shown once, and kept as a hash only.")
            .WithNotes("What is not said is not restricted; the rules of the key's group hold besides. Without --name one is made up.")
            .WithExamples("sluice keys create --name ada --models 'smart,openai/*' --rpm 60 --budget-daily 5", "sluice keys create --group search --expires 90d --label team=search", "KEY=$(sluice keys create --name ci)", "sluice keys create --output json | jq -r .key", "sluice keys create --name bob --secret-from old-key.txt");
        place.AddTo(command);
        options.AddTo(command);
        options.CompleteWith(place.Configuration);
        command.Options.Add(format);
        command.Options.Add(secretFrom);
        command.SetAction((parsed, token) => place.WorkAsync(parsed, async desk =>
        {
            var (settings, fault) = await SecretSource.ReadAsync(parsed.GetValue(secretFrom), options.Settings(parsed), token);
            if (fault is not null)
            {
                await desk.Errors.WriteLineAsync($"sluice: {fault}");
                return ExitCodes.WrongUsage;
            }
            var made = await desk.Keys.CreateAsync(settings, token);
            if (!made.IsSuccess) return desk.Tell(made.Error);
            if (made.Value.Flag("weak")) await desk.Errors.WriteLineAsync("sluice: warning: this secret could be guessed; give clients a key that 'sluice keys rotate' makes as soon as they can change it");
            KeyIssue.Write(parsed, desk, made.Value, parsed.GetValue(format)!, "made");
            return ExitCodes.Done;
        }, makes: true));
        return command;
    }
}
