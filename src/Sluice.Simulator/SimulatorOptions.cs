namespace Sluice.Simulator;

/// <summary>How a <see cref="SimulatorServer"/> listens, how fast it speaks and how strict it is.</summary>
public sealed record SimulatorOptions
{
    /// <summary>Address to listen on, as <c>host:port</c>. Port 0 takes a free one. Default <c>127.0.0.1:0</c>.</summary>
    public string Listen { get; init; } = "127.0.0.1:0";

    /// <summary>Characters of text in one event of a stream; about four characters count as one token. Default 12.</summary>
    public int ChunkCharacters { get; init; } = 12;

    /// <summary>Pause between two events of a stream. Default none.</summary>
    public TimeSpan ChunkDelay { get; init; }

    /// <summary>Pause before the first event of a stream, or before a whole answer. Default none.</summary>
    public TimeSpan FirstTokenDelay { get; init; }

    /// <summary>Seed of ids, embeddings, padding, signatures and of probable faults. The same seed gives the same answers. Default 1.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Clock of timestamps and of every delay. Default the system's.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>
    /// Refuse a follow-up turn whose earlier tool-calling turn lacks its reasoning signature or carries a foreign one, as the vendors do.
    /// Models with <c>signed</c> in their name do so in any case. Default off.
    /// </summary>
    public bool RequireSignatures { get; init; }

    /// <summary>
    /// Refuse members that the vendor's API does not know, as OpenAI, Anthropic, Gemini and Mistral do. Models with <c>strict</c> in their name do so in
    /// any case. Default off, so that a test may send members of its own.
    /// </summary>
    public bool Strict { get; init; }

    /// <summary>Largest request body in bytes; a larger one gets the vendor's 413. Default 64 MiB.</summary>
    public int MaxRequestBytes { get; init; } = 64 * 1024 * 1024;

    /// <summary>
    /// POSTs that one key may make in a minute at one vendor; more get 429 with the true <c>Retry-After</c>, and the vendor's limit headers count down.
    /// Default 0: no limit. A control call with <c>rpm</c> sets it for one vendor.
    /// </summary>
    public int RequestsPerMinute { get; init; }

    /// <summary>How many requests <see cref="SimulatorServer.Requests"/> keeps; the oldest leave first. Default 1,000; 0 keeps none.</summary>
    public int RecordedRequests { get; init; } = 1000;

    /// <summary>How many bytes of request bodies are kept in all; beyond that the oldest requests leave. Default 64 MiB.</summary>
    public long RecordedBytes { get; init; } = 64L * 1024 * 1024;

    /// <summary>Speak HTTP/2 without TLS (prior knowledge) instead of HTTP/1.1. Default off.</summary>
    public bool Http2 { get; init; }
}
