using System.Buffers;
using System.Text;
using System.Text.Json;
using Sluice.Wire;

namespace Sluice.Formats.Json;

/// <summary>
/// Writes JSON that was made elsewhere without the line ends between its tokens: in a server-sent event or in NDJSON they would end the frame. Nothing is
/// parsed into text, so strings and numbers stay as they are spelled.
/// </summary>
internal static class OneLine
{
    /// <summary>Writes one valid JSON value.</summary>
    public static void WriteOneLine(this Utf8JsonWriter writer, ReadOnlySpan<byte> json)
    {
        if (json.IndexOfAny((byte)'\n', (byte)'\r') < 0)
        {
            writer.WriteRawValue(json, skipInputValidation: true);
            return;
        }
        byte[] rented = ArrayPool<byte>.Shared.Rent(json.Length);
        writer.WriteRawValue(rented.AsSpan(0, Strip(json, rented)), skipInputValidation: true);
        ArrayPool<byte>.Shared.Return(rented);
    }

    /// <summary>Writes a kept value.</summary>
    public static void WriteOneLine(this Utf8JsonWriter writer, RawJson json) => writer.WriteOneLine(json.Utf8.Span);

    /// <summary>Writes one valid JSON value given as text.</summary>
    public static void WriteOneLine(this Utf8JsonWriter writer, string json)
    {
        byte[] rented = ArrayPool<byte>.Shared.Rent(Encoding.UTF8.GetMaxByteCount(json.Length));
        writer.WriteOneLine(rented.AsSpan(0, Encoding.UTF8.GetBytes(json, rented)));
        ArrayPool<byte>.Shared.Return(rented);
    }

    private static int Strip(ReadOnlySpan<byte> json, Span<byte> target)
    {
        int length = 0;
        bool inString = false;
        for (int i = 0; i < json.Length; i++)
        {
            byte b = json[i];
            if (!inString && (b is (byte)' ' or (byte)'\t' or (byte)'\n' or (byte)'\r')) continue;
            target[length++] = b;
            if (b == '"') inString = !inString;
            else if (b == '\\' && inString && i + 1 < json.Length) target[length++] = json[++i];
        }
        return length;
    }
}
