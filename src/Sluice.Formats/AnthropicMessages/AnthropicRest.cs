using System.Collections.Frozen;
using System.Text.Json;
using Sluice.Formats.Json;
using Sluice.Wire;

namespace Sluice.Formats.AnthropicMessages;

/// <summary>Keeps what the chat model has no word for in objects inside others (<c>source</c>, <c>metadata</c>, <c>cache_control</c>), as one object.</summary>
internal static class AnthropicRest
{
    /// <summary>The members of a nested object that <paramref name="known"/> does not hold, and its nulls; absent where it has none. An empty object stays.</summary>
    public static RawJson Rest(this JsonElement? nested, FrozenSet<string> known)
    {
        if (nested is not { ValueKind: JsonValueKind.Object } value) return default;
        bool any = false, unknown = false;
        foreach (var member in value.EnumerateObject())
        {
            any = true;
            unknown |= IsUnknown(member, known);
        }
        return any && !unknown ? default : JsonOutput.ToRaw((value, known), static (writer, state) =>
        {
            writer.WriteStartObject();
            foreach (var member in state.value.EnumerateObject())
            {
                if (IsUnknown(member, state.known)) member.WriteTo(writer);
            }
            writer.WriteEndObject();
        });
    }

    /// <summary>Writes the members that <see cref="Rest"/> kept.</summary>
    public static void WriteMembers(this Utf8JsonWriter writer, RawJson rest)
    {
        if (rest.IsAbsent || rest.IsNull) return;
        using var document = JsonDocument.Parse(rest.Utf8, Decoding.Pieces);
        foreach (var member in document.RootElement.EnumerateObject()) member.WriteTo(writer);
    }

    private static bool IsUnknown(JsonProperty member, FrozenSet<string> known) => member.Value.ValueKind == JsonValueKind.Null || !known.Contains(member.Name);
}
