namespace Sluice.Formats.Json;

/// <summary>Finds members in JSON bytes without parsing them. Quick and approximate: for watching answers, never for reading them.</summary>
internal static class JsonText
{
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
