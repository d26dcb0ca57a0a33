using System.Text;
using Sluice.Chat;
using Sluice.Cli.Chatting.Editing;
using Sluice.Cli.Output;
using Sluice.Configuration;

namespace Sluice.Cli.Chatting;

/// <summary>The conversation at a terminal.</summary>
internal sealed class ChatLoop
{
    private const string Help = """
        /model [NAME]    show or change the model
        /system [TEXT]   show or change the system prompt ('/system -' takes it away)
        /image FILE|URL  send an image with the next question
        /reset           forget what was said
        /help            this
        /exit            end (also Ctrl-D)
        A line that ends in \ goes on in the next. The arrow keys call earlier lines back, Tab completes commands and models.
        Ctrl-C cancels the answer, or the line; once more ends.
        """;

    private static readonly string[] Commands = ["/model", "/system", "/image", "/reset", "/help", "/exit"];
    private readonly ChatSession _session;
    private readonly IReadOnlyList<string> _models;
    private readonly LineEditor? _editor;
    private readonly List<Part> _images = [];

    /// <summary>Makes a conversation.</summary>
    /// <param name="session">What is said.</param>
    /// <param name="models">The names that can be completed.</param>
    public ChatLoop(ChatSession session, IReadOnlyList<string> models)
    {
        (_session, _models) = (session, models);
        _editor = Terminal.IsDumb ? null : new LineEditor(new ConsoleKeyboard(), Complete);
    }

    public async Task<int> RunAsync(IReadOnlyList<Part> images)
    {
        _images.AddRange(images);
        using var interrupts = new Interrupts();
        Console.Error.WriteLine(Terminal.Dimmed($"{_session.Settings.Model}; /help for commands, /exit to end", Terminal.HasError));
        while (Read() is { } text)
        {
            interrupts.Forget();
            if (text.StartsWith('/'))
            {
                if (text.Trim() is "/exit" or "/quit") break;
                await interrupts.RunAsync(token => ObeyAsync(text, token));
            }
            else if (!string.IsNullOrWhiteSpace(text))
            {
                Part[] question = [.. _images, new TextPart(text)];
                _images.Clear();
                await interrupts.RunAsync(token => _session.AskAsync(question, token));
            }
        }
        return ExitCodes.Done;
    }

    private string? Read()
    {
        var text = new StringBuilder();
        for (string prompt = "> "; ReadLine(prompt) is { } line; prompt = "  ")
        {
            if (!line.EndsWith('\\')) return text.Append(line).ToString();
            text.Append(line, 0, line.Length - 1).Append('\n');
        }
        return text.Length > 0 ? text.ToString() : null;
    }

    private string? ReadLine(string prompt)
    {
        if (_editor is not null) return _editor.Read(prompt);
        Console.Out.Write(prompt);
        return Console.In.ReadLine();
    }

    private IReadOnlyList<string> Complete(string before)
    {
        if (before.StartsWith("/model ", StringComparison.Ordinal)) return [.. _models.Select(m => "/model " + m).Where(m => m.StartsWith(before, StringComparison.Ordinal))];
        return before.StartsWith('/') && !before.Contains(' ') ? [.. Commands.Where(c => c.StartsWith(before, StringComparison.Ordinal))] : [];
    }

    private async Task ObeyAsync(string line, CancellationToken cancellationToken)
    {
        string[] words = line.Split((char[]?)null, 2, StringSplitOptions.RemoveEmptyEntries);
        string argument = words.Length > 1 ? words[1].Trim() : "";
        switch (words[0])
        {
            case "/help": Console.Error.WriteLine(Help); break;
            case "/model": await ModelAsync(argument, cancellationToken); break;
            case "/system": System(argument); break;
            case "/image": Image(argument); break;
            case "/reset":
                _session.Reset();
                _images.Clear();
                Console.Error.WriteLine("forgotten");
                break;
            default:
                Console.Error.WriteLine($"unknown command '{words[0]}'{(Nearest.Find(words[0], Commands) is { } near ? $"; did you mean '{near}'?" : "; /help lists them. To send a line that begins with '/', put a space before it")}");
                break;
        }
    }

    private async Task ModelAsync(string name, CancellationToken cancellationToken)
    {
        if (name.Length > 0)
        {
            if (await _session.CheckAsync(name, cancellationToken) is { } error)
            {
                Console.Error.WriteLine(error.Message);
                return;
            }
            _session.Settings = _session.Settings with { Model = name };
        }
        Console.Error.WriteLine($"model: {_session.Settings.Model} ({_session.Turns} {(_session.Turns == 1 ? "turn" : "turns")} kept)");
    }

    private void System(string text)
    {
        if (text.Length > 0) _session.Settings = _session.Settings with { System = text == "-" ? null : text };
        Console.Error.WriteLine($"system: {_session.Settings.System ?? "(none)"}");
    }

    private void Image(string path)
    {
        if (ImageArgument.Read(path, out string? fault) is not { } image)
        {
            Console.Error.WriteLine($"/image {path}: {fault}");
            return;
        }
        _images.Add(image);
        Console.Error.WriteLine($"goes with the next question ({_images.Count} so far)");
    }
}
