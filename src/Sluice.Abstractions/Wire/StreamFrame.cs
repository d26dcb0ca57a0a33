namespace Sluice.Wire;

/// <summary>One frame of a streamed body. The memory is valid until the next frame is read.</summary>
/// <param name="Event">The event's name (SSE <c>event:</c>, Amazon <c>:event-type</c>); empty where the framing has none.</param>
/// <param name="Data">The payload: several SSE <c>data:</c> lines are joined by a line feed.</param>
public readonly record struct StreamFrame(ReadOnlyMemory<byte> Event, ReadOnlyMemory<byte> Data)
{
    /// <summary>A frame of data alone.</summary>
    public static StreamFrame OfData(ReadOnlyMemory<byte> data) => new(default, data);

    /// <summary>Amazon's <c>:message-type: exception</c>: the payload is an error.</summary>
    public bool IsException { get; init; }
}
