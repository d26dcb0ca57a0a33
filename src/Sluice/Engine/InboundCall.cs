using Sluice.Access;
using Sluice.Engine.Buffers;
using Sluice.Wire;

namespace Sluice.Engine;

/// <summary>A client's request as the host took it in.</summary>
public sealed class InboundCall
{
    /// <summary>The format of the endpoint.</summary>
    public required IWireFormat Format { get; init; }

    /// <summary>Path, query and body.</summary>
    public required WireRequest Request { get; init; }

    /// <summary>The id that the answer carries as <c>x-request-id</c>.</summary>
    public required string RequestId { get; init; }

    /// <summary>The client's headers.</summary>
    public required IClientHeaders Headers { get; init; }

    /// <summary>Cancelled when the client goes away.</summary>
    public required CancellationToken Aborted { get; init; }

    /// <summary>True where the client can leave before the call ends, so that <c>on_disconnect: finish</c> may go on without it. Who calls from code and cancels wants it ended.</summary>
    public bool OutlivesClient { get; init; }

    /// <summary>Who calls, by the virtual key that the client presented; <see langword="null"/> where it presented none and none is needed.</summary>
    public Caller? Caller { get; init; }

    /// <summary>The key that the client presented, where an administrator chose it and it may look like anything; <see langword="null"/> for others.</summary>
    internal string? GivenKey { get; init; }

    /// <summary>The memory that it holds, where the host has opened the account to read the body; <see langword="null"/> lets the engine open it.</summary>
    internal BufferAccount? Buffers { get; init; }

    /// <summary>The same call with another request.</summary>
    internal InboundCall With(WireRequest request) => new() { Format = Format, Request = request, RequestId = RequestId, Headers = Headers, Aborted = Aborted, OutlivesClient = OutlivesClient, Caller = Caller, GivenKey = GivenKey, Buffers = Buffers };
}
