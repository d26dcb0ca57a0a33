using System.Text.Json;
using Sluice.Errors;
using Sluice.Wire;

namespace Sluice.Formats.AnthropicMessages;

/// <summary>What Anthropic keeps between calls: the container of the code execution tool, named by <c>container</c> (an id, or an object that holds it).</summary>
internal static class AnthropicState
{
    public static IReadOnlyList<StateReference> Named(JsonMembers request)
    {
        List<StateReference>? found = null;
        for (int i = 0; i < request.Count; i++)
        {
            if (!request.IsNamed(i, "container"u8)) continue;
            using var document = JsonDocument.Parse(request.Body.Slice(request[i].ValueStart, request[i].ValueLength));
            var value = document.RootElement;
            if (value.ValueKind == JsonValueKind.Object)
            {
                foreach (var member in value.EnumerateObject())
                {
                    if (member.NameEquals("id"u8)) Add(member.Value, ref found);
                }
            }
            else
            {
                Add(value, ref found);
            }
        }
        return found ?? (IReadOnlyList<StateReference>)[];
    }

    public static bool IsMade(JsonMembers request) => request.TryGet("container"u8, out _) || (request.TryGet("tools"u8, out var tools) && request.Value(tools).IndexOf("code_execution"u8) >= 0);

    /// <summary>The container of a whole answer, of <c>message_start</c> or of <c>message_delta</c>.</summary>
    public static IReadOnlyList<string> Made(ReadOnlyMemory<byte> data)
    {
        if (data.Span.IndexOf("\"container\""u8) < 0) return [];
        try
        {
            using var document = JsonDocument.Parse(data);
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object) return [];
            var holder = root.TryGetProperty("message"u8, out var message) ? message : root.TryGetProperty("delta"u8, out var delta) ? delta : root;
            return holder.ValueKind == JsonValueKind.Object && holder.TryGetProperty("container"u8, out var container) && container.ValueKind == JsonValueKind.Object
                && container.TryGetProperty("id"u8, out var id) && id.ValueKind == JsonValueKind.String && id.GetString() is { Length: > 0 } text ? [text] : [];
        }
        catch (JsonException)
        {
            return [];
        }
    }

    public static GatewayError NotFound(StateReference reference) => new(ErrorKind.NotFound, $"Container '{reference.Id}' not found.") { Status = 404, Type = "not_found_error", Param = reference.Param };

    private static void Add(JsonElement id, ref List<StateReference>? found)
    {
        if (id.ValueKind == JsonValueKind.String && id.GetString() is { Length: > 0 } text) (found ??= []).Add(new StateReference(StateKind.Container, text, "container"));
    }
}
