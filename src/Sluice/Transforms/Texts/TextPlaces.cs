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

    /// <summary>A text under a name, and all that a name stands for where it stands more than once.</summary>
    public void Text(int holder, ReadOnlySpan<byte> name)
    {
        foreach (int member in Tree.All(holder, name)) Text(member);
    }

    /// <summary>Content of a message or a part of it: every text in it at any depth, whatever kind it is of, but for members that are no text by their names.</summary>
    /// <param name="node">The content; -1 for none.</param>
    /// <param name="signed">What the provider has signed: it is left as it is and told.</param>
    /// <param name="logprobs">What is put in the place of probabilities of tokens; empty to leave them.</param>
    public void Content(int node, SignedTexts signed = SignedTexts.Details, ReadOnlyMemory<byte> logprobs = default)
    {
        if (node < 0) return;
        Text(node);
        foreach (int child in Tree.Children(node))
        {
            if (Tree[child].NameStart < 0) Content(child, signed, logprobs);
            else Member(node, child, signed, logprobs);
        }
    }

    /// <summary>One member of content.</summary>
    public void Member(int holder, int member, SignedTexts signed, ReadOnlyMemory<byte> logprobs)
    {
        if (Tree.NameIsLike(member, "arguments"u8)) Arguments(member);
        else if (Tree.NameIsLike(member, "input"u8) || Tree.NameIsLike(member, "args"u8) || Tree.NameIsLike(member, "response"u8)) Values(member);
        else if (Tree.NameIsLike(member, "partialArgs"u8)) Skip("partialArgs", "arguments that come in pieces are not searched in this dialect");
        else if (Tree.NameIsLike(member, "thinking"u8) && signed == SignedTexts.Thinking) Skip("thinking", "the provider has signed it and would refuse it changed");
        else if (Tree.NameIsLike(member, "reasoning_details"u8)) Details(member);
        else if (Tree.NameIsLike(member, "logprobs"u8) && !logprobs.IsEmpty) Logprobs(member, logprobs);
        else if (Tree.NameIsLike(member, "data"u8) && IsPlain(holder)) Text(member);
        else if (!NoTexts.Has(Tree, member) && !(Tree[member].Kind == JsonValueKind.String && Tree.NameIsLike(member, "source"u8))) Content(member, signed, logprobs);
    }

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

    // OpenRouter. What is signed would be refused when it comes back changed.
    private void Details(int details)
    {
        foreach (int detail in Tree.Children(details))
        {
            if (Tree.Text(detail, "signature"u8) is not null) Skip("reasoning_details", "the provider has signed it and would refuse it changed");
            else Content(detail);
        }
    }

    // Anthropic's documents of plain text hold it where others hold base64.
    private bool IsPlain(int holder)
    {
        foreach (int type in Tree.All(holder, "type"u8))
        {
            if (Tree[type].Kind == JsonValueKind.String && Tree.Text(type) == "text") return true;
        }
        return false;
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

/// <summary>What a provider signs, so that it would refuse it changed.</summary>
internal enum SignedTexts
{
    /// <summary>Reasoning details that carry a signature.</summary>
    Details,

    /// <summary>Thinking too.</summary>
    Thinking,
}
