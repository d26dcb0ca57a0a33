using Sluice.Chat;
using Sluice.Cli.Output;
using Sluice.Client;
using Sluice.Configuration;
using Sluice.Errors;
using Sluice.Routing;
using Sluice.Streaming;

namespace Sluice.Cli.Chatting;

/// <summary>A conversation: what was said so far, and the next question.</summary>
internal sealed class ChatSession
{
    private readonly GatewayState _state;
    private readonly LlmClient _client;
    private readonly LastCall _last;
    private readonly List<ChatMessage> _history = [];

    public ChatSession(SluiceRuntime runtime, ChatSettings settings, LastCall last)
    {
        Settings = settings;
        (_state, _client, _last) = (runtime.State, runtime.Client, last);
    }

    public ChatSettings Settings { get; set; }

    public GatewayModel Gateway => _state.Current;

    /// <summary>How many questions and answers are kept.</summary>
    public int Turns => _history.Count / 2;

    public void Reset() => _history.Clear();

    /// <summary>Whether a model can be asked; otherwise why not. A bare name is looked for at all providers.</summary>
    public async Task<GatewayError?> CheckAsync(string model, CancellationToken cancellationToken)
    {
        if (Gateway.Resolve(model).Error is not { } error) return null;
        if (model.Contains('/', StringComparison.Ordinal) || Gateway.Providers.Count == 0) return error;
        await Terminal.WaitAsync(_state.Models.ListAsync(Gateway, refresh: false, cancellationToken), () => $"asking the providers for '{model}'");
        return Gateway.Resolve(model).Error;
    }

    // A provider says that it has no such model; what it has, it says elsewhere.
    private async Task SuggestAsync(string? provider, CancellationToken cancellationToken)
    {
        if (Gateway.Providers.FirstOrDefault(p => p.Name == provider) is not { } asked) return;
        var list = await Terminal.WaitAsync(_state.Models.ListAsync(asked, refresh: false, cancellationToken), () => $"asking {provider} for its models");
        if (list.Error is not null)
        {
            await Console.Error.WriteLineAsync(ProgramName.In($"Its model list is not to be had either: check the path of base_url; 'sluice doctor --provider {provider}' says where it was looked for."));
            return;
        }
        string wanted = Settings.Model[(Settings.Model.IndexOf('/') + 1)..];
        string near = Nearest.Find(wanted, list.Models.Where(m => m != wanted)) is { } name ? $"Did you mean '{provider}/{name}'? " : "";
        await Console.Error.WriteLineAsync(ProgramName.In($"{near}'sluice models --provider {provider}' lists what there is."));
    }

    /// <summary>Asks, prints the answer as it comes, and keeps both. A question that failed is forgotten.</summary>
    public async Task<int> AskAsync(IReadOnlyList<Part> question, CancellationToken cancellationToken)
    {
        var user = new ChatMessage(Role.User, question);
        var printer = new AnswerPrinter(Terminal.HasOutput, Settings.Schema is not null);
        var folder = new StreamFolder();
        try
        {
            await foreach (var next in _client.StreamAsync(Request(user), cancellationToken))
            {
                folder.Add(next);
                printer.Add(next);
            }
        }
        catch (SluiceException e)
        {
            if (printer.Text.Length > 0) printer.End();
            int code = await ErrorText.WriteAsync(e.Error, Gateway);
            if (e.Error.Kind == ErrorKind.NotFound) await SuggestAsync(e.Error.Provider, cancellationToken);
            return code;
        }
        catch (OperationCanceledException)
        {
            printer.End();
            if (printer.Text.Length > 0) Keep(user, [new TextPart(printer.Text)]);
            return ExitCodes.Failed;
        }
        bool asAsked = printer.End();
        Keep(user, folder.ToResponse().Candidates is [var answer, ..] ? answer.Parts : []);
        if (printer.Remark() is { } remark) await Console.Error.WriteLineAsync($"sluice: {remark}");
        if (!asAsked) await Console.Error.WriteLineAsync("sluice: the answer is not JSON; ask a model that takes a schema ('sluice models --capability schema')");
        if (Settings.Stats && _last.Describe(Gateway) is { } statistics) await Console.Error.WriteLineAsync(Terminal.Dimmed(statistics, Terminal.HasError));
        return asAsked ? ExitCodes.Done : ExitCodes.Failed;
    }

    private ChatRequest Request(ChatMessage user) => new()
    {
        Model = Settings.Model,
        Messages = [.. Settings.System is { Length: > 0 } system ? [new ChatMessage(Role.System, [new TextPart(system)])] : Array.Empty<ChatMessage>(), .. _history, user],
        Stream = true,
        Temperature = Settings.Temperature,
        MaxTokens = Settings.MaxTokens,
        AnswerFormat = Settings.Schema,
    };

    private void Keep(ChatMessage user, IReadOnlyList<Part> answer)
    {
        if (answer.Count == 0) return;
        _history.Add(user);
        _history.Add(new ChatMessage(Role.Assistant, answer));
    }
}
