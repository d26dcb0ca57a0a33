namespace Sluice.Formats.Shared;

/// <summary>
/// What official SDKs pass over in a stream: Anthropic's <c>ping</c> event, and comments of server-sent events in OpenAI's SDKs. Google's SDKs before 2026 fail on comments, and
/// newline-delimited JSON has none.
/// </summary>
internal static class Pings
{
    /// <summary>As Anthropic sends it.</summary>
    public static ReadOnlyMemory<byte> AnthropicEvent { get; } = "event: ping\ndata: {\"type\": \"ping\"}\n\n"u8.ToArray();

    /// <summary>A comment.</summary>
    public static ReadOnlyMemory<byte> Comment { get; } = ": ping\n\n"u8.ToArray();
}
