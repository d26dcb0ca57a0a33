using System.CommandLine;
using Sluice.Access;
using Sluice.Cli.Hosting;
using Sluice.Cli.Output;
using Sluice.Engine;
using Sluice.Explaining;
using Sluice.Gateway.Endpoints;
using Sluice.Routing;
using Sluice.Storage;
using Sluice.Wire;

namespace Sluice.Cli.Commands;

/// <summary><c>sluice explain</c>: where a request would go, what each rule does to it, and what would be sent. Nothing is sent.</summary>
internal static class ExplainCommand
{
    public static Command Create()
    {
        var configuration = new ConfigurationOptions();
        var request = new Option<string>("--request", "-r") { Description = "File with the body of a request; '-' reads standard input", HelpName = "FILE", Required = true };
        var path = new Option<string?>("--path") { Description = "Path that the client would call, e.g. /v1/messages", HelpName = "PATH" };
        var format = new Option<string>("--format") { Description = "The client's wire format, where no path is given", HelpName = "NAME", DefaultValueFactory = _ => "openai-chat" };
        format.AcceptOnlyFromAmong([.. ExplainedRequest.Formats]);
        var model = new Option<string?>("--model", "-m") { Description = "The model, for formats whose path names it (Gemini)", HelpName = "MODEL" };
        var key = new Option<string?>("--key-name") { Description = "Name of the virtual key that the client would present", HelpName = "NAME" };
        var header = new Option<string[]>("--header", "-H") { Description = "A header that the client would send, 'Name: value'", HelpName = "HEADER", Arity = ArgumentArity.ZeroOrMore };
        header.Validators.Add(result =>
        {
            foreach (var token in result.Tokens.Where(t => !t.Value.Contains(':', StringComparison.Ordinal))) result.AddError($"--header {token.Value}: write 'Name: value'");
        });
        var all = new Option<bool>("--all") { Description = "What would be sent to every target, not to the first alone" };
        var output = new Option<string>("--output", "-o") { Description = "text or json", HelpName = "FORMAT", DefaultValueFactory = _ => "text" };
        output.AcceptOnlyFromAmong("text", "json");
        var command = new Command("explain", "Tell where a request would go and what would be sent, without sending it.")
            .WithExamples("sluice explain --request body.json", "sluice explain -c sluice.yaml -r body.json --path /v1/messages --all", "sluice explain -r body.json --format gemini-generate -m smart --output json");
        configuration.AddTo(command);
        foreach (var option in (Option[])[request, path, format, model, key, header, all, output]) command.Options.Add(option);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var writer = parsed.InvocationConfiguration;
            byte[] body;
            try
            {
                body = await ReadAsync(parsed.GetValue(request)!, cancellationToken);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                await writer.Error.WriteLineAsync($"sluice: {e.Message}");
                return ExitCodes.WrongUsage;
            }
            if (ExplainedRequest.PathOf(parsed.GetValue(path), parsed.GetValue(format)!, parsed.GetValue(model)) is not { } called || InboundRoute.Match(called.Split('?')[0]) is not { } route)
            {
                await writer.Error.WriteLineAsync(parsed.GetValue(path) is { } unknown ? $"sluice: {unknown} is no path of the gateway" : "sluice: the path of this format names the model; give it with --model");
                return ExitCodes.WrongUsage;
            }
            if (configuration.Load(parsed) is not { } config) return ExitCodes.ConfigurationInvalid;
            using var state = new GatewayState(config, TimeProvider.System);
            var explanation = new CallExplainer(state, TimeProvider.System, new Random()).Explain(Inbound(route, called, body, parsed.GetValue(key), parsed.GetValue(header) ?? []), parsed.GetValue(all));
            await writer.Output.WriteAsync(parsed.GetValue(output) == "json" ? ExplanationJson.Write(explanation) : ExplanationText.Write(explanation));
            return explanation.Error is null ? ExitCodes.Done : ExitCodes.Failed;
        });
        return command;
    }

    private static async Task<byte[]> ReadAsync(string file, CancellationToken cancellationToken)
    {
        if (file != "-") return await File.ReadAllBytesAsync(file, cancellationToken);
        using var input = Console.OpenStandardInput();
        using var read = new MemoryStream();
        await input.CopyToAsync(read, cancellationToken);
        return read.ToArray();
    }

    private static InboundCall Inbound(InboundRoute route, string path, byte[] body, string? key, string[] headers)
    {
        var sent = new ExplainedHeaders(headers);
        return new InboundCall
        {
            Format = route.Format,
            Request = new WireRequest { Path = path.Split('?')[0], Query = path.Contains('?', StringComparison.Ordinal) ? path[(path.IndexOf('?', StringComparison.Ordinal) + 1)..] : "", PathModel = route.PathModel, Body = body, Headers = sent.Meaningful },
            RequestId = "explain",
            Headers = sent,
            Aborted = CancellationToken.None,
            Caller = key is null ? null : new Caller(new KeyRecord { Id = "explain", Name = key, Hash = default, CreatedAt = default }, []),
        };
    }
}
