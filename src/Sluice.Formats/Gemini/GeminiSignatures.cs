using Sluice.Chat;
using Sluice.Formats.Shared;

namespace Sluice.Formats.Gemini;

/// <summary>
/// <c>thoughtSignature</c> as a slot for the payloads of other families: a client of this format sends it back with its part. The name of the family in the
/// envelope carries what the part cannot say elsewhere: that it is redacted, or the provider's id of it.
/// </summary>
internal static class GeminiSignatures
{
    private const string Redacted = "#redacted";
    private const string ItemId = "#id=";

    /// <summary>
    /// Google documents this value for calls whose signature is not to be had (history that another model made): Gemini 3 and later refuse the first call of a
    /// step without a signature. Source: ai.google.dev/gemini-api/docs/thought-signatures.
    /// </summary>
    public const string SkipValidator = "skip_thought_signature_validator";

    /// <summary>The value for a client; <see langword="null"/> where the part has nothing to carry.</summary>
    public static string? ForClient(Part part)
    {
        if (part.Signature is not { } signature) return null;
        if (signature.Family == "gemini") return signature.Value;
        string family = signature.Family;
        if (part is ReasoningPart { IsRedacted: true }) family += Redacted;
        else if (part is ReasoningPart { Id: { } id } && !id.Contains(':')) family += ItemId + id;
        return SignatureEnvelope.Write(signature with { Family = family }, "gemini");
    }

    /// <summary>What a client gave back.</summary>
    public static Signature Read(string value, out string? id, out bool isRedacted)
    {
        var signature = SignatureEnvelope.Read(value, "gemini");
        int mark = signature.Family.IndexOf('#');
        id = null;
        isRedacted = false;
        if (mark < 0) return signature;
        string rest = signature.Family[mark..];
        isRedacted = rest == Redacted;
        if (rest.StartsWith(ItemId, StringComparison.Ordinal)) id = rest[ItemId.Length..];
        return signature with { Family = signature.Family[..mark] };
    }
}
