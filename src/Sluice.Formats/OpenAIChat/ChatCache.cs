using System.Text.Json;
using Sluice.Chat;
using Sluice.Formats.Json;
using Sluice.Wire;

namespace Sluice.Formats.OpenAIChat;

/// <summary>Prompt-cache markers: <c>cache_control</c> on content parts and tools, as OpenRouter and other fronts of Anthropic's models take them.</summary>
internal static class ChatCache
{
    /// <summary>Reads the marker of an object.</summary>
    public static CacheMarker? Read(JsonElement item, NotesBuilder notes)
    {
        if (item.Get("cache_control"u8) is not { } value) return null;
        if (value.ValueKind != JsonValueKind.Object || value.Text("type"u8) != "ephemeral")
        {
            notes.Keep("cache_control", RawJson.From(value));
            return null;
        }
        notes.Sort(value, ChatMembers.CacheControl, "cache_control.");
        return new CacheMarker(value.Text("ttl"u8));
    }

    /// <summary>Writes the marker of an object.</summary>
    public static void Write(CacheMarker? cache, MemberWriter members)
    {
        if (cache is null)
        {
            members.Silent("cache_control");
            return;
        }
        var nested = members.Nested("cache_control");
        nested.Output.WriteStartObject("cache_control");
        nested.Output.WriteString("type", "ephemeral");
        nested.Text("ttl", cache.Ttl);
        nested.Rest();
        nested.Output.WriteEndObject();
    }
}
