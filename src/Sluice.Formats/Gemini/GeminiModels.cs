namespace Sluice.Formats.Gemini;

/// <summary>How a model family is told to think.</summary>
internal enum ThinkingControl
{
    /// <summary>It does not think: a <c>thinkingConfig</c> gives an error.</summary>
    None,

    /// <summary><c>thinkingBudget</c> in tokens (2.5).</summary>
    Budget,

    /// <summary><c>thinkingLevel</c> by word (3 and later).</summary>
    Level,
}

/// <summary>
/// What requests must know of model families, by name. Names that are not listed (aliases such as <c>gemini-flash-latest</c>, tuned models) count as the
/// newest generation. Sources: ai.google.dev/gemini-api/docs/thinking and /thought-signatures; the limits of the 2.5 budgets are those of the vendor's page.
/// </summary>
/// <param name="Thinking">How it is told to think.</param>
/// <param name="MinBudget">Least budget that is not 0, for <see cref="ThinkingControl.Budget"/>.</param>
/// <param name="MaxBudget">Greatest budget.</param>
/// <param name="CanStopThinking">A budget of 0 is taken.</param>
/// <param name="LowestLevel">The lowest word, for <see cref="ThinkingControl.Level"/>.</param>
internal sealed record GeminiModels(ThinkingControl Thinking, int MinBudget, int MaxBudget, bool CanStopThinking, string LowestLevel)
{
    /// <summary>Generation 3 and later: media inside function responses, thought signatures are checked, functions beside Google's own tools.</summary>
    public bool IsGeneration3 { get; private init; }

    /// <summary>Gemma has no system instruction: it goes into the first user turn.</summary>
    public bool HasSystemInstruction { get; private init; } = true;

    private static readonly GeminiModels Older = new(ThinkingControl.None, 0, 0, true, "");
    private static readonly GeminiModels Gemma = Older with { HasSystemInstruction = false };
    private static readonly GeminiModels Pro25 = new(ThinkingControl.Budget, 128, 32768, false, "");
    private static readonly GeminiModels Flash25 = new(ThinkingControl.Budget, 1, 24576, true, "");
    private static readonly GeminiModels FlashLite25 = new(ThinkingControl.Budget, 512, 24576, true, "");
    private static readonly GeminiModels NotThinking25 = Flash25 with { Thinking = ThinkingControl.None };
    private static readonly GeminiModels Newer = new(ThinkingControl.Level, 0, 0, false, "low") { IsGeneration3 = true };
    private static readonly GeminiModels NewerWithMinimal = Newer with { LowestLevel = "minimal" };

    /// <summary>The family of a model name, with or without <c>models/</c> or a publisher's path before it.</summary>
    public static GeminiModels Of(string model)
    {
        string name = model[(model.LastIndexOf('/') + 1)..].ToLowerInvariant();
        return name switch
        {
            _ when name.StartsWith("gemma", StringComparison.Ordinal) => Gemma,
            _ when name.StartsWith("gemini-1", StringComparison.Ordinal) || name.StartsWith("gemini-2.0", StringComparison.Ordinal) || name is "gemini-pro" or "gemini-pro-vision" => Older,
            _ when !name.StartsWith("gemini-2.5", StringComparison.Ordinal) => IsFlashWithMinimal(name) ? NewerWithMinimal : Newer,
            _ when name.Contains("-image", StringComparison.Ordinal) || name.Contains("-tts", StringComparison.Ordinal) => NotThinking25,
            _ when name.Contains("flash-lite", StringComparison.Ordinal) => FlashLite25,
            _ when name.Contains("pro", StringComparison.Ordinal) => Pro25,
            _ => Flash25,
        };
    }

    // Pro, 3.7 Flash and later and Gemini 4 have no "minimal".
    private static bool IsFlashWithMinimal(string name) =>
        name.Contains("flash", StringComparison.Ordinal) && name.StartsWith("gemini-3", StringComparison.Ordinal)
        && !(name.Length > 9 && name[8] == '.' && name[9] is >= '7' and <= '9');
}
