using System.Text.Json;
using Sluice.Wire;

namespace Sluice.Formats.Json;

/// <summary>Finds members in JSON bytes without parsing them. Quick and approximate: for watching answers, never for reading them.</summary>
internal static class JsonText
{
    private const int MostOfMark = 16;
    private static readonly JsonReaderOptions s_anyDepth = new() { MaxDepth = 4096 };

    /// <summary>Whether this is one whole JSON document. One pass, and nothing is made of it.</summary>
    public static bool IsSound(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json, s_anyDepth);
        try
        {
            while (reader.Read())
            {
            }
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// <summary>What an event of a stream was, where nothing has parsed it: <paramref name="signal"/> if it is JSON. Blank ones keep a connection alive, <c>[DONE]</c> ends some streams.</summary>
    public static AnswerSignal Judge(ReadOnlySpan<byte> data, AnswerSignal signal)
    {
        if (data.Length <= MostOfMark && data.Trim(" \t\r\n"u8) is var told && (told.IsEmpty || told.SequenceEqual("[DONE]"u8))) return AnswerSignal.None;
        return IsSound(data) ? signal : AnswerSignal.Malformed;
    }

    /// <summary>
    /// What a piece of a stream was that passes by in great number: <paramref name="signal"/> if it looks like a whole object. It is not read for that: what is wrong inside of it is
    /// the provider's word, and reaches the client as it came.
    /// </summary>
    public static AnswerSignal Glance(ReadOnlySpan<byte> data, AnswerSignal signal) => data is [(byte)'{', .., (byte)'}'] ? signal : Judge(data, signal);

    /// <summary>The raw text of the first string member of this name that is not empty; empty where there is none.</summary>
    public static ReadOnlySpan<byte> Find(ReadOnlySpan<byte> json, ReadOnlySpan<byte> quotedName)
    {
        while (TryValue(json, quotedName, out int start))
        {
            json = json[start..];
            int length = StringLength(json);
            if (length > 0) return json.Slice(1, length);
        }
        return default;
    }

    /// <summary>The bytes of text in all string members of this name.</summary>
    public static int Count(ReadOnlySpan<byte> json, ReadOnlySpan<byte> quotedName)
    {
        int total = 0;
        while (TryValue(json, quotedName, out int start))
        {
            json = json[start..];
            int length = Math.Max(0, StringLength(json));
            total += length;
            json = json[length..];
        }
        return total;
    }

    /// <summary>True when a member of this name has a value other than <c>null</c> and an empty list or object.</summary>
    public static bool HasValue(ReadOnlySpan<byte> json, ReadOnlySpan<byte> quotedName)
    {
        while (TryValue(json, quotedName, out int start))
        {
            json = json[start..];
            if (!json.StartsWith("null"u8) && !json.StartsWith("[]"u8) && !json.StartsWith("{}"u8)) return true;
        }
        return false;
    }

    // A name inside a string has a backslash before its quote.
    private static bool TryValue(ReadOnlySpan<byte> json, ReadOnlySpan<byte> quotedName, out int start)
    {
        int from = 0;
        while (true)
        {
            int at = json[from..].IndexOf(quotedName);
            if (at < 0)
            {
                start = 0;
                return false;
            }
            int before = from + at;
            int next = before + quotedName.Length;
            while (next < json.Length && json[next] is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n') next++;
            if ((before == 0 || json[before - 1] != '\\') && next < json.Length && json[next] == ':')
            {
                next++;
                while (next < json.Length && json[next] is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n') next++;
                start = next;
                return next < json.Length;
            }
            from = next;
        }
    }

    private static int StringLength(ReadOnlySpan<byte> value)
    {
        if (value.IsEmpty || value[0] != '"') return -1;
        int at = 1;
        while (at < value.Length)
        {
            int step = value[at..].IndexOfAny((byte)'"', (byte)'\\');
            if (step < 0) return value.Length - 1;
            at += step;
            if (value[at] == '"') return at - 1;
            at += 2;
        }
        return value.Length - 1;
    }
}
