using System.Globalization;
using System.Text.Json;

namespace Sluice.Storage.Sqlite.Journal;

/// <summary>Ledger entries as lines of JSON: a later version, and a person, can read what an earlier one left behind.</summary>
internal static class EntryJson
{
    /// <summary>Writes an entry, without the end of the line.</summary>
    public static void Write(Utf8JsonWriter json, LedgerEntry entry)
    {
        json.WriteStartObject();
        json.WriteString("id"u8, entry.Id);
        json.WriteNumber("started"u8, Times.Of(entry.StartedAt));
        json.WriteNumber("duration"u8, Times.Of(entry.Duration));
        if (entry.FirstContent is { } first) json.WriteNumber("first_content"u8, Times.Of(first));
        json.WriteString("format"u8, entry.Format);
        json.WriteNumber("status"u8, entry.Status);
        json.WriteString("outcome"u8, entry.Outcome);
        Text(json, "key_id"u8, entry.KeyId);
        Text(json, "key_name"u8, entry.KeyName);
        if (entry.Groups.Count > 0) json.WriteString("key_groups"u8, Names.Join(entry.Groups));
        Text(json, "route"u8, entry.Route);
        Text(json, "provider"u8, entry.Provider);
        Text(json, "model"u8, entry.Model);
        Text(json, "answered_model"u8, entry.AnsweredModel);
        if (entry.Streamed) json.WriteBoolean("streamed"u8, true);
        json.WriteString("attempts"u8, entry.Attempts);
        Number(json, "input_tokens"u8, entry.InputTokens);
        Number(json, "output_tokens"u8, entry.OutputTokens);
        Number(json, "cache_read_tokens"u8, entry.CacheReadTokens);
        Number(json, "cache_write_tokens"u8, entry.CacheWriteTokens);
        Number(json, "reasoning_tokens"u8, entry.ReasoningTokens);
        Number(json, "audio_tokens"u8, entry.AudioTokens);
        Text(json, "raw_usage"u8, entry.RawUsage);
        Text(json, "raw_usage_format"u8, entry.RawUsageFormat);
        if (entry.CostUsd is { } cost) json.WriteNumber("cost_usd"u8, cost);
        Text(json, "price"u8, entry.Price);
        if (entry.Estimated) json.WriteBoolean("estimated"u8, true);
        if (entry.Labels.Count > 0) Labels(json, entry.Labels);
        json.WriteEndObject();
    }

    /// <summary>The entry of a line; <see langword="null"/> for one that was not written to its end.</summary>
    public static LedgerEntry? Read(ReadOnlyMemory<byte> line)
    {
        try
        {
            using var document = JsonDocument.Parse(line);
            return Read(document.RootElement);
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            return null;
        }
    }

    private static LedgerEntry Read(JsonElement json) => new()
    {
        Id = json.GetProperty("id"u8).GetString()!,
        StartedAt = Times.Time(json.GetProperty("started"u8).GetInt64()),
        Duration = Times.Duration(json.GetProperty("duration"u8).GetInt64()),
        FirstContent = Number(json, "first_content") is { } first ? Times.Duration(first) : null,
        Format = json.GetProperty("format"u8).GetString()!,
        Status = json.GetProperty("status"u8).GetInt32(),
        Outcome = json.GetProperty("outcome"u8).GetString()!,
        KeyId = Text(json, "key_id"),
        KeyName = Text(json, "key_name"),
        Groups = Names.Split(Text(json, "key_groups") ?? ""),
        Route = Text(json, "route"),
        Provider = Text(json, "provider"),
        Model = Text(json, "model"),
        AnsweredModel = Text(json, "answered_model"),
        Streamed = json.TryGetProperty("streamed"u8, out _),
        Attempts = json.GetProperty("attempts"u8).GetString()!,
        InputTokens = Number(json, "input_tokens"),
        OutputTokens = Number(json, "output_tokens"),
        CacheReadTokens = Number(json, "cache_read_tokens"),
        CacheWriteTokens = Number(json, "cache_write_tokens"),
        ReasoningTokens = Number(json, "reasoning_tokens"),
        AudioTokens = Number(json, "audio_tokens"),
        RawUsage = Text(json, "raw_usage"),
        RawUsageFormat = Text(json, "raw_usage_format"),
        CostUsd = json.TryGetProperty("cost_usd"u8, out var cost) ? decimal.Parse(cost.GetRawText(), NumberStyles.Float, CultureInfo.InvariantCulture) : null,
        Price = Text(json, "price"),
        Estimated = json.TryGetProperty("estimated"u8, out _),
        Labels = json.TryGetProperty("labels"u8, out var labels) ? labels.EnumerateObject().ToDictionary(l => l.Name, l => l.Value.GetString()!, StringComparer.Ordinal) : new Dictionary<string, string>(),
    };

    private static void Labels(Utf8JsonWriter json, IReadOnlyDictionary<string, string> labels)
    {
        json.WriteStartObject("labels"u8);
        foreach (var (name, value) in labels) json.WriteString(name, value);
        json.WriteEndObject();
    }

    private static void Text(Utf8JsonWriter json, ReadOnlySpan<byte> name, string? value)
    {
        if (value is not null) json.WriteString(name, value);
    }

    private static void Number(Utf8JsonWriter json, ReadOnlySpan<byte> name, long? value)
    {
        if (value is { } number) json.WriteNumber(name, number);
    }

    private static string? Text(JsonElement json, string name) => json.TryGetProperty(name, out var value) ? value.GetString() : null;

    private static long? Number(JsonElement json, string name) => json.TryGetProperty(name, out var value) ? value.GetInt64() : null;
}
