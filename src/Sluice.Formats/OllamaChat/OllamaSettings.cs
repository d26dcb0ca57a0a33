using System.Collections.Frozen;
using System.Text.Json;
using Sluice.Chat;
using Sluice.Formats.Json;
using Sluice.Formats.Shared;
using Sluice.Wire;

namespace Sluice.Formats.OllamaChat;

/// <summary>
/// The settings that <c>/api/chat</c> and <c>/api/generate</c> share: <c>stream</c> (on unless said otherwise), <c>format</c>, <c>think</c>, <c>logprobs</c>
/// and the sampling members of <c>options</c>. Source: Ollama's <c>api/types.go</c> and <c>docs/api.md</c>.
/// </summary>
internal static class OllamaSettings
{
    /// <summary>The dotted path under which unread members of <c>options</c> are kept.</summary>
    public const string OptionsPrefix = "options.";

    /// <summary>The request has no <c>stream</c>.</summary>
    public const string StreamDefault = "stream-default";

    private const string EmptyOptions = "options-empty";
    private const string SingleStop = "stop-single";
    private const string EmptyStop = "stop-empty";
    private const string EmptyFormat = "format-empty";

    private static FrozenSet<string> KnownOptions { get; } =
        ["num_predict", "temperature", "top_p", "top_k", "min_p", "seed", "stop", "presence_penalty", "frequency_penalty"];

    /// <summary>Reads them from the root of a request.</summary>
    public static ChatRequest Read(JsonElement root, ChatRequest request, NotesBuilder notes)
    {
        bool? stream = root.Boolean("stream"u8);
        notes.Spell(StreamDefault, stream is null);
        request = request with
        {
            Stream = stream ?? true,
            AnswerFormat = ReadFormat(root, notes),
            Reasoning = ReadThink(root),
            Logprobs = root.Boolean("logprobs"u8),
            TopLogprobs = root.Int32("top_logprobs"u8),
        };
        return root.Object("options"u8) is { } options ? ReadOptions(options, request, notes) : request;
    }

    /// <summary>Writes them. What has no place in Ollama is reported.</summary>
    public static void Write(Utf8JsonWriter writer, ChatRequest request, LossReport losses)
    {
        var id = WireFormatId.OllamaChat;
        if (!request.Notes.Has(id, StreamDefault)) writer.WriteBoolean("stream"u8, request.Stream);
        WriteFormat(writer, request, losses);
        if (request.Reasoning is { } reasoning) WriteThink(writer, reasoning, losses);
        if (request.Logprobs is { } logprobs) writer.WriteBoolean("logprobs"u8, logprobs);
        if (request.TopLogprobs is { } top) writer.WriteNumber("top_logprobs"u8, top);
        WriteOptions(writer, request);
    }

    private static ChatRequest ReadOptions(JsonElement options, ChatRequest request, NotesBuilder notes)
    {
        const string path = "options";
        notes.Spell(EmptyOptions, !options.EnumerateObject().MoveNext()).Keep(options, KnownOptions, OptionsPrefix);
        long? limit = options.Int64("num_predict"u8, path);
        if (limit <= 0)
        {
            // -1 stands for "no limit" and -2 for "until the context is full": no counts.
            notes.Keep("options.num_predict", options.Raw("num_predict"u8));
            limit = null;
        }
        return request with
        {
            MaxTokens = limit,
            Temperature = options.Double("temperature"u8, path),
            TopP = options.Double("top_p"u8, path),
            TopK = options.Int64("top_k"u8, path),
            MinP = options.Double("min_p"u8, path),
            Seed = options.Int64("seed"u8, path),
            PresencePenalty = options.Double("presence_penalty"u8, path),
            FrequencyPenalty = options.Double("frequency_penalty"u8, path),
            Stop = ReadStop(options, notes),
        };
    }

    private static string[] ReadStop(JsonElement options, NotesBuilder notes)
    {
        if (options.Get("stop"u8) is not { } stop) return [];
        if (stop.ValueKind == JsonValueKind.String)
        {
            notes.Spell(SingleStop);
            return [stop.GetString()!];
        }
        if (stop.ValueKind != JsonValueKind.Array || stop.EnumerateArray().Any(s => s.ValueKind != JsonValueKind.String))
        {
            throw new WireFormatException("options.stop", "must be a string or a list of strings");
        }
        notes.Spell(EmptyStop, stop.GetArrayLength() == 0);
        return [.. stop.EnumerateArray().Select(s => s.GetString()!)];
    }

    private static AnswerFormat? ReadFormat(JsonElement root, NotesBuilder notes)
    {
        if (root.Get("format"u8) is not { } format) return null;
        if (format.ValueKind == JsonValueKind.Object) return new AnswerFormat("json_schema") { Schema = RawJson.From(format) };
        switch (format.ValueKind == JsonValueKind.String ? format.GetString() : null)
        {
            case "json":
                return new AnswerFormat("json");
            case "":
                notes.Spell(EmptyFormat);
                return null;
            default:
                throw new WireFormatException("format", "must be \"json\" or a JSON Schema object");
        }
    }

