using System.Text.Json;
using Sluice.Embeddings;
using Sluice.Errors;
using Sluice.Wire;

namespace Sluice.Formats.Shared;

/// <summary>What the providers share that embed texts and nothing else, and that ask what for.</summary>
internal static class TextEmbeddings
{
    /// <summary>The refusal of a request that holds token ids; <see langword="null"/> where every input is text.</summary>
    /// <param name="request">The request.</param>
    /// <param name="provider">The provider's name for users.</param>
    public static GatewayError? Refuse(EmbeddingRequest request, string provider)
    {
        for (int i = 0; i < request.Inputs.Count; i++)
        {
            if (request.Inputs[i].Text is null) return new GatewayError(ErrorKind.InvalidRequest, $"{provider} embeds texts, not token ids; send the input as text") { Param = $"input[{i}]" };
        }
        return null;
    }

    /// <summary>Reports what these providers have no setting for.</summary>
    public static void Report(EmbeddingRequest request, LossReport losses, WireFormatId format, string provider)
    {
        if (request.Title is not null) losses.Dropped("title", $"{provider} has no such setting");
        if (request.User is not null) losses.Dropped("user", $"{provider} has no such setting");
        losses.Unknown(request.Notes, format, "");
    }

    /// <summary>Writes the texts as a list.</summary>
    public static void Write(Utf8JsonWriter writer, ReadOnlySpan<byte> name, EmbeddingRequest request)
    {
        writer.WriteStartArray(name);
        foreach (var input in request.Inputs) writer.WriteStringValue(input.Text);
        writer.WriteEndArray();
    }

    /// <summary>True for a purpose that any provider calls a document that is stored to be found.</summary>
    public static bool IsDocument(string purpose) => purpose.ToUpperInvariant() is "DOCUMENT" or "SEARCH_DOCUMENT" or "RETRIEVAL_DOCUMENT" or "PASSAGE";

    /// <summary>True for a purpose that any provider calls a text to search with.</summary>
    public static bool IsQuery(string purpose) => purpose.ToUpperInvariant() is "QUERY" or "SEARCH_QUERY" or "RETRIEVAL_QUERY" or "QUESTION_ANSWERING" or "FACT_VERIFICATION" or "CODE_RETRIEVAL_QUERY";
}
