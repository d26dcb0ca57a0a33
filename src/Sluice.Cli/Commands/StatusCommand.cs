using System.CommandLine;
using Sluice.Cli.Hosting;
using Sluice.Cli.Output;
using Sluice.Cli.Watching;
using Sluice.Configuration;
using Sluice.Errors;

namespace Sluice.Cli.Commands;

/// <summary><c>sluice status</c>: what a running gateway says of its providers, their breakers and keys.</summary>
internal static class StatusCommand
{
    public static Command Create()
    {
        var configuration = new ConfigurationOptions();
        var url = GatewayUrl.Option("The gateway's address; without it, that of the configuration");
        var output = OutputFormat.Option();
        var command = new Command("status", "Show the state of a running gateway: breakers, resting keys, calls under way and waiting.")
            .WithNotes($"Where the gateway asks for keys, {GatewayUrl.KeyVariable} holds its admin key (or a virtual one). Exit code 0 where it is ready and nothing rests, 1 where something does, 4 where no gateway answers.")
            .WithExamples("sluice status", "sluice status --url http://10.0.0.5:4000", "sluice status --output json");
        configuration.AddTo(command);
        command.Options.Add(url);
        command.Options.Add(output);
        command.SetAction(async (parsed, token) =>
        {
            GatewayAddress address;
            if (parsed.GetValue(url) is { } given)
            {
                address = GatewayAddress.Of(given, new ProcessEnvironment());
            }
            else
            {
                if (configuration.Load(parsed) is not { } config) return ExitCodes.ConfigurationInvalid;
                address = GatewayAddress.Of(config, new ProcessEnvironment());
            }
            var asked = await Terminal.WaitAsync(GatewayStatus.AskAsync(address, token), () => $"{address.Url.Authority} is asked");
            if (!asked.IsSuccess) return Tell(parsed, asked.Error.Message, asked.Error.Kind == ErrorKind.Network || asked.Error.Kind == ErrorKind.Timeout ? ExitCodes.ProviderUnreachable : ExitCodes.Failed);
            Write(asked.Value, parsed.GetValue(output)!, parsed.InvocationConfiguration.Output);
            return asked.Value.IsWell ? ExitCodes.Done : ExitCodes.Failed;
        });
        return command;
    }

    private static void Write(GatewayStatus status, string format, TextWriter output)
    {
        if (format == "table") StatusTable.Write(status, output);
        else output.Write(OutputFormat.Write(w =>
        {
            w.WriteStartObject();
            w.WriteString("url"u8, status.Url.GetLeftPart(UriPartial.Authority));
            foreach (var member in status.Readiness.EnumerateObject()) member.WriteTo(w);
            foreach (var member in status.Health.EnumerateObject().Where(m => m.Name != "status")) member.WriteTo(w);
            w.WriteEndObject();
        }, format));
    }

    private static int Tell(ParseResult parsed, string message, int code)
    {
        parsed.InvocationConfiguration.Error.WriteLine($"sluice: {message}");
        return code;
    }
}
