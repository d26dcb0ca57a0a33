using Sluice.Wire;

namespace Sluice.Formats.OpenAIResponses;

/// <summary><c>background: true</c>: the answer is <c>queued</c> at first, and its usage is told by the one that is fetched later.</summary>
internal static class ResponsesBackground
{
    private const int MaxDepth = 1024;

    /// <summary>Servers in lax modes take "true" and 1 as well: all but a plain no is one.</summary>
    public static bool IsAskedFor(JsonMembers request) => request.TryGet("background"u8, out var member) && request.Value(member)[0] is not ((byte)'f' or (byte)'n');

    public static AnswerProgress? Progress(ReadOnlyMemory<byte> data)
    {
        if (JsonMembers.Scan(data, MaxDepth, out _) is not { } response) return null;
        if (response.TryGet("response"u8, out var inner)) response = JsonMembers.Scan(data.Slice(inner.ValueStart, inner.ValueLength), MaxDepth, out _);
        if (response?.GetString("id"u8) is not { Length: > 0 } id || response.GetString("status"u8) is not { } status) return null;
        return new AnswerProgress(id, status is "queued" or "in_progress", status == "failed");
    }
}
