namespace Sluice.Providers;

/// <summary>How a vendor is told to go on with an answer that has begun.</summary>
/// <param name="Way"><c>assistant</c>: the last message is the assistant's; <c>prefix</c>: it carries <c>prefix: true</c> besides;
/// <c>final_message</c>: the body says <c>continue_final_message</c> (vLLM).</param>
public sealed record VendorPrefill(string Way)
{
    /// <summary>A path segment before the usual path where the vendor serves this on another (DeepSeek: <c>beta</c>); null for none.</summary>
    public string? Segment { get; init; }

    /// <summary>Whether only models do it of which the catalogue says so: others refuse it.</summary>
    public bool OnlyKnown { get; init; }
}
