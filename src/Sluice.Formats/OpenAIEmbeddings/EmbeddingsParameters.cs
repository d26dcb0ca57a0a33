using Sluice.Wire;
using static Sluice.Wire.ParameterPlace;

namespace Sluice.Formats.OpenAIEmbeddings;

/// <summary>Where parameters stand in bodies of <c>/v1/embeddings</c>.</summary>
internal static class EmbeddingsParameters
{
    /// <summary>The map.</summary>
    public static ParameterMap Map { get; } = new([.. Same("dimensions", "user")]) { Deciding = ["model", "models", "input", "messages", "encoding_format", "input_type"] };
}
