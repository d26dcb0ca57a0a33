using System.Text.Json;
using Sluice.Formats.Json;

namespace Sluice.Parameters;

/// <summary>An empty list of tools, and a choice among none: they say nothing, and some vendors answer them with an error.</summary>
internal static class EmptyTools
{
    /// <summary>Adds the edits.</summary>
    public static void Remove(JsonEdits edits)
    {
        bool declared = edits.Members.TryGet("tools"u8, out var tools);
        if (declared && !IsEmpty(edits.Members.Value(tools))) return;
        if (declared) edits.Remove("tools"u8);
        // Older members of Chat Completions are tools too.
        if (edits.Members.TryGet("functions"u8, out _)) return;
        if (edits.Members.TryGet("tool_choice"u8, out _)) edits.Remove("tool_choice"u8);
        if (edits.Members.TryGet("parallel_tool_calls"u8, out _)) edits.Remove("parallel_tool_calls"u8);
    }

    private static bool IsEmpty(ReadOnlySpan<byte> value)
    {
        if (value[0] == (byte)'n') return true;
        if (value[0] != (byte)'[') return false;
        var reader = new Utf8JsonReader(value);
        reader.Read();
        reader.Read();
        return reader.TokenType == JsonTokenType.EndArray;
    }
}
