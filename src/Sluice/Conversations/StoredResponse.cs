using System.Buffers;
using System.Text.Json;
using Sluice.Formats.Json;
using Sluice.Wire;

namespace Sluice.Conversations;

/// <summary>One turn that the gateway keeps for a client of the Responses API.</summary>
public sealed class StoredResponse
{
    private readonly IReadOnlyList<RawJson> _input;

    internal StoredResponse(string id, string? previousId, IReadOnlyList<RawJson> input, ReadOnlyMemory<byte> json) => (Id, PreviousId, _input, Json) = (id, previousId, input, json);

    /// <summary>The response's id.</summary>
    public string Id { get; }

    /// <summary>The <c>response</c> object as the client got it: what <c>GET /v1/responses/{id}</c> answers.</summary>
    public ReadOnlyMemory<byte> Json { get; }

    /// <summary>The response that this one continued; <see langword="null"/> for the first turn.</summary>
    internal string? PreviousId { get; }

    /// <summary>The client deleted it, and a later turn still builds on it.</summary>
    internal bool IsHidden { get; set; }

    /// <summary>A later turn builds on it.</summary>
    internal bool HasNext { get; set; }

    /// <summary>What it takes in memory, nearly.</summary>
    internal long Bytes => Json.Length + _input.Sum(i => (long)i.Utf8.Length) + 256;

    /// <summary>Writes the answer of <c>GET /v1/responses/{id}/input_items</c>: the items that this turn brought, each with an id.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="limit">Most items; OpenAI takes 1 to 100.</param>
    /// <param name="ascending">In the order of the conversation; OpenAI's default is the reverse.</param>
    /// <param name="after">The id of the item after which to begin; <see langword="null"/> for the first.</param>
    public void WriteInputItems(IBufferWriter<byte> output, int limit = 20, bool ascending = false, string? after = null)
    {
        var items = _input.Select((item, index) => (Item: item.ToElement(), Index: index)).Select(i => (i.Item, Id: IdOf(i.Item, i.Index))).ToList();
        if (!ascending) items.Reverse();
        int start = after is null ? 0 : items.FindIndex(i => i.Id == after) + 1;
        var page = items.Skip(start).Take(limit).ToList();
        JsonOutput.Write(output, (page, hasMore: start + page.Count < items.Count), static (json, s) =>
        {
            json.WriteStartObject();
            json.WriteString("object"u8, "list"u8);
            json.WriteStartArray("data"u8);
            foreach (var (item, id) in s.page) WriteItem(json, item, id);
            json.WriteEndArray();
            json.WriteString("first_id"u8, s.page.Count > 0 ? s.page[0].Id : "");
            json.WriteString("last_id"u8, s.page.Count > 0 ? s.page[^1].Id : "");
            json.WriteBoolean("has_more"u8, s.hasMore);
            json.WriteEndObject();
        });
    }

    /// <summary>The items of this turn as a later request would bring them: what the client sent, then what it was answered.</summary>
    internal IEnumerable<RawJson> Items => _input.Concat(OutputItems());

    /// <summary>The items of the answer.</summary>
    internal IEnumerable<RawJson> OutputItems()
    {
        using var document = JsonDocument.Parse(Json);
        return [.. document.RootElement.GetProperty("output"u8).EnumerateArray().Select(RawJson.From)];
    }

    // An item that came without an id gets one that stays the same as long as the turn is kept.
    private string IdOf(JsonElement item, int index)
    {
        if (item.TryGetProperty("id"u8, out var id) && id.ValueKind == JsonValueKind.String) return id.GetString()!;
        string type = item.TryGetProperty("type"u8, out var t) && t.ValueKind == JsonValueKind.String ? t.GetString()! : "message";
        string prefix = type switch { "message" => "msg", "reasoning" => "rs", "function_call" => "fc", "function_call_output" => "fco", "custom_tool_call" => "ctc", _ => "item" };
        return $"{prefix}_{Id[(Id.IndexOf('_') + 1)..]}_{index}";
    }

    // Listed items are complete: they have a type, an id, and content as a list.
    private static void WriteItem(Utf8JsonWriter json, JsonElement item, string id)
    {
        json.WriteStartObject();
        bool isMessage = !item.TryGetProperty("type"u8, out var type) || type.ValueEquals("message"u8);
        if (isMessage) json.WriteString("type"u8, "message"u8);
        json.WriteString("id"u8, id);
        if (isMessage && !item.TryGetProperty("status"u8, out _)) json.WriteString("status"u8, "completed"u8);
        foreach (var member in item.EnumerateObject())
        {
            if (member.NameEquals("id"u8) || (isMessage && member.NameEquals("type"u8))) continue;
            if (isMessage && member.NameEquals("content"u8) && member.Value.ValueKind == JsonValueKind.String)
            {
                bool assistant = item.TryGetProperty("role"u8, out var role) && role.ValueEquals("assistant"u8);
                json.WriteStartArray("content"u8);
                json.WriteStartObject();
                json.WriteString("type"u8, assistant ? "output_text"u8 : "input_text"u8);
                json.WriteString("text"u8, member.Value.GetString());
                if (assistant)
                {
                    json.WriteStartArray("annotations"u8);
                    json.WriteEndArray();
                    json.WriteStartArray("logprobs"u8);
                    json.WriteEndArray();
                }
                json.WriteEndObject();
                json.WriteEndArray();
                continue;
            }
            member.WriteTo(json);
        }
        json.WriteEndObject();
    }
}
