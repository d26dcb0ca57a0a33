namespace Sluice.Formats.BedrockConverse;

/// <summary>What the makers behind Bedrock accept beyond the common fields, by the model id (<c>us.anthropic.claude-...</c>, an ARN that holds it).</summary>
internal sealed record BedrockModel
{
    private BedrockModel(string id)
    {
        IsClaude = Has(id, "claude");
        IsNova = Has(id, "nova");
        IsNova2 = Has(id, "nova-2");
        IsGptOss = Has(id, "gpt-oss");
    }

    /// <summary>Anthropic's: their own parameters go into <c>additionalModelRequestFields</c>.</summary>
    public bool IsClaude { get; }

    /// <summary>Amazon's Nova.</summary>
    public bool IsNova { get; }

    /// <summary>Nova of the second generation: it reasons, and has tools of its own.</summary>
    public bool IsNova2 { get; }

    /// <summary>OpenAI's open models: they take <c>reasoning_effort</c>.</summary>
    public bool IsGptOss { get; }

    /// <summary>Cache points are accepted; other makers' models refuse them.</summary>
    public bool HasCache => IsClaude || IsNova;

    /// <summary>The model of an id.</summary>
    public static BedrockModel Of(string id) => new(id);

    private static bool Has(string id, string part) => id.Contains(part, StringComparison.OrdinalIgnoreCase);
}
