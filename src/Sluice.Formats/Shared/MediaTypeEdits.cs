using System.Text.Json;
using Sluice.Chat;
using Sluice.Formats.Json;
using Sluice.Wire;

namespace Sluice.Formats.Shared;

/// <summary>Gives media in a body that passes through their right types, by edits of the bytes.</summary>
public static class MediaTypeEdits
{
    /// <summary>Collects the edits. A body without an alias is looked through for the members' names and not parsed.</summary>
    public static void Collect(JsonMembers members, JsonEdits edits, MediaTypePlaces places)
    {
        ArgumentNullException.ThrowIfNull(members);
        ArgumentNullException.ThrowIfNull(edits);
        ArgumentNullException.ThrowIfNull(places);
        foreach (string name in places.Members)
        {
            if (!HoldsAlias(members.Body.Span, name)) continue;
            Walk(members.Body.Span, edits, places);
            return;
        }
    }

    private static bool HoldsAlias(ReadOnlySpan<byte> body, string name)
    {
        Span<byte> quoted = stackalloc byte[64];
        int length = System.Text.Encoding.ASCII.GetBytes($"\"{name}\"", quoted);
        quoted = quoted[..length];
        while (body.IndexOf(quoted) is >= 0 and var at)
        {
            body = body[(at + length)..];
            var rest = body.TrimStart(" \t\r\n"u8);
            if (rest.IsEmpty || rest[0] != (byte)':') continue;
            rest = rest[1..].TrimStart(" \t\r\n"u8);
            if (rest.IsEmpty || rest[0] != (byte)'"') continue;
            int end = rest[1..].IndexOf((byte)'"');
            if (end < 0) return false;
            var value = rest.Slice(1, end);
            // An escape in a type is rare (PHP writes image\/jpeg) and read by the walk.
            if (value.Contains((byte)'\\') || IsAlias(System.Text.Encoding.UTF8.GetString(value))) return true;
        }
        return false;
    }

    private static void Walk(ReadOnlySpan<byte> body, JsonEdits edits, MediaTypePlaces places)
    {
        var reader = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = 1024 });
        int inside = -1;
        while (reader.Read())
        {
            if (reader.TokenType == JsonTokenType.EndObject && reader.CurrentDepth < inside) inside = -1;
            if (reader.TokenType != JsonTokenType.PropertyName) continue;
            string name = reader.GetString()!;
            if (places.Foreign.Contains(name))
            {
                reader.Skip();
            }
            else if (places.Objects.Contains(name))
            {
                inside = reader.CurrentDepth + 1;
            }
            else if (reader.CurrentDepth == inside && places.Members.Contains(name) && reader.Read() && reader.TokenType == JsonTokenType.String && reader.GetString() is { } type && IsAlias(type))
            {
                edits.Replace((int)reader.TokenStartIndex, (int)reader.BytesConsumed, JsonOutput.QuotedString(MediaTypes.Canonical(type)!));
            }
        }
    }

    private static bool IsAlias(string type) => MediaTypes.Canonical(type) != type;
}
