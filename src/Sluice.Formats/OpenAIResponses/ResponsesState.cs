using System.Text.Json;
using Sluice.Errors;
using Sluice.Wire;

namespace Sluice.Formats.OpenAIResponses;

/// <summary>
/// What OpenAI keeps of Responses: <c>previous_response_id</c>, <c>conversation</c>, <c>item_reference</c> (whose type may be left out), reasoning items that
/// hold no content of their own, and containers of the code interpreter, which also earlier calls in the input lead to.
/// </summary>
internal static class ResponsesState
{
    private const int MaxDepth = 128;

    public static IReadOnlyList<StateReference> Named(JsonMembers request)
    {
        List<StateReference>? found = null;
        // A name that stands twice is read twice: which one a server takes is not known.
        for (int i = 0; i < request.Count; i++)
        {
            if (request.IsNamed(i, "previous_response_id"u8)) Id(request.Value(request[i]), StateKind.Response, "previous_response_id", ref found);
            else if (request.IsNamed(i, "conversation"u8)) Id(request.Value(request[i]), StateKind.Conversation, "conversation", ref found);
            else if (request.IsNamed(i, "input"u8)) Items(request.Value(request[i]), ref found);
            else if (request.IsNamed(i, "tools"u8)) Containers(request.Value(request[i]), ref found);
        }
        return found ?? (IReadOnlyList<StateReference>)[];
    }

    public static IReadOnlyList<string> Made(ReadOnlyMemory<byte> data, bool isLast)
    {
        var ids = new List<string>();
        try
        {
            using var document = JsonDocument.Parse(data);
            var response = document.RootElement;
            if (response.ValueKind == JsonValueKind.Object && response.TryGetProperty("response"u8, out var inner)) response = inner;
            if (response.ValueKind != JsonValueKind.Object) return ids;
            Add(response, "id"u8, ids);
            if (response.TryGetProperty("conversation"u8, out var conversation)) Add(conversation, "id"u8, ids);
            if (!isLast || !response.TryGetProperty("output"u8, out var output) || output.ValueKind != JsonValueKind.Array) return ids;
            foreach (var item in output.EnumerateArray())
            {
                Add(item, "id"u8, ids);
                Add(item, "container_id"u8, ids);
            }
        }
        catch (JsonException)
        {
            // No answer, so nothing was made that anyone could name.
        }
        return ids;
    }

    public static GatewayError NotFound(StateReference reference) => new(ErrorKind.NotFound, reference.Kind switch
    {
        StateKind.Response => $"Previous response with id '{reference.Id}' not found.",
        StateKind.Conversation => $"Conversation with id '{reference.Id}' not found.",
        StateKind.Container => $"Container with id '{reference.Id}' not found.",
        _ => $"Item with id '{reference.Id}' not found. Items are not persisted when `store` is set to false. Try again with `store` set to true, or remove this item from your input.",
    })
    {
        Status = 404,
        Type = "invalid_request_error",
        Param = reference.Param,
        Code = reference.Kind == StateKind.Response ? "previous_response_not_found" : null,
    };

    private static void Add(JsonElement holder, ReadOnlySpan<byte> name, List<string> ids)
    {
        if (holder.ValueKind == JsonValueKind.Object && holder.TryGetProperty(name, out var id) && id.ValueKind == JsonValueKind.String && id.GetString() is { Length: > 0 } text) ids.Add(text);
    }

    // "conv_1" or {"id":"conv_1"}.
    private static void Id(ReadOnlySpan<byte> value, StateKind kind, string param, ref List<StateReference>? found)
    {
        var reader = new Utf8JsonReader(value, new JsonReaderOptions { MaxDepth = MaxDepth });
        bool isNext = true;
        while (reader.Read())
        {
            if (reader.TokenType == JsonTokenType.PropertyName) isNext = reader.CurrentDepth == 1 && reader.ValueTextEquals("id"u8);
            else if (reader.TokenType == JsonTokenType.String && isNext && Text(ref reader) is { Length: > 0 } id) (found ??= []).Add(new StateReference(kind, id, param));
        }
    }

    private static void Items(ReadOnlySpan<byte> input, ref List<StateReference>? found)
    {
        // Most inputs name nothing, and are not read twice for it.
        if (input[0] != (byte)'[' || (input.IndexOf("id\""u8) < 0 && input.IndexOf("\\u"u8) < 0)) return;
        var reader = new Utf8JsonReader(input, new JsonReaderOptions { MaxDepth = MaxDepth });
        reader.Read();
        for (int index = 0; reader.Read() && reader.TokenType != JsonTokenType.EndArray; index++)
        {
            if (reader.TokenType == JsonTokenType.StartObject) Item(ref reader, index, ref found);
        }
    }

    private static void Item(ref Utf8JsonReader reader, int index, ref List<StateReference>? found)
    {
        var (isReference, isReasoning, hasKind, hasPayload) = (false, false, false, false);
        List<(string Id, bool IsContainer)>? ids = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            bool isType = reader.ValueTextEquals("type"u8), isId = reader.ValueTextEquals("id"u8), isContainer = reader.ValueTextEquals("container_id"u8), isPayload = reader.ValueTextEquals("encrypted_content"u8);
            hasKind |= reader.ValueTextEquals("role"u8) || reader.ValueTextEquals("content"u8);
            reader.Read();
            bool isText = reader.TokenType == JsonTokenType.String;
            if (isType && isText)
            {
                hasKind = true;
                isReference |= reader.ValueTextEquals("item_reference"u8);
                isReasoning |= reader.ValueTextEquals("reasoning"u8);
            }
            else if ((isId || isContainer) && isText && Text(ref reader) is { Length: > 0 } id)
            {
                (ids ??= []).Add((id, isContainer));
            }
            hasPayload |= isPayload && isText;
            reader.Skip();
        }
        foreach (var (id, isContainer) in ids ?? [])
        {
            if (isContainer) (found ??= []).Add(new StateReference(StateKind.Container, id, $"input[{index}].container_id") { IsCopy = true });
            else if (isReference || !hasKind) (found ??= []).Add(new StateReference(StateKind.Item, id, $"input[{index}].id"));
            else if (isReasoning && !hasPayload) (found ??= []).Add(new StateReference(StateKind.Item, id, $"input[{index}].id") { IsCopy = true });
        }
    }

    private static void Containers(ReadOnlySpan<byte> tools, ref List<StateReference>? found)
    {
        if (tools.IndexOf("cntr_"u8) < 0 && tools.IndexOf("\\u"u8) < 0) return;
        var reader = new Utf8JsonReader(tools, new JsonReaderOptions { MaxDepth = MaxDepth });
        bool isNext = false;
        while (reader.Read())
        {
            if (reader.TokenType == JsonTokenType.String && isNext && Text(ref reader) is { } id && id.StartsWith("cntr_", StringComparison.Ordinal)) (found ??= []).Add(new StateReference(StateKind.Container, id, "tools"));
            isNext = reader.TokenType == JsonTokenType.PropertyName && (reader.ValueTextEquals("container"u8) || reader.ValueTextEquals("container_id"u8));
        }
    }

    private static string? Text(ref Utf8JsonReader reader)
    {
        try
        {
            return reader.GetString();
        }
        catch (InvalidOperationException)
        {
            // An escaped half of a surrogate pair is no id.
            return null;
        }
    }
}
