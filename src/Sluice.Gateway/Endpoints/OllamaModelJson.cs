using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Sluice.Models;

namespace Sluice.Gateway.Endpoints;

/// <summary>Writes models as Ollama's own endpoints do. Nothing here is a file: sizes are 0, and a digest only tells names apart.</summary>
internal static class OllamaModelJson
{
    /// <summary>
    /// What is told where nobody knows a model's context window: without a number, editors take a few thousand tokens, less than their own prompts need. A prompt that is
    /// too long is refused by the model's server, and clients know that answer.
    /// </summary>
    private const long UnknownContext = 32_768;

    /// <summary>The list of models that are there.</summary>
    public static void Tags(Utf8JsonWriter w, IReadOnlyList<ModelCard> cards, DateTimeOffset now)
    {
        w.WriteStartObject();
        w.WriteStartArray("models"u8);
        foreach (var card in cards)
        {
            w.WriteStartObject();
            w.WriteString("name"u8, card.Id);
            w.WriteString("model"u8, card.Id);
            w.WriteString("modified_at"u8, Time(card, now));
            w.WriteNumber("size"u8, 0);
            w.WriteString("digest"u8, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(card.Id))));
            Details(w, card);
            Capabilities(w, card);
            w.WriteEndObject();
        }
        w.WriteEndArray();
        w.WriteEndObject();
    }

    /// <summary>One model: editors read <c>capabilities</c> and <c>model_info["{architecture}.context_length"]</c>.</summary>
    public static void Show(Utf8JsonWriter w, ModelCard card, DateTimeOffset now)
    {
        w.WriteStartObject();
        w.WriteString("license"u8, ""u8);
        w.WriteString("modelfile"u8, ""u8);
        w.WriteString("parameters"u8, ""u8);
        w.WriteString("template"u8, ""u8);
        Details(w, card);
        w.WriteStartObject("model_info"u8);
        w.WriteString("general.architecture"u8, card.Vendor);
        w.WriteString("general.basename"u8, card.Id);
        w.WriteNumber($"{card.Vendor}.context_length", card.Context ?? card.MaxInput ?? UnknownContext);
        if (card.MaxOutput is { } output) w.WriteNumber($"{card.Vendor}.max_output_tokens", output);
        w.WriteEndObject();
        Capabilities(w, card);
        w.WriteString("modified_at"u8, Time(card, now));
        w.WriteEndObject();
    }

    private static void Details(Utf8JsonWriter w, ModelCard card)
    {
        w.WriteStartObject("details"u8);
        w.WriteString("parent_model"u8, ""u8);
        w.WriteString("format"u8, ""u8);
        w.WriteString("family"u8, card.Owner);
        w.WriteStartArray("families"u8);
        w.WriteStringValue(card.Owner);
        w.WriteEndArray();
        w.WriteString("parameter_size"u8, ""u8);
        w.WriteString("quantization_level"u8, ""u8);
        w.WriteEndObject();
    }

    private static void Capabilities(Utf8JsonWriter w, ModelCard card)
    {
        w.WriteStartArray("capabilities"u8);
        if (card.IsEmbedding)
        {
            w.WriteStringValue("embedding"u8);
        }
        else
        {
            w.WriteStringValue("completion"u8);
            if (card.HasTools) w.WriteStringValue("tools"u8);
            if (card.HasVision) w.WriteStringValue("vision"u8);
            if (card.HasReasoning) w.WriteStringValue("thinking"u8);
        }
        w.WriteEndArray();
    }

    private static string Time(ModelCard card, DateTimeOffset now) =>
        (card.Released is { } released ? new DateTimeOffset(released, default, TimeSpan.Zero) : now).ToString("O", CultureInfo.InvariantCulture);
}
