using System.Text;
using System.Text.Json;
using Sluice.Chat;
using Sluice.Cli.Output;
using Sluice.Streaming;

namespace Sluice.Cli.Chatting;

/// <summary>Prints an answer as it comes: text as it is, reasoning dimmed and only to a terminal. One object an answer.</summary>
/// <param name="terminal">The output is a terminal.</param>
/// <param name="json">The answer is one JSON value, printed when it is whole.</param>
internal sealed class AnswerPrinter(bool terminal, bool json)
{
    private readonly StringBuilder _text = new();
    private bool _inReasoning;
    private bool _endsInNewLine = true;

    /// <summary>The text so far.</summary>
    public string Text => _text.ToString();

    /// <summary>Why it ended; null where it did not say.</summary>
    public FinishReason? Finish { get; private set; }

    public void Add(StreamEvent next)
    {
        switch (next)
        {
            case PartDelta { Delta: TextDelta d }: Say(d.Text); break;
            case PartDelta { Delta: RefusalDelta d }: Say(d.Text); break;
            case PartDelta { Delta: ReasoningDelta d }: Think(d.Text); break;
            case PartStarted { Part: TextPart p }: Say(p.Text); break;
            case PartStarted { Part: RefusalPart p }: Say(p.Text); break;
            case PartStarted { Part: ReasoningPart p }: Think(p.Text); break;
            case CandidateFinished e: Finish = e.Reason; break;
            default: break;
        }
    }

    /// <summary>Ends the answer. False where JSON was asked for and something else came.</summary>
    public bool End()
    {
        if (json) return PrintJson();
        LeaveReasoning();
        if (!_endsInNewLine) Console.Out.WriteLine();
        return true;
    }

    /// <summary>What the end means for the reader; null where all is well.</summary>
    public string? Remark() => Finish?.Value switch
    {
        "length" => "the answer was cut off at the token limit; allow more with --max-tokens",
        "content_filter" => "the provider's content filter ended the answer",
        "refusal" => "the model declined",
        _ => null,
    };

    private void Say(string text)
    {
        if (text.Length == 0) return;
        _text.Append(text);
        if (json) return;
        LeaveReasoning();
        Write(text);
    }

    private void Think(string text)
    {
        if (!terminal || json || text.Length == 0) return;
        _inReasoning = true;
        _endsInNewLine = text[^1] == '\n';
        Console.Out.Write(Terminal.Dimmed(Harmless(text), terminal));
    }

    private void LeaveReasoning()
    {
        if (!_inReasoning) return;
        Console.Out.Write(_endsInNewLine ? "\n" : "\n\n");
        _inReasoning = false;
    }

    private void Write(string text)
    {
        _endsInNewLine = text[^1] == '\n';
        Console.Out.Write(terminal ? Harmless(text) : text);
    }

    private bool PrintJson()
    {
        string text = _text.ToString().Trim();
        // Models without a JSON mode like to wrap it in Markdown.
        if (text.StartsWith("```", StringComparison.Ordinal) && text.EndsWith("```", StringComparison.Ordinal) && text.IndexOf('\n') is > 0 and var line) text = text[(line + 1)..^3].Trim();
        try
        {
            using var document = JsonDocument.Parse(text);
            Console.Out.WriteLine(Indented(document.RootElement));
            return true;
        }
        catch (JsonException)
        {
            Console.Out.WriteLine(text);
            return false;
        }
    }

    private static string Indented(JsonElement value)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping })) value.WriteTo(writer);
        return Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length);
    }

    // What a model says must not steer the terminal (titles, links, the clipboard).
    private static string Harmless(string text) => text.Any(IsControl) ? string.Concat(text.Where(c => !IsControl(c))) : text;

    private static bool IsControl(char c) => char.IsControl(c) && c is not ('\n' or '\t');
}