    private static ReasoningOptions? ReadThink(JsonElement root) => root.Get("think"u8) switch
    {
        null => null,
        { ValueKind: JsonValueKind.True } => new ReasoningOptions { Enabled = true },
        { ValueKind: JsonValueKind.False } => new ReasoningOptions { Enabled = false },
        { ValueKind: JsonValueKind.String } level => new ReasoningOptions { Effort = level.GetString(), Notes = new WireNotes(WireFormatId.OllamaChat) },
        _ => throw new WireFormatException("think", "must be true, false or a level such as \"high\""),
    };

    private static void WriteFormat(Utf8JsonWriter writer, ChatRequest request, LossReport losses)
    {
        if (request.AnswerFormat is not { } format)
        {
            if (request.Notes.Has(WireFormatId.OllamaChat, EmptyFormat)) writer.WriteString("format"u8, "");
            return;
        }
        losses.Unknown(format.Notes, WireFormatId.OllamaChat, "response_format");
        if (format.Description is not null) losses.Dropped("response_format.description", "Ollama takes the schema alone");
        if (format.Type == "json_schema" && !format.Schema.IsAbsent)
        {
            writer.WritePropertyName("format"u8);
            format.Schema.WriteTo(writer);
        }
        else if (format.Type != "text")
        {
            writer.WriteString("format"u8, "json");
        }
    }

    // Models without levels take any level as "on".
    private static void WriteThink(Utf8JsonWriter writer, ReasoningOptions reasoning, LossReport losses)
    {
        losses.Unknown(reasoning.Notes, WireFormatId.OllamaChat, "reasoning");
        if (reasoning.Summary is not (null or "auto")) losses.Dropped("reasoning.summary", "Ollama gives the thinking itself, not a summary");
        if (reasoning.Wanted is not { } wanted) return;
        if (!wanted)
        {
            if (reasoning is { Enabled: null, Effort: not null, Notes.Format: var format } && format == WireFormatId.OllamaChat) writer.WriteString("think"u8, reasoning.Effort);
            else writer.WriteBoolean("think"u8, false);
            return;
        }
        if (reasoning.BudgetTokens is not null) losses.Changed("reasoning.budget_tokens", "Ollama has levels in place of a budget of tokens");
        string? effort = reasoning.Effort ?? (reasoning.BudgetTokens is { } budget ? ReasoningScale.Effort(budget) : null);
        if (effort is null) writer.WriteBoolean("think"u8, true);
        else writer.WriteString("think"u8, reasoning.Notes?.Format == WireFormatId.OllamaChat ? effort : Level(effort, losses));
    }

    private static string Level(string effort, LossReport losses)
    {
        string level = effort switch
        {
            "minimal" or "low" => "low",
            "high" or "xhigh" or "max" => "high",
            _ => "medium",
        };
        if (level != effort) losses.Changed("reasoning.effort", $"Ollama knows low, medium and high; '{level}' is asked for");
        return level;
    }

    private static void WriteOptions(Utf8JsonWriter writer, ChatRequest r)
    {
        var id = WireFormatId.OllamaChat;
        bool any = r.MaxTokens is not null || r.Temperature is not null || r.TopP is not null || r.TopK is not null || r.MinP is not null || r.Seed is not null
            || r.PresencePenalty is not null || r.FrequencyPenalty is not null || r.Stop.Count > 0;
        if (!any && !r.Notes.Has(id, EmptyOptions) && !r.Notes.Has(id, EmptyStop) && !r.Notes.HasFieldsUnder(id, OptionsPrefix)) return;
        writer.WriteStartObject("options"u8);
        if (r.MaxTokens is { } limit) writer.WriteNumber("num_predict"u8, limit);
        Number(writer, "temperature"u8, r.Temperature);
        Number(writer, "top_p"u8, r.TopP);
        if (r.TopK is { } k) writer.WriteNumber("top_k"u8, k);
        Number(writer, "min_p"u8, r.MinP);
        if (r.Seed is { } seed) writer.WriteNumber("seed"u8, seed);
        Number(writer, "presence_penalty"u8, r.PresencePenalty);
        Number(writer, "frequency_penalty"u8, r.FrequencyPenalty);
        if (r.Stop.Count == 1 && r.Notes.Has(id, SingleStop))
        {
            writer.WriteString("stop"u8, r.Stop[0]);
        }
        else if (r.Stop.Count > 0 || r.Notes.Has(id, EmptyStop))
        {
            writer.WriteStartArray("stop"u8);
            foreach (string stop in r.Stop) writer.WriteStringValue(stop);
            writer.WriteEndArray();
        }
        writer.WriteKeptUnder(r.Notes, id, OptionsPrefix);
        writer.WriteEndObject();
    }

    private static void Number(Utf8JsonWriter writer, ReadOnlySpan<byte> name, double? value)
    {
        if (value is { } number) writer.WriteNumber(name, number);
    }
}
