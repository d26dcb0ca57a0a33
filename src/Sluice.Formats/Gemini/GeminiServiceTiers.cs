namespace Sluice.Formats.Gemini;

/// <summary>Classes of service: Google's words (<c>flex</c>, <c>standard</c>, <c>priority</c>; @google/genai <c>ServiceTier</c>) and the neutral ones.</summary>
internal static class GeminiServiceTiers
{
    public static string ToNeutral(string tier) => tier.ToLowerInvariant() switch
    {
        "standard" => "default",
        "unspecified" => "auto",
        var other => other,
    };

    /// <summary>Google's word; <see langword="null"/> where it has none for it, <c>""</c> where saying nothing means the same.</summary>
    public static string? FromNeutral(string tier) => tier switch
    {
        "auto" => "",
        "default" or "standard" or "standard_only" => "standard",
        "flex" => "flex",
        "priority" => "priority",
        _ => null,
    };
}
