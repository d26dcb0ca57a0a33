using Sluice.Errors;

namespace Sluice.Engine.Buffers;

/// <summary>A buffer could not grow: codecs write into it and know nothing of bounds. Caught where the attempt is made, or the body is read.</summary>
internal sealed class BuffersFullException(GatewayError error) : Exception(error.Message)
{
    /// <summary>What the client is told.</summary>
    public GatewayError Error { get; } = error;
}
