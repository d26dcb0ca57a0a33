using Sluice.Wire;

namespace Sluice.Embeddings;

/// <summary>A request for vectors.</summary>
public sealed record EmbeddingRequest
{
    /// <summary>The model as the client named it.</summary>
    public required string Model { get; init; }

    /// <summary>The inputs, in order.</summary>
    public required IReadOnlyList<EmbeddingInput> Inputs { get; init; }

    /// <summary>True when the client sent one input that is no list (formats answer differently).</summary>
    public bool IsSingle { get; init; }

    /// <summary>The length of vector that is wanted.</summary>
    public int? Dimensions { get; init; }

    /// <summary><c>float</c> or <c>base64</c> (OpenAI); <see langword="null"/> for the format's default.</summary>
    public string? Encoding { get; init; }

    /// <summary>
    /// The numbers that are wanted: <c>float</c>, <c>int8</c>, <c>uint8</c>, or bits packed into bytes, <c>binary</c> and <c>ubinary</c> (the words of Voyage and Cohere);
    /// <see langword="null"/> for floats. Whole numbers are given as floats of the same value.
    /// </summary>
    public string? NumberType { get; init; }

    /// <summary>What the vectors are for, as the formats that ask for it spell it (<c>search_document</c>, <c>RETRIEVAL_QUERY</c>).</summary>
    public string? Purpose { get; init; }

    /// <summary>A title of the document (Gemini).</summary>
    public string? Title { get; init; }

    /// <summary>The end user.</summary>
    public string? User { get; init; }

    /// <summary>What to do with inputs that are too long: true to cut, false to refuse.</summary>
    public bool? Truncate { get; init; }

    /// <summary>What only the format of origin knows.</summary>
    public WireNotes? Notes { get; init; }
}

/// <summary>One input: text, or token ids.</summary>
public sealed record EmbeddingInput
{
    /// <summary>The text; <see langword="null"/> when it is given as tokens.</summary>
    public string? Text { get; init; }

    /// <summary>Token ids; <see langword="null"/> when it is text.</summary>
    public IReadOnlyList<int>? Tokens { get; init; }
}

/// <summary>Vectors.</summary>
public sealed record EmbeddingResponse
{
    /// <summary>The provider's id of the answer; empty where it has none.</summary>
    public string Id { get; init; } = "";

    /// <summary>The model that answered.</summary>
    public string Model { get; init; } = "";

    /// <summary>One vector an input, in order.</summary>
    public required IReadOnlyList<ReadOnlyMemory<float>> Vectors { get; init; }

    /// <summary>What was used.</summary>
    public Chat.Usage? Usage { get; init; }

    /// <summary>What only the format of origin knows.</summary>
    public WireNotes? Notes { get; init; }
}
