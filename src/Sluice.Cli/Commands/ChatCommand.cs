using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text.RegularExpressions;
using Sluice.Chat;
using Sluice.Cli.Chatting;
using Sluice.Cli.Hosting;
using Sluice.Cli.Output;
using Sluice.Configuration;

namespace Sluice.Cli.Commands;

/// <summary><c>sluice chat</c>: asks a model and streams its answer; without a prompt at a terminal, a conversation.</summary>
internal sealed partial class ChatCommand
{
    private readonly ConfigurationOptions _configuration = new();
    private readonly Option<string?> _model = new("--model", "-m") { Description = "Route, provider/model or model name; needed where there is more than one to choose from", HelpName = "MODEL" };
    private readonly Option<string?> _system = new("--system", "-s") { Description = "System prompt", HelpName = "TEXT" };
    private readonly Option<string[]> _images = new("--image") { Description = "An image (PNG, JPEG, GIF, WebP) or PDF to send along; may be repeated", HelpName = "FILE|URL", Arity = ArgumentArity.OneOrMore };
    private readonly Option<string?> _schema = new("--schema") { Description = "JSON Schema that the answer follows; the answer is printed as JSON", HelpName = "FILE" };
    private readonly Option<bool> _stats = new("--stats") { Description = "Afterwards, on standard error: provider, tokens, cost, first token, duration, lane" };
    private readonly Option<double?> _temperature = new("--temperature", "-t") { Description = "Sampling temperature", HelpName = "NUMBER" };
    private readonly Option<long?> _maxTokens = new("--max-tokens") { Description = "Most tokens of the answer", HelpName = "NUMBER" };
    private readonly Argument<string[]> _prompt = new("prompt") { Description = "What to ask; '-' reads standard input, also after words. Without any: standard input where it is piped, else a conversation", Arity = ArgumentArity.ZeroOrMore };

    public static Command Create() => new ChatCommand().Build();

    private Command Build()
    {
        var command = new Command("chat", "Ask a model; the answer streams to the terminal.").WithExamples(
            "sluice chat -m openai/gpt-5.4-mini \"Why is the sky blue?\"",
            "sluice chat -m smart                                   # a conversation",
            "git diff | sluice chat -m smart \"Review this:\" -",
            "sluice chat -m smart --image photo.jpg \"What is this?\"",
            "sluice chat -m smart --schema person.json --stats \"Invent a person\" | jq .name");
        _images.AllowMultipleArgumentsPerToken = false;
        _maxTokens.Validators.Add(o => Need(o, o.GetValueOrDefault<long?>() is not <= 0, "--max-tokens: write a whole number of at least 1"));
        _temperature.Validators.Add(o => Need(o, o.GetValueOrDefault<double?>() is not < 0, "--temperature: write a number of at least 0"));
        _prompt.Validators.Add(RefuseOptions(command));
        _model.CompletionSources.Add(context => ConfiguredNames.Models(ConfiguredNames.Load(_configuration, context)).Select(name => new System.CommandLine.Completions.CompletionItem(name)));
        _configuration.AddTo(command);
        foreach (var option in (ReadOnlySpan<Option>)[_model, _system, _images, _schema, _stats, _temperature, _maxTokens]) command.Options.Add(option);
        command.Arguments.Add(_prompt);
        command.SetAction(RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        if (!TryReadFiles(parsed, out var images, out var schema)) return ExitCodes.WrongUsage;
        if (_configuration.LoadWhole(parsed) is not { } loaded) return ExitCodes.ConfigurationInvalid;
        var config = loaded.Config;
        if (config.Providers.Count == 0)
        {
            await Console.Error.WriteLineAsync(ProviderNames.None);
            return ExitCodes.ConfigurationInvalid;
        }
        if (ChooseModel(parsed.GetValue(_model), config) is not { } model) return ExitCodes.WrongUsage;
        string[] words = parsed.GetValue(_prompt) ?? [];
        bool conversation = words.Length == 0 && Terminal.IsInteractive;
        string text = conversation ? "" : await PromptAsync(words, cancellationToken);
        if (!conversation && text.Length == 0 && images.Count == 0)
        {
            await Console.Error.WriteLineAsync("sluice: nothing to ask: give a prompt, or send one to standard input");
            return ExitCodes.WrongUsage;
        }
        var last = new LastCall();
        await using var opened = await CommandRuntime.OpenAsync(config, loaded.Result.Files.Count > 0, last);
        if (opened is null) return ExitCodes.Failed;
        var settings = new ChatSettings
        {
            Model = model,
            System = parsed.GetValue(_system),
            Temperature = parsed.GetValue(_temperature),
            MaxTokens = parsed.GetValue(_maxTokens),
            Schema = schema,
            Stats = parsed.GetValue(_stats),
        };
        var session = new ChatSession(opened.Runtime, settings, last);
        if (await session.CheckAsync(model, cancellationToken) is { } unknown) return await ErrorText.WriteAsync(unknown, session.Gateway);
        if (conversation) return await new ChatLoop(session, [.. ConfiguredNames.Models(config)]).RunAsync(images);
        return await session.AskAsync(text.Length == 0 ? images : [.. images, new TextPart(text)], cancellationToken);
    }

    private bool TryReadFiles(ParseResult parsed, out List<Part> images, out AnswerFormat? schema)
    {
        (images, schema) = ([], null);
        foreach (string path in parsed.GetValue(_images) ?? [])
        {
            if (ImageArgument.Read(path, out string? fault) is { } image) images.Add(image);
            else return Refuse($"--image {path}: {fault}");
        }
        if (parsed.GetValue(_schema) is not { } file) return true;
        schema = SchemaArgument.Read(file, out string? wrong);
        return schema is not null || Refuse($"--schema {file}: {wrong}");
    }

    private static bool Refuse(string fault)
    {
        Console.Error.WriteLine($"sluice: {fault}");
        return false;
    }

    // Where there is one model only, nobody need name it.
    private static string? ChooseModel(string? asked, SluiceConfig config)
    {
        if (asked is not null) return asked;
        var routes = config.Routes.Values.Where(r => r.Enabled && !r.Name.Contains('*')).Select(r => r.Name).ToList();
        if (routes.Count == 1) return routes[0];
        var models = ConfiguredNames.Models(config).ToList();
        if (models.Count == 1 && models[0][^1] != '/') return models[0];
        Refuse($"choose a model with -m: {string.Join(", ", models.Select(m => m[^1] == '/' ? m + "MODEL" : m).Take(12))}; 'sluice models' lists all");
        return null;
    }

    private static async Task<string> PromptAsync(string[] words, CancellationToken cancellationToken)
    {
        string text = string.Join(' ', words.Where(w => w != "-"));
        if (text.Length > 0 && !words.Contains("-")) return text;
        if (!Console.IsInputRedirected && !words.Contains("-")) return text;
        string input = (await Console.In.ReadToEndAsync(cancellationToken)).Trim();
        return text.Length == 0 ? input : $"{text}\n\n{input}";
    }

    private static void Need(OptionResult option, bool right, string fault)
    {
        if (!right) option.AddError(fault);
    }

    // Words of a prompt may be anything, so a mistyped option would silently become one of them.
    private static Action<ArgumentResult> RefuseOptions(Command command) => argument =>
    {
        if (argument.Tokens.FirstOrDefault(t => LooksLikeOption().IsMatch(t.Value)) is { } option)
            argument.AddError(UsageErrors.UnknownOption(option.Value, [command]));
    };

    [GeneratedRegex(@"^--[A-Za-z][\w-]*(=.*)?$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex LooksLikeOption();
}
