using System.Text;
using Sluice.Transforms.Json;

namespace Sluice.Transforms.Texts;

/// <summary>Writes events of streams from pieces of others.</summary>
internal static class EventWriter
{
    public static ReadOnlyMemory<byte> Null { get; } = "null"u8.ToArray();

    public static ReadOnlyMemory<byte> EmptyArray { get; } = "[]"u8.ToArray();

    /// <summary>The members of an object but for some, as they are spelled, without braces.</summary>
    public static byte[] Members(JsonTree tree, int node, params ReadOnlySpan<string> without)
    {
        var members = new List<byte>();
        foreach (int member in tree.Children(node))
        {
            if (without.Contains(tree.Name(member))) continue;
            if (members.Count > 0) members.Add((byte)',');
            members.AddRange(tree.Json.Span[tree[member].From..tree[member].End]);
        }
        return [.. members];
    }

    /// <summary>An object of members.</summary>
    public static byte[] Object(byte[] members, string more) => [(byte)'{', .. members, .. members.Length > 0 ? ","u8 : default, .. Encoding.UTF8.GetBytes(more), (byte)'}'];
}
