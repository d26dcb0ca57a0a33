using System.CommandLine;
using Sluice.Chat;
using Sluice.Cli.Hosting;
using Sluice.Client;
using Sluice.Errors;
using Sluice.Streaming;

namespace Sluice.Cli.Commands;

/// <summary><c>sluice chat</c>: asks a model and streams its answer to the terminal.</summary>
internal static class ChatCommand
{
    public static Command Create()
    {
        var configuration = new ConfigurationOptions();
        var model = new Option<string>("--model", "-m") { Description = "Route, provider/model or model name", HelpName = "MODEL", Required = true };
        var system = new Option<string?>("--system", "-s") { Description = "System prompt", HelpName = "TEXT" };
        var prompt = new Argument<string[]>("prompt") { Description = "What to ask; read from standard input where it is missing or '-'", Arity = ArgumentArity.ZeroOrMore };
        var command = new Command("chat", "Ask a model; the answer streams to the terminal.");
        configuration.AddTo(command);
        command.Options.Add(model);
        command.Options.Add(system);
        command.Arguments.Add(prompt);
        command.SetAction(async (parsed, token) =>
        {
            if (configuration.Load(parsed) is not { } config) return ExitCodes.ConfigurationInvalid;
            string text = await PromptAsync(parsed.GetValue(prompt) ?? [], token);
            if (text.Length == 0)
            {
                await Console.Error.WriteLineAsync("sluice: nothing to ask: give a prompt, or send one to standard input");
                return ExitCodes.WrongUsage;
            }
            using var client = new LlmClient(config);
            return await AskAsync(client, Request(parsed.GetValue(model)!, parsed.GetValue(system), text), token);
        });
        return command;
    }

    private static async Task<string> PromptAsync(string[] words, CancellationToken cancellationToken)
    {
        string text = string.Join(' ', words.Where(w => w != "-"));
        if (text.Length > 0 && !words.Contains("-")) return text;
        if (!Console.IsInputRedirected) return text;
        string input = (await Console.In.ReadToEndAsync(cancellationToken)).Trim();
        return text.Length == 0 ? input : $"{text}\n\n{input}";
    }

    private static ChatRequest Request(string model, string? system, string text)
    {
        var messages = new List<ChatMessage>();
        if (!string.IsNullOrEmpty(system)) messages.Add(new ChatMessage(Role.System, [new TextPart(system)]));
        messages.Add(new ChatMessage(Role.User, [new TextPart(text)]));
        return new ChatRequest { Model = model, Messages = messages, Stream = true };
    }

    private static async Task<int> AskAsync(LlmClient client, ChatRequest request, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var next in client.StreamAsync(request, cancellationToken))
            {
                string? piece = next switch
                {
                    PartDelta { Delta: TextDelta d } => d.Text,
                    PartDelta { Delta: RefusalDelta d } => d.Text,
                    PartStarted { Part: TextPart p } => p.Text,
                    _ => null,
                };
                if (!string.IsNullOrEmpty(piece)) await Console.Out.WriteAsync(piece);
            }
            await Console.Out.WriteLineAsync();
            return ExitCodes.Done;
        }
        catch (SluiceException e)
        {
            await Console.Error.WriteLineAsync($"sluice: {e.Error.Message}");
            if (e.Error.Guidance is { } guidance) await Console.Error.WriteLineAsync(guidance);
            return ExitCode(e.Error);
        }
        catch (OperationCanceledException)
        {
            return ExitCodes.Failed;
        }
    }

    private static int ExitCode(GatewayError error) => error.Kind.Value switch
    {
        "network" or "timeout" => ExitCodes.ProviderUnreachable,
        "budget_spent" => ExitCodes.BudgetSpent,
        _ => ExitCodes.Failed,
    };
}
