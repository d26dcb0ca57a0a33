namespace Sluice.Simulator.Answers;

/// <summary>Collects all that goes into a prompt, to count its tokens and to find out how much of it has been seen before.</summary>
internal sealed class PromptMeter
{
    /// <summary>Tokens that an image, a document or a sound counts.</summary>
    public const int TokensOfMedia = 258;

    private readonly List<string> texts = [];
    private readonly List<(int Characters, bool OneHour)> marks = [];
    private int characters;
    private int media;

    public int Tokens => Math.Max(1, TokensOf(characters) + (media * TokensOfMedia));

    public int MediaTokens => media * TokensOfMedia;

    public int Characters => characters;

    public IReadOnlyList<string> Texts => texts;

    /// <summary>Places up to which the caller asked for caching.</summary>
    public IReadOnlyList<(int Characters, bool OneHour)> Marks => marks;

    public static int TokensOf(int characters) => (characters + 3) / 4;

    public void Add(string? text)
    {
        if (string.IsNullOrEmpty(text))
            return;
        texts.Add(text);
        characters += text.Length;
    }

    public void AddMedia() => media++;

    public void Mark(bool oneHour) => marks.Add((characters, oneHour));
}
