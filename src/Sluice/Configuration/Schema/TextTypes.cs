namespace Sluice.Configuration.Schema;

/// <summary>Text that is not empty.</summary>
internal sealed class TextType(string name, string expected) : ScalarType
{
    internal static readonly TextType Any = new("text", "text");
    internal static readonly TextType Path = new("path", "the path of a file");
    internal static readonly TextType Model = new("model id", "provider/model, e.g. openai/gpt-5.4-mini");
    internal static readonly TextType ModelPattern = new("model pattern", "a model id or a pattern such as openai/*");
    internal static readonly TextType ProviderName = new("provider name", "the name of a provider");

    internal override string Name => name;

    internal override string Expected => expected;

    /// <summary>Whether an empty text is right.</summary>
    internal bool MayBeEmpty { get; init; }

    internal override Problem? Check(string text) => text.Length == 0 && !MayBeEmpty ? new Problem("the value is empty", "write " + Expected) : null;
}

/// <summary>Text that must not be shown.</summary>
internal sealed class SecretType : ScalarType
{
    internal static readonly SecretType Instance = new();

    internal override string Name => "secret";

    internal override string Expected => "a secret, best as a variable: ${NAME}";

    internal override bool IsSecret => true;

    internal override Problem? Check(string text)
    {
        if (string.IsNullOrWhiteSpace(text)) return new Problem("the secret is empty", "write it as a variable, ${NAME}, and set that");
        if (text.Any(char.IsControl)) return new Problem("the secret holds a line end or another control sign", "take it out; it cannot be sent in a header");
        return char.IsWhiteSpace(text[0]) || char.IsWhiteSpace(text[^1]) ? new Problem("the secret begins or ends with a blank", "take the blank out") : null;
    }
}

/// <summary>One word of a fixed set.</summary>
internal sealed class EnumType(params string[] values) : ScalarType
{
    internal IReadOnlyList<string> Values { get; } = values;

    internal override string Name => string.Join(" \\| ", Values);

    internal override string Expected => string.Join(", ", Values.Take(Values.Count - 1)) + " or " + Values[^1];

    internal override Problem? Check(string text)
    {
        if (Values.Contains(text, StringComparer.Ordinal)) return null;
        var nearest = Nearest.Find(text, Values);
        return new Problem($"{Quote(text)} is not known here", nearest is null ? "write " + Expected : $"did you mean '{nearest}'? Known are {Expected}");
    }
}
