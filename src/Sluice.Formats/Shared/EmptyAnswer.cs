using Sluice.Chat;
using Sluice.Errors;

namespace Sluice.Formats.Shared;

/// <summary>
/// An answer that says nothing: no content, no reason why it ended, no token of output. It is a failed attempt, so that another target may answer. One that
/// ends with a reason and has no words is an answer: the model had nothing to say.
/// </summary>
public static class EmptyAnswer
{
    /// <summary>What such an attempt failed with.</summary>
    public static GatewayError Error { get; } = new(ErrorKind.MalformedAnswer, "the provider's answer is empty: it has neither content nor a reason why it ended") { Code = "empty_answer" };

    /// <summary>The answer, or the failure that it is.</summary>
    internal static Outcome<ChatResponse> Check(ChatResponse response)
    {
        foreach (var candidate in response.Candidates)
        {
            if (candidate.FinishReason is { } reason ? IsReason(reason) : response.Usage?.OutputTokens > 0) return response;
            foreach (var part in candidate.Parts)
            {
                if (IsContent(part)) return response;
            }
        }
        return Error;
    }

    /// <summary>True for a reason that is an answer by itself: that the provider gave up is none.</summary>
    internal static bool IsReason(FinishReason reason) => reason != FinishReason.Error;

    /// <summary>False for a part that is there and holds nothing.</summary>
    internal static bool IsContent(Part part) => part is not (TextPart { Text.Length: 0 } or RefusalPart { Text.Length: 0 } or ReasoningPart { Text.Length: 0, IsRedacted: false, Signature: null });
}
