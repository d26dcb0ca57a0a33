using System.Text;
using System.Text.Json;
using Sluice.Transforms.Json;
using Sluice.Transforms.Rules;

namespace Sluice.Transforms.Streams;

/// <summary>A text that comes in pieces and goes out with rules applied.</summary>
internal abstract class TextStream
{
    /// <summary>Takes a piece and gives what is decided.</summary>
    public abstract string Feed(string piece);

    /// <summary>Gives the rest; the next piece begins a new text.</summary>
    public abstract string Flush();

    /// <summary>Makes one.</summary>
    /// <param name="rules">The rules in order.</param>
    /// <param name="isJson">True for JSON whose own texts are meant.</param>
    public static TextStream Create(IReadOnlyList<TextReplacement> rules, bool isJson) => isJson ? new JsonTextStream(rules) : new PlainTextStream(rules);

    /// <summary>A whole text with rules applied.</summary>
    public static string Apply(IReadOnlyList<TextReplacement> rules, string text, bool isJson)
    {
        if (!isJson)
        {
            foreach (var rule in rules) text = rule.Apply(text);
            return text;
        }
        var stream = new JsonTextStream(rules);
        string applied = stream.Feed(text) + stream.Flush();
        // Models write arguments that are no JSON, and clients send them back: they are text. So is a number by itself, which is no tool's arguments.
        bool holdsTexts = JsonTree.Parse(Encoding.UTF8.GetBytes(text)) is { } tree && tree[JsonTree.Root].Kind is JsonValueKind.Object or JsonValueKind.Array or JsonValueKind.String;
        return holdsTexts ? applied : Apply(rules, applied, isJson: false);
    }
}

/// <summary>Text as such: each rule works on what the one before it gives.</summary>
internal sealed class PlainTextStream(IReadOnlyList<TextReplacement> rules) : TextStream
{
    private readonly ReplacementStream[] _stages = [.. rules.Select(r => new ReplacementStream(r))];

    public override string Feed(string piece)
    {
        foreach (var stage in _stages) piece = stage.Feed(piece);
        return piece;
    }

    public override string Flush()
    {
        string rest = "";
        foreach (var stage in _stages) rest = stage.Feed(rest) + stage.Flush();
        return rest;
    }
}
