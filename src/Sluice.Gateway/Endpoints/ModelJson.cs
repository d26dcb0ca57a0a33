using System.Globalization;
using System.Text.Json;
using Sluice.Routing;

namespace Sluice.Gateway.Endpoints;

/// <summary>A model in a list.</summary>
/// <param name="Id">The name by which clients ask for it.</param>
/// <param name="Owner">The provider's name, or <c>sluice</c> for a route.</param>
internal readonly record struct ModelEntry(string Id, string Owner);

/// <summary>Writes models and lists of them in the four dialects.</summary>
internal static class ModelJson
{
    /// <summary>OpenAI's list.</summary>
    public static void OpenAIList(Utf8JsonWriter w, IReadOnlyList<ModelEntry> entries, DateTimeOffset now)
    {
        w.WriteStartObject();
        w.WriteString("object"u8, "list"u8);
        w.WriteStartArray("data"u8);
        foreach (var entry in entries) OpenAI(w, entry, now);
        w.WriteEndArray();
        w.WriteEndObject();
    }

    /// <summary>One model, as OpenAI's clients read it.</summary>
    public static void OpenAI(Utf8JsonWriter w, ModelEntry entry, DateTimeOffset now)
    {
        w.WriteStartObject();
        w.WriteString("id"u8, entry.Id);
        w.WriteString("object"u8, "model"u8);
        w.WriteNumber("created"u8, now.ToUnixTimeSeconds());
        w.WriteString("owned_by"u8, entry.Owner);
        w.WriteEndObject();
    }

    /// <summary>Anthropic's list, always one page.</summary>
    public static void AnthropicList(Utf8JsonWriter w, IReadOnlyList<ModelEntry> entries, DateTimeOffset now)
    {
        w.WriteStartObject();
        w.WriteStartArray("data"u8);
        foreach (var entry in entries) Anthropic(w, entry, now);
        w.WriteEndArray();
        w.WriteBoolean("has_more"u8, false);
        if (entries.Count == 0)
        {
            w.WriteNull("first_id"u8);
            w.WriteNull("last_id"u8);
        }
        else
        {
            w.WriteString("first_id"u8, entries[0].Id);
            w.WriteString("last_id"u8, entries[^1].Id);
        }
        w.WriteEndObject();
    }

    /// <summary>One model, as Anthropic's clients read it.</summary>
    public static void Anthropic(Utf8JsonWriter w, ModelEntry entry, DateTimeOffset now)
    {
        w.WriteStartObject();
        w.WriteString("type"u8, "model"u8);
        w.WriteString("id"u8, entry.Id);
        w.WriteString("display_name"u8, entry.Id);
        w.WriteString("created_at"u8, now.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture));
        w.WriteEndObject();
    }

    /// <summary>Gemini's list.</summary>
    public static void GeminiList(Utf8JsonWriter w, IReadOnlyList<ModelEntry> entries, DateTimeOffset now)
    {
        w.WriteStartObject();
        w.WriteStartArray("models"u8);
        foreach (var entry in entries) Gemini(w, entry);
        w.WriteEndArray();
        w.WriteEndObject();
    }

    /// <summary>One model, as Gemini's clients read it.</summary>
    public static void Gemini(Utf8JsonWriter w, ModelEntry entry)
    {
        w.WriteStartObject();
        w.WriteString("name"u8, $"models/{entry.Id}");
        w.WriteString("displayName"u8, entry.Id);
        w.WriteStartArray("supportedGenerationMethods"u8);
        foreach (string method in new[] { "generateContent", "countTokens", "embedContent" }) w.WriteStringValue(method);
        w.WriteEndArray();
        w.WriteEndObject();
    }

    /// <summary>Ollama's list of models that are there.</summary>
    public static void OllamaTags(Utf8JsonWriter w, IReadOnlyList<ModelEntry> entries, DateTimeOffset now)
    {
        w.WriteStartObject();
        w.WriteStartArray("models"u8);
        foreach (var entry in entries)
        {
            w.WriteStartObject();
            w.WriteString("name"u8, entry.Id);
            w.WriteString("model"u8, entry.Id);
            w.WriteString("modified_at"u8, Time(now));
            w.WriteNumber("size"u8, 0);
            w.WriteString("digest"u8, ""u8);
            OllamaDetails(w, entry.Owner);
            w.WriteEndObject();
        }
        w.WriteEndArray();
        w.WriteEndObject();
    }

    /// <summary>What Ollama says of one model: nothing here is a file.</summary>
    public static void OllamaShow(Utf8JsonWriter w, RouteModel route, DateTimeOffset now)
    {
        w.WriteStartObject();
        w.WriteString("modelfile"u8, ""u8);
        w.WriteString("parameters"u8, ""u8);
        w.WriteString("template"u8, ""u8);
        OllamaDetails(w, route.IsNamed ? "sluice" : route.Targets[0].Provider.Name);
        w.WriteStartObject("model_info"u8);
        w.WriteString("general.basename"u8, route.Name);
        w.WriteEndObject();
        w.WriteStartArray("capabilities"u8);
        w.WriteStringValue("completion"u8);
        w.WriteStringValue("tools"u8);
        w.WriteEndArray();
        w.WriteString("modified_at"u8, Time(now));
        w.WriteEndObject();
    }

    private static void OllamaDetails(Utf8JsonWriter w, string family)
    {
        w.WriteStartObject("details"u8);
        w.WriteString("parent_model"u8, ""u8);
        w.WriteString("format"u8, ""u8);
        w.WriteString("family"u8, family);
        w.WriteStartArray("families"u8);
        w.WriteStringValue(family);
        w.WriteEndArray();
        w.WriteString("parameter_size"u8, ""u8);
        w.WriteString("quantization_level"u8, ""u8);
        w.WriteEndObject();
    }

    private static string Time(DateTimeOffset now) => now.ToString("O", CultureInfo.InvariantCulture);
}
