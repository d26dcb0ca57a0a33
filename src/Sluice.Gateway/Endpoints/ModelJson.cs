using System.Globalization;
using System.Text.Json;
using Sluice.Models;

namespace Sluice.Gateway.Endpoints;

/// <summary>Writes models and lists of them in the dialects of OpenAI, Anthropic and Google. Limits stand where they are known.</summary>
internal static class ModelJson
{
    // As Anthropic does where it does not know: an epoch.
    private static readonly DateOnly Epoch = DateOnly.FromDateTime(DateTime.UnixEpoch);

    /// <summary>OpenAI's list.</summary>
    public static void OpenAIList(Utf8JsonWriter w, IReadOnlyList<ModelCard> cards, DateTimeOffset now)
    {
        w.WriteStartObject();
        w.WriteString("object"u8, "list"u8);
        w.WriteStartArray("data"u8);
        foreach (var card in cards) OpenAI(w, card, now);
        w.WriteEndArray();
        w.WriteEndObject();
    }

    /// <summary>One model, as OpenAI's clients read it; with limits as OpenRouter and Groq spell them, which its SDKs pass over.</summary>
    public static void OpenAI(Utf8JsonWriter w, ModelCard card, DateTimeOffset now)
    {
        w.WriteStartObject();
        w.WriteString("id"u8, card.Id);
        w.WriteString("object"u8, "model"u8);
        w.WriteNumber("created"u8, card.Released is { } released ? new DateTimeOffset(released, default, TimeSpan.Zero).ToUnixTimeSeconds() : now.ToUnixTimeSeconds());
        w.WriteString("owned_by"u8, card.Owner);
        Limit(w, "context_length"u8, card.Context);
        Limit(w, "context_window"u8, card.Context);
        Limit(w, "max_completion_tokens"u8, card.MaxOutput);
        Limit(w, "max_output_tokens"u8, card.MaxOutput);
        w.WriteEndObject();
    }

    /// <summary>Anthropic's list, always one page.</summary>
    public static void AnthropicList(Utf8JsonWriter w, IReadOnlyList<ModelCard> cards, DateTimeOffset now)
    {
        w.WriteStartObject();
        w.WriteStartArray("data"u8);
        foreach (var card in cards) Anthropic(w, card, now);
        w.WriteEndArray();
        w.WriteBoolean("has_more"u8, false);
        if (cards.Count == 0)
        {
            w.WriteNull("first_id"u8);
            w.WriteNull("last_id"u8);
        }
        else
        {
            w.WriteString("first_id"u8, cards[0].Id);
            w.WriteString("last_id"u8, cards[^1].Id);
        }
        w.WriteEndObject();
    }

    /// <summary>One model, as Anthropic's clients read it (<c>ModelInfo</c> of @anthropic-ai/sdk).</summary>
    public static void Anthropic(Utf8JsonWriter w, ModelCard card, DateTimeOffset now)
    {
        w.WriteStartObject();
        w.WriteString("type"u8, "model"u8);
        w.WriteString("id"u8, card.Id);
        w.WriteString("display_name"u8, card.Name ?? card.Id);
        w.WriteString("created_at"u8, Day(card.Released ?? Epoch));
        w.WriteNull("capabilities"u8);
        w.WriteString("lifecycle"u8, card.Lifecycle);
        w.WriteNull("deprecated_at"u8);
        if (card.Retires is { } retires) w.WriteString("retires_at"u8, Day(retires));
        else w.WriteNull("retires_at"u8);
        w.WriteNull("line"u8);
        LimitOrNull(w, "max_input_tokens"u8, card.MaxInput ?? card.Context);
        LimitOrNull(w, "max_tokens"u8, card.MaxOutput);
        w.WriteEndObject();
    }

    /// <summary>Gemini's list.</summary>
    public static void GeminiList(Utf8JsonWriter w, IReadOnlyList<ModelCard> cards, DateTimeOffset now)
    {
        w.WriteStartObject();
        w.WriteStartArray("models"u8);
        foreach (var card in cards) Gemini(w, card, now);
        w.WriteEndArray();
        w.WriteEndObject();
    }

    /// <summary>One model, as Gemini's clients read it, with the methods that it has.</summary>
    public static void Gemini(Utf8JsonWriter w, ModelCard card, DateTimeOffset now)
    {
        w.WriteStartObject();
        w.WriteString("name"u8, $"models/{card.Id}");
        w.WriteString("displayName"u8, card.Name ?? card.Id);
        Limit(w, "inputTokenLimit"u8, card.MaxInput ?? card.Context);
        Limit(w, "outputTokenLimit"u8, card.MaxOutput);
        w.WriteStartArray("supportedGenerationMethods"u8);
        foreach (string method in Methods(card)) w.WriteStringValue(method);
        w.WriteEndArray();
        if (card.HasReasoning) w.WriteBoolean("thinking"u8, true);
        w.WriteEndObject();
    }

    // Google's models of pictures and speech are asked like those of words.
    private static string[] Methods(ModelCard card) =>
        card.IsEmbedding ? ["embedContent", "batchEmbedContents"]
        : card.IsChat || card is { Vendor: "gemini" or "vertex", Kind: "image" or "speech" } ? ["generateContent", "streamGenerateContent", "countTokens"]
        : [];

    private static void Limit(Utf8JsonWriter w, ReadOnlySpan<byte> name, long? limit)
    {
        if (limit is { } known) w.WriteNumber(name, known);
    }

    private static void LimitOrNull(Utf8JsonWriter w, ReadOnlySpan<byte> name, long? limit)
    {
        if (limit is { } known) w.WriteNumber(name, known);
        else w.WriteNull(name);
    }

    private static string Day(DateOnly day) => day.ToString("yyyy-MM-dd'T00:00:00Z'", CultureInfo.InvariantCulture);
}
