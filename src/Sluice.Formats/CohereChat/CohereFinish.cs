using Sluice.Chat;

namespace Sluice.Formats.CohereChat;

/// <summary><c>finish_reason</c> (<c>ChatFinishReason</c>).</summary>
internal static class CohereFinish
{
    /// <summary>Reads it; <see langword="null"/> where the answer has none.</summary>
    public static FinishReason? Read(string? reason) => reason switch
    {
        null or "" => null,
        "COMPLETE" => FinishReason.Stop,
        "STOP_SEQUENCE" => FinishReason.StopSequence,
        "MAX_TOKENS" or "ERROR_LIMIT" => FinishReason.Length,
        "TOOL_CALL" => FinishReason.ToolCalls,
        "ERROR" or "TIMEOUT" or "USER_CANCEL" => FinishReason.Error,
        "ERROR_TOXIC" => FinishReason.ContentFilter,
        _ => new FinishReason(reason.ToLowerInvariant()),
    };
}
