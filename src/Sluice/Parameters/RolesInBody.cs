using System.Text;
using System.Text.Json;
using Sluice.Chat;
using Sluice.Formats.Json;

namespace Sluice.Parameters;

/// <summary>Replaces roles that a vendor refuses in a body of its own format: a few bytes a message, nothing else.</summary>
internal sealed class RolesInBody(IReadOnlyDictionary<string, string> roles)
{
    private readonly (byte[] From, byte[] To, bool IsLoss)[] _roles =
        [.. roles.Select(r => (Encoding.UTF8.GetBytes(r.Key), Encoding.UTF8.GetBytes($"\"{r.Value}\""), !(new Role(r.Key).IsInstruction && new Role(r.Value).IsInstruction)))];

    /// <summary>Adds the edits.</summary>
    public void Apply(JsonEdits edits, ReadOnlySpan<byte> member, ref LazyLosses losses)
    {
        if (!edits.Members.TryGet(member, out var messages)) return;
        var value = edits.Members.Value(messages);
        if (!Mentions(value)) return;
        var reader = new Utf8JsonReader(value, new JsonReaderOptions { MaxDepth = 1024 });
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartArray) return;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.StartObject)
            {
                reader.Skip();
                continue;
            }
            if (RoleOf(ref reader) is not { } found) continue;
            edits.Replace(messages.ValueStart + found.Start, messages.ValueStart + found.End, _roles[found.Role].To);
            if (_roles[found.Role].IsLoss) losses.Changed("messages[].role", $"the provider takes no role '{Encoding.UTF8.GetString(_roles[found.Role].From)}'");
        }
    }

    // Items of other types than messages have roles that are no speaker's.
    private (int Role, int Start, int End)? RoleOf(ref Utf8JsonReader reader)
    {
        (int, int, int)? found = null;
        bool isMessage = true;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            bool isRole = reader.ValueTextEquals("role"u8), isType = reader.ValueTextEquals("type"u8);
            reader.Read();
            if (isType && reader.TokenType == JsonTokenType.String) isMessage = reader.ValueTextEquals("message"u8);
            if (isRole && reader.TokenType == JsonTokenType.String && IndexOf(ref reader) is var role and >= 0) found = (role, (int)reader.TokenStartIndex, (int)reader.BytesConsumed);
            reader.Skip();
        }
        return isMessage ? found : null;
    }

    private int IndexOf(ref Utf8JsonReader reader)
    {
        for (int i = 0; i < _roles.Length; i++)
        {
            if (reader.ValueTextEquals(_roles[i].From)) return i;
        }
        return -1;
    }

    private bool Mentions(ReadOnlySpan<byte> value)
    {
        foreach (var (from, _, _) in _roles)
        {
            if (value.IndexOf(from) >= 0) return true;
        }
        return false;
    }
}
