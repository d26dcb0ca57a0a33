using Sluice.Chat;
using Sluice.Wire;

namespace Sluice.Engine;

/// <summary>How long a whole answer is, for an estimate where its provider does not tell what it used.</summary>
internal static class AnswerLength
{
    /// <summary>Characters of all that the model wrote.</summary>
    public static long Of(ChatResponse response) => response.Candidates.Sum(c => c.Parts.Sum(Of));

    /// <summary>The same of an answer that passes through. Read only where it must be: most answers tell what they used.</summary>
    public static long Of(Attempt attempt, IWireFormat format, IAnswerTap tap, ReadOnlyMemory<byte> body, TimeProvider time)
    {
        if (tap.OutputCharacters > 0 || tap.Usage is { InputTokens: not null, OutputTokens: not null } || format is not IChatClientFormat chat) return tap.OutputCharacters;
        return chat.DecodeResponse(body, KeepingTap.Context(attempt, chat, time)) is { IsSuccess: true, Value: var response } ? Of(response) : 0;
    }

    private static long Of(Part part) => part switch
    {
        TextPart p => p.Text.Length,
        ReasoningPart p => p.Text.Length,
        RefusalPart p => p.Text.Length,
        ToolCallPart p => p.Name.Length + p.Arguments.Length,
        ServerToolCallPart p => p.Input.Utf8.Length,
        _ => 0,
    };
}
