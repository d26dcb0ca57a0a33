using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Sluice.Pricing;

namespace Sluice.Catalog.Importing;

/// <summary>One model of LiteLLM's price file as a record of our schema.</summary>
internal static class LiteLlmModel
{
    private static readonly Regex Above = new("_above_(?<thousands>[0-9]+)k_tokens$", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture);

    private static readonly (string Theirs, TokenKind Ours)[] Prices =
    [
        ("input_cost_per_token", TokenKind.Input),
        ("cache_read_input_token_cost", TokenKind.CacheRead),
        ("cache_creation_input_token_cost", TokenKind.CacheWrite),
        ("cache_creation_input_token_cost_above_1hr", TokenKind.CacheWrite1h),
        ("input_cost_per_audio_token", TokenKind.InputAudio),
        ("input_cost_per_image_token", TokenKind.InputImage),
        ("input_cost_per_video_token", TokenKind.InputVideo),
        ("cache_read_input_audio_token_cost", TokenKind.CacheReadAudio),
        ("output_cost_per_token", TokenKind.Output),
        ("output_cost_per_reasoning_token", TokenKind.Reasoning),
        ("citation_cost_per_token", TokenKind.Citation),
        ("output_cost_per_audio_token", TokenKind.OutputAudio),
        ("output_cost_per_image_token", TokenKind.OutputImage),
    ];

    private static readonly (string Theirs, string Ours)[] Capabilities =
    [
        ("supports_function_calling", "tools"),
        ("supports_parallel_function_calling", "parallel_tools"),
        ("supports_tool_choice", "tool_choice"),
        ("supports_vision", "vision"),
        ("supports_pdf_input", "documents"),
        ("supports_response_schema", "json_schema"),
        ("supports_reasoning", "reasoning"),
        ("supports_prompt_caching", "prompt_caching"),
        ("supports_system_messages", "system_message"),
        ("supports_assistant_prefill", "assistant_prefill"),
        ("supports_web_search", "web_search"),
        ("supports_computer_use", "computer_use"),
        ("supports_native_streaming", "streaming"),
    ];

    public static string Convert(string provider, string id, JsonElement json, List<string> notes)
    {
        using var buffer = new MemoryStream();
        using (var w = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            w.WriteStartObject();
            w.WriteString("id", id);
            w.WriteString("kind", Kind(LiteLlmPrices.Text(json, "mode")));
            if (LiteLlmPrices.Text(json, "deprecation_date") is { } retires && DateOnly.TryParse(retires, out var date)) w.WriteString("retires", date.ToString("yyyy-MM-dd"));
            WriteLimits(w, json);
            WriteCapabilities(w, json, true, "can");
            WriteCapabilities(w, json, false, "cannot");
            WriteModalities(w, json);
            WritePrices(w, json, provider, id);
            WriteTiers(w, json);
            w.WriteStartObject("sources");
            w.WriteStartArray("prices");
            w.WriteNumberValue(1);
            w.WriteEndArray();
            w.WriteEndObject();
            w.WriteEndObject();
        }
        foreach (var member in json.EnumerateObject())
        {
            if (IsPrice(member) && !IsTaken(member.Name)) notes.Add($"{id}: {member.Name} has no counterpart");
        }
        return Encoding.UTF8.GetString(buffer.ToArray());
    }

    private static bool IsPrice(JsonProperty member) =>
        (member.Name.Contains("cost", StringComparison.Ordinal) || member.Name.Contains("pric", StringComparison.Ordinal))
        && (member.Value.ValueKind is JsonValueKind.Array or JsonValueKind.Object || (decimal.TryParse(member.Value.ToString(), NumberStyles.Float, CultureInfo.InvariantCulture, out decimal price) && price != 0));

    private static bool IsTaken(string name)
    {
        if (name is "search_context_cost_per_query" or "file_search_cost_per_1k_calls" or "input_cost_per_query") return true;
        foreach (string ending in (ReadOnlySpan<string>)["_batches", "_flex", "_priority"])
        {
            if (name.EndsWith(ending, StringComparison.Ordinal)) return Array.Exists(Prices, p => p.Theirs + ending == name);
        }
        string plain = Above.Replace(name, "");
        return Array.Exists(Prices, p => p.Theirs == plain);
    }

    private static void WriteModalities(Utf8JsonWriter w, JsonElement json)
    {
        foreach (var (theirs, ours) in (ReadOnlySpan<(string, string)>)[("supported_modalities", "in"), ("supported_output_modalities", "out")])
        {
            if (!json.TryGetProperty(theirs, out var list) || list.ValueKind != JsonValueKind.Array) continue;
            w.WriteStartArray(ours);
            foreach (var item in list.EnumerateArray()) w.WriteStringValue(item.ToString());
            w.WriteEndArray();
        }
    }

    private static void WriteLimits(Utf8JsonWriter w, JsonElement json)
    {
        long? input = (long?)LiteLlmPrices.Number(json, "max_input_tokens"), output = (long?)LiteLlmPrices.Number(json, "max_output_tokens");
        // The older name is the output's for models that write, and nothing new for others.
        if (Kind(LiteLlmPrices.Text(json, "mode")) is "chat" or "completion") output ??= (long?)LiteLlmPrices.Number(json, "max_tokens");
        if (input is { } most) w.WriteNumber("context", most);
        if (output is { } limit) w.WriteNumber("max_output", limit);
        if ((long?)LiteLlmPrices.Number(json, "output_vector_size") is { } size) w.WriteNumber("dimensions", size);
    }

