using Sluice.Chat;
using Sluice.Formats.Shared;

namespace Sluice.Formats.OpenAIResponses;

/// <summary>What a reasoning item's payload belongs to.</summary>
internal enum PayloadRole
{
    /// <summary>The reasoning of the item itself.</summary>
    Reasoning,

    /// <summary>The reasoning of the item itself, whose text the provider withheld.</summary>
    Redacted,

    /// <summary>The item carries the signature of the piece after it.</summary>
    OfNext,

    /// <summary>The item carries the signature of the piece before it.</summary>
    OfPrevious,

    /// <summary>The item stands for a text without words that is signed (Gemini ends thinking streams so).</summary>
    OfEmptyText,
}

/// <summary>
/// <c>encrypted_content</c> is the one field whose content clients of this format send back unread. It carries payloads of other families in an
/// envelope, and also signatures of texts and calls, for which the format has no field: those get a reasoning item of their own, and the envelope
/// says to which piece they belong.
/// </summary>
internal static class ReasoningPayload
{
    /// <summary>The family of this format's own payloads.</summary>
    public const string Family = "openai";

    /// <summary>The payload as <c>encrypted_content</c>.</summary>
    public static string Write(Signature signature, PayloadRole role)
    {
        if (role == PayloadRole.Reasoning || (role == PayloadRole.Redacted && signature.Family == Family)) return SignatureEnvelope.Write(signature, Family);
        string mark = role switch
        {
            PayloadRole.Redacted => "+redacted",
            PayloadRole.OfNext => "+next",
            PayloadRole.OfPrevious => "+previous",
            _ => "+text",
        };
        return SignatureEnvelope.Write(signature with { Family = signature.Family + mark }, Family);
    }

    /// <summary>Reads <c>encrypted_content</c> that a client sent back.</summary>
    public static Signature Read(string value, out PayloadRole role)
    {
        var signature = SignatureEnvelope.Read(value, Family);
        int mark = signature.Family.IndexOf('+');
        role = mark < 0 ? PayloadRole.Reasoning : signature.Family[mark..] switch
        {
            "+redacted" => PayloadRole.Redacted,
            "+next" => PayloadRole.OfNext,
            "+previous" => PayloadRole.OfPrevious,
            "+text" => PayloadRole.OfEmptyText,
            _ => PayloadRole.Reasoning,
        };
        return mark < 0 ? signature : signature with { Family = signature.Family[..mark] };
    }
}
