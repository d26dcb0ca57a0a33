using System.Buffers;

namespace Sluice.Engine;

/// <summary>Where an answer goes. The host implements it over its response.</summary>
public interface ICallSink
{
    /// <summary>True once <see cref="Start"/> was called: from then on no other target may answer.</summary>
    bool HasStarted { get; }

    /// <summary>Takes the body's bytes after <see cref="Start"/>.</summary>
    IBufferWriter<byte> Body { get; }

    /// <summary>Sets status and headers. Called once.</summary>
    void Start(AnswerHead head);

    /// <summary>Sends what was written. Waits while the client is slow.</summary>
    ValueTask FlushAsync(CancellationToken cancellationToken);

    /// <summary>Breaks the connection of a client that does not take its answer; a flush that waits for it ends.</summary>
    void Abort();
}

/// <summary>Status and headers of an answer to the client.</summary>
public sealed class AnswerHead
{
    /// <summary>HTTP status.</summary>
    public required int Status { get; init; }

    /// <summary>Media type of the body.</summary>
    public required string ContentType { get; init; }

    /// <summary>Length of the body; <see langword="null"/> for a stream.</summary>
    public long? ContentLength { get; init; }

    /// <summary>True for a streamed body, which must not be buffered on the way.</summary>
    public bool IsStream { get; init; }

    /// <summary>Further headers.</summary>
    public List<KeyValuePair<string, string>> Headers { get; } = [];
}

/// <summary>The client's headers as the host has them.</summary>
public interface IClientHeaders
{
    /// <summary>A header's value; several are joined by a comma; <see langword="null"/> where absent.</summary>
    string? Get(string name);

    /// <summary>All headers.</summary>
    IEnumerable<KeyValuePair<string, string>> All { get; }
}
