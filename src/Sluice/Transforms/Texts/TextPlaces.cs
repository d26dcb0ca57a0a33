using System.Text.Json;
using Sluice.Transforms.Json;

namespace Sluice.Transforms.Texts;

/// <summary>The text content of a whole body, in the order in which it stands. A dialect fills it.</summary>
internal sealed class TextPlaces(JsonTree tree)
{
    /// <summary>The document.</summary>
    public JsonTree Tree { get; } = tree;

    /// <summary>String nodes, and whether one holds JSON whose own texts are meant.</summary>
    public List<(int Node, bool IsJson)> Places { get; } = [];

    /// <summary>What repeats the text in pieces that no expression finds, and what is put in its place.</summary>
    public List<(int Node, ReadOnlyMemory<byte> Blank)> Repeats { get; } = [];

    /// <summary>What is left as it is though it is text, and why.</summary>
    public List<(string Path, string Reason)> Skipped { get; } = [];

    /// <summary>A text; anything but a string is passed over.</summary>
    public void Text(int node)
    {
        if (node >= 0 && Tree[node].Kind == JsonValueKind.String) Places.Add((node, false));
    }

    /// <summary>A text under a name.</summary>
    public void Text(int holder, ReadOnlySpan<byte> name) => Text(Tree.Find(holder, name));

    /// <summary>Arguments of a tool: JSON in a string, or JSON itself.</summary>
    public void Arguments(int node)
    {
        if (node >= 0 && Tree[node].Kind == JsonValueKind.String) Places.Add((node, true));
        else Values(node);
    }

    /// <summary>A text, or texts at any depth of a value; names of members are no text.</summary>
    public void Values(int node)
    {
        if (node < 0) return;
        Text(node);
        foreach (int child in Tree.Children(node)) Values(child);
    }

    /// <summary>A text, or a list of texts.</summary>
    public void TextOrTexts(int node)
    {
        Text(node);
        if (node < 0 || Tree[node].Kind != JsonValueKind.Array) return;
        foreach (int child in Tree.Children(node)) Text(child);
    }

    /// <summary>Probabilities of tokens: they repeat the text token by token.</summary>
    public void Logprobs(int node, ReadOnlyMemory<byte> blank)
    {
        if (node < 0 || Tree.Raw(node).SequenceEqual(blank.Span) || Tree[node].Kind == JsonValueKind.Null) return;
        if (Tree[node].Kind is JsonValueKind.Array or JsonValueKind.Object && Tree.Count(node) == 0) return;
        if (Tree[node].Kind is not (JsonValueKind.Array or JsonValueKind.Object)) return;
        Repeats.Add((node, blank));
        Skip("logprobs", "they repeat the text in pieces, where no rule finds it");
    }

    public void Skip(string path, string reason) => Skipped.Add((path, reason));
}