    private static void WriteCapabilities(Utf8JsonWriter w, JsonElement json, bool value, string name)
    {
        string[] known = [.. Capabilities.Where(c => json.TryGetProperty(c.Theirs, out var v) && v.ValueKind == (value ? JsonValueKind.True : JsonValueKind.False)).Select(c => c.Ours)];
        if (known.Length == 0) return;
        w.WriteStartArray(name);
        foreach (string capability in known) w.WriteStringValue(capability);
        w.WriteEndArray();
    }

    private static void WritePrices(Utf8JsonWriter w, JsonElement json, string provider, string id)
    {
        w.WriteStartArray("prices");
        if (Known(json, "").Any() || LiteLlmPrices.Number(json, "input_cost_per_query") is not null)
        {
            w.WriteStartObject();
            w.WriteStartObject("tokens");
            WriteTokens(w, json, "");
            w.WriteEndObject();
            WriteLong(w, json);
            WriteFees(w, json, provider, id);
            w.WriteEndObject();
        }
        w.WriteEndArray();
    }

    // A long prompt pays other prices for the whole call; a kind without one of its own keeps the usual one.
    private static void WriteLong(Utf8JsonWriter w, JsonElement json)
    {
        int[] steps = [.. json.EnumerateObject().Select(m => Above.Match(m.Name)).Where(m => m.Success).Select(m => int.Parse(m.Groups["thousands"].Value)).Distinct().Order()];
        if (steps.Length == 0) return;
        w.WriteStartArray("long");
        foreach (int thousands in steps)
        {
            w.WriteStartObject();
            w.WriteNumber("from_input", (thousands * 1000L) + 1);
            w.WriteStartObject("tokens");
            foreach (var (theirs, ours) in Prices)
            {
                if ((LiteLlmPrices.Number(json, $"{theirs}_above_{thousands}k_tokens") ?? LiteLlmPrices.Number(json, theirs)) is { } price) w.WriteString(ours.Name(), Money.Text(price * 1_000_000m));
            }
            w.WriteEndObject();
            w.WriteEndObject();
        }
        w.WriteEndArray();
    }

    private static void WriteFees(Utf8JsonWriter w, JsonElement json, string provider, string id)
    {
        var sizes = json.TryGetProperty("search_context_cost_per_query", out var sized) && sized.ValueKind == JsonValueKind.Object ? sized : default;
        decimal? file = LiteLlmPrices.Number(json, "file_search_cost_per_1k_calls");
        decimal? search = LiteLlmPrices.Number(json, "input_cost_per_query");
        if (sizes.ValueKind != JsonValueKind.Object && file is null && search is null) return;
        w.WriteStartObject("calls");
        if (sizes.ValueKind == JsonValueKind.Object)
        {
            // Perplexity asks it for every request, and Google before Gemini 3 once of a prompt that searched.
            w.WriteStartObject(provider == "perplexity" && !id.Contains("research", StringComparison.Ordinal) ? "request" : "web_search");
            bool isOnce = provider is "google" or "google-vertex" && (id.StartsWith("gemini-1", StringComparison.Ordinal) || id.StartsWith("gemini-2", StringComparison.Ordinal));
            foreach (string size in isOnce ? (string[])["medium"] : ["low", "medium", "high"])
            {
                if (LiteLlmPrices.Number(sizes, $"search_context_size_{size}") is { } fee) w.WriteString(isOnce ? "once" : size, Money.Text(fee * 1000m));
            }
            w.WriteEndObject();
        }
        if (search is { } query) w.WriteString("search", Money.Text(query * 1000m));
        if (file is { } perThousand) w.WriteString("file_search", Money.Text(perThousand));
        w.WriteEndObject();
    }

    private static void WriteTiers(Utf8JsonWriter w, JsonElement json)
    {
        (string Suffix, string Name)[] tiers = [("_batches", "batch"), ("_flex", "flex"), ("_priority", "priority")];
        tiers = [.. tiers.Where(t => Known(json, t.Suffix).Any())];
        if (tiers.Length == 0) return;
        w.WriteStartObject("tiers");
        foreach (var (suffix, name) in tiers)
        {
            w.WriteStartObject(name);
            w.WriteStartObject("tokens");
            WriteTokens(w, json, suffix);
            w.WriteEndObject();
            w.WriteEndObject();
        }
        w.WriteEndObject();
    }

    private static IEnumerable<(TokenKind Kind, decimal Price)> Known(JsonElement json, string suffix)
    {
        foreach (var (theirs, ours) in Prices)
        {
            if (LiteLlmPrices.Number(json, theirs + suffix) is { } price) yield return (ours, price);
        }
    }

    private static void WriteTokens(Utf8JsonWriter w, JsonElement json, string suffix)
    {
        foreach (var (kind, price) in Known(json, suffix)) w.WriteString(kind.Name(), Money.Text(price * 1_000_000m));
    }

    private static string Kind(string? mode) => mode switch
    {
        null or "chat" or "responses" => "chat",
        "audio_transcription" => "transcription",
        "audio_speech" => "speech",
        "image_generation" or "image_edit" => "image",
        "video_generation" => "video",
        _ => mode,
    };
}
