using System.Text.Json;
using Sluice.Chat;
using Sluice.Errors;
using Sluice.Formats.Json;
using Sluice.Wire;

namespace Sluice.Conversations;

/// <summary>The input items of stored turns: out of a request, and read again by the codec that read them first.</summary>
internal static class StoredItems
{
    /// <summary>What a request brought, with references replaced by what they name: the turn must stay whole when the other one is forgotten.</summary>
    /// <param name="request">The body.</param>
    /// <param name="find">Finds an item by its id; absent where it is not there.</param>
    public static List<RawJson> OfRequest(JsonElement request, Func<string, RawJson> find)
    {
        if (!request.TryGetProperty("input"u8, out var input)) return [];
        if (input.ValueKind == JsonValueKind.String)
        {
            return [JsonOutput.ToRaw(input, static (json, text) =>
            {
                json.WriteStartObject();
                json.WriteString("type"u8, "message"u8);
                json.WriteString("role"u8, "user"u8);
                json.WritePropertyName("content"u8);
                text.WriteTo(json);
                json.WriteEndObject();
            })];
        }
        if (input.ValueKind != JsonValueKind.Array) return [];
        var items = new List<RawJson>(input.GetArrayLength());
        foreach (var item in input.EnumerateArray())
        {
            bool reference = item.ValueKind == JsonValueKind.Object && item.TryGetProperty("type"u8, out var type) && type.ValueKind == JsonValueKind.String && type.ValueEquals("item_reference"u8);
            var found = reference && item.TryGetProperty("id"u8, out var id) && id.ValueKind == JsonValueKind.String ? find(id.GetString()!) : default;
            items.Add(found.IsAbsent ? RawJson.From(item) : found);
        }
        return items;
    }

    /// <summary>The messages that a list of items says.</summary>
    public static Outcome<ChatRequest> Read(IReadOnlyList<RawJson> items)
    {
        var body = JsonOutput.ToRaw(items, static (json, list) =>
        {
            json.WriteStartObject();
            json.WriteString("model"u8, "stored"u8);
            json.WriteStartArray("input"u8);
            foreach (var item in list) item.WriteTo(json);
            json.WriteEndArray();
            json.WriteEndObject();
        });
        var format = Formats.WireFormats.Find<IChatServerFormat>(WireFormatId.OpenAIResponses) ?? throw new InvalidOperationException("the codec of the Responses API is missing");
        return format.DecodeRequest(new WireRequest { Body = body.Utf8 });
    }
}
