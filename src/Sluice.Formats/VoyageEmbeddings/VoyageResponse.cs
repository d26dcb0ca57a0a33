using System.Collections.Frozen;
using System.Text.Json;
using Sluice.Chat;
using Sluice.Embeddings;
using Sluice.Formats.Json;
using Sluice.Formats.Shared;
using Sluice.Wire;

namespace Sluice.Formats.VoyageEmbeddings;

/// <summary>The answer: <c>{"data":[{"embedding","index"}],"model","usage":{"total_tokens"}}</c>.</summary>
internal static class VoyageResponse
{
    private static FrozenSet<string> Known { get; } = ["object", "data", "model", "usage"];

    /// <summary>Reads a body. Throws <see cref="WireFormatException"/>.</summary>
    /// <param name="body">The body.</param>
    /// <param name="numberType">The numbers that were asked for (<see cref="EmbeddingRequest.NumberType"/>): base64 does not say what it holds.</param>
    public static EmbeddingResponse Read(JsonElement body, string? numberType) => new()
    {
        Model = body.Text("model"u8) ?? "",
        Vectors = IndexedVectors.Read(body, numberType),
        Usage = Usage(body),
        Notes = new NotesBuilder(WireFormatId.VoyageEmbeddings).Keep(body, Known).Build(),
    };

    /// <summary>What was used; <see langword="null"/> where it is not told.</summary>
    public static Usage? Usage(JsonElement body) => body.Get("usage"u8) is not { ValueKind: JsonValueKind.Object } usage ? null : new Usage
    {
        InputTokens = usage.Tokens("total_tokens"u8),
        Raw = RawJson.From(usage),
        RawFormat = WireFormatId.VoyageEmbeddings,
    };
}
