using Sluice.Embeddings;

namespace Sluice.Formats.Gemini;

/// <summary>
/// The method that ends the path of a call, <c>models/{model}:{method}</c>: on this wire the path says what other formats say in the body.
/// </summary>
public static class GeminiMethods
{
    /// <summary>Token counting.</summary>
    public const string CountTokens = "countTokens";

    /// <summary>The method of a chat call. A stream is asked for with the query <c>alt=sse</c>.</summary>
    /// <param name="stream">The answer shall be streamed.</param>
    public static string Generate(bool stream) => stream ? "streamGenerateContent" : "generateContent";

    /// <summary>
    /// The method of an embedding call, which goes with the body that the codec writes: <c>embedContent</c> for one input, <c>batchEmbedContents</c> for
    /// several (the Gemini API only; Vertex AI takes one input a call).
    /// </summary>
    public static string Embed(EmbeddingRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return IsBatch(request) ? "batchEmbedContents" : "embedContent";
    }

    internal static bool IsBatch(EmbeddingRequest request) => request.Inputs.Count != 1 || new GeminiNotes(request.Notes).Has("batch");
}
