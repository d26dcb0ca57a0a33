using Sluice.Embeddings;
using Sluice.Engine.Buffers;
using Sluice.Errors;
using Sluice.Wire;

namespace Sluice.Engine;

/// <summary>A request body ready for one target.</summary>
internal sealed class PreparedRequest : IDisposable
{
    /// <summary>The lane it takes.</summary>
    public required Lane Lane { get; init; }

    /// <summary>The format that the upstream is asked in.</summary>
    public required IWireFormat Format { get; init; }

    /// <summary>The body.</summary>
    public required ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>Buffer that holds <see cref="Body"/> where it is not the client's own.</summary>
    public PooledBuffer? Buffer { get; init; }

    /// <summary>True when the upstream was asked for a usage report that the client did not ask for: it is taken out of the answer again.</summary>
    public bool HidesUsage { get; init; }

    /// <summary>What translation must remember; <see langword="null"/> in the same-format lanes.</summary>
    public TranslationContext? Translation { get; init; }

    /// <summary>The embedding request where this is one between two formats.</summary>
    public EmbeddingRequest? Embeddings { get; init; }

    /// <summary>Requests that go with this one, where the endpoint does not take all inputs at once; empty for none.</summary>
    public IReadOnlyList<PreparedRequest> Rest { get; init; } = [];

    /// <summary>True for a token count between two formats.</summary>
    public bool IsCount { get; init; }

    /// <summary>True for what is translated without a chat answer: embeddings and token counts.</summary>
    public bool IsSideTranslation => Embeddings is not null || IsCount;

    /// <summary>True for the endpoint that takes several inputs (Gemini).</summary>
    public bool IsBatch { get; init; }

    /// <summary>What could not be carried.</summary>
    public LossReport? Losses { get; init; }

    /// <summary>Further request headers that the body calls for.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; } = [];

    public void Dispose()
    {
        Buffer?.Dispose();
        foreach (var part in Rest) part.Dispose();
    }
}

/// <summary>A prepared request or the reason why there is none.</summary>
internal readonly record struct Preparation(PreparedRequest? Request, GatewayError? Error);
