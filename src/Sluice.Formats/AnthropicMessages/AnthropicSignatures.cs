using Sluice.Chat;
using Sluice.Formats.Shared;

namespace Sluice.Formats.AnthropicMessages;

/// <summary>
/// <c>thinking.signature</c> and <c>redacted_thinking.data</c> as slots for the payloads of other families. Reasoning that nobody signed gets an
/// envelope too: so a request that holds it is known by its bytes, and never reaches an upstream that would refuse it.
/// </summary>
internal static class AnthropicSignatures
{
    private const string Unsigned = "none";
    private const string ItemId = "#id=";

    /// <summary>The field for a client.</summary>
    /// <param name="signature">The payload; <see langword="null"/> for none.</param>
    /// <param name="id">The provider's id of the piece (a Responses item id), which rides along.</param>
    public static string ForClient(Signature? signature, string? id)
    {
        if (signature is null) return SignatureEnvelope.Write(new Signature("", Unsigned), AnthropicNames.Family);
        if (signature.Family == AnthropicNames.Family) return signature.Value;
        bool hasId = id is not null && !id.Contains(':', StringComparison.Ordinal);
        return SignatureEnvelope.Write(hasId ? signature with { Family = $"{signature.Family}{ItemId}{id}" } : signature, AnthropicNames.Family);
    }

    /// <summary>Reads the field of a request or of an answer.</summary>
    /// <param name="value">The field.</param>
    /// <param name="id">The provider's id of the piece; <see langword="null"/> where none rode along.</param>
    public static Signature? Read(string? value, out string? id)
    {
        id = null;
        if (string.IsNullOrEmpty(value)) return null;
        var signature = SignatureEnvelope.Read(value, AnthropicNames.Family);
        if (signature.Family == Unsigned) return null;
        int mark = signature.Family.IndexOf(ItemId, StringComparison.Ordinal);
        if (mark < 0) return signature;
        id = signature.Family[(mark + ItemId.Length)..];
        return signature with { Family = signature.Family[..mark] };
    }
}
