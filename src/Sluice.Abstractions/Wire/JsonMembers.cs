using System.Text;
using System.Text.Json;

namespace Sluice.Wire;

/// <summary>
/// The top-level members of a JSON object as ranges of its bytes: enough to route a request and to edit it in place, without an
/// object model. Made in one pass that also checks the whole document.
/// </summary>
public sealed class JsonMembers
{
    /// <summary>How deep bodies may nest where nothing else is said.</summary>
    private const int DefaultDepth = 128;
    private JsonMember[] _members = new JsonMember[16];
    private Dictionary<int, byte[]>? _unescaped;

    private JsonMembers(ReadOnlyMemory<byte> body) => Body = body;

    /// <summary>The scanned bytes.</summary>
    public ReadOnlyMemory<byte> Body { get; }

    /// <summary>How many members there are.</summary>
    public int Count { get; private set; }

    /// <summary>Offset of the opening brace.</summary>
    public int Open { get; private set; }

    /// <summary>Offset of the closing brace.</summary>
    public int Close { get; private set; }

    /// <summary>The member at a position, in the order in which they stand.</summary>
    public JsonMember this[int index] => index < Count ? _members[index] : throw new ArgumentOutOfRangeException(nameof(index));

    /// <summary>Scans a body. Returns <see langword="null"/> and the fault when it is no JSON object.</summary>
    public static JsonMembers? Scan(ReadOnlyMemory<byte> body, out JsonFault? fault) => Scan(body, DefaultDepth, out fault);

    /// <summary>Scans a body that may nest to a depth. Returns <see langword="null"/> and the fault when it is no JSON object, or nests deeper.</summary>
    public static JsonMembers? Scan(ReadOnlyMemory<byte> body, int maxDepth, out JsonFault? fault)
    {
        fault = null;
        var members = new JsonMembers(body);
        var reader = new Utf8JsonReader(body.Span, new JsonReaderOptions { MaxDepth = maxDepth });
        try
        {
            if (body.Span.Trim(" \t\r\n"u8).IsEmpty)
            {
                fault = new JsonFault("the body is empty; a JSON object was expected", 1, 1);
                return null;
            }
            reader.Read();
            if (reader.TokenType != JsonTokenType.StartObject)
            {
                fault = new JsonFault("the body is not a JSON object", 1, 1);
                return null;
            }
            members.Open = (int)reader.TokenStartIndex;
            members.ReadMembers(ref reader);
            reader.Read();
            return members;
        }
        catch (JsonException e)
        {
            fault = JsonFault.From(e, body.Span, maxDepth);
            return null;
        }
    }

    /// <summary>Finds a member by its name. With duplicate names the last one counts, as in most parsers.</summary>
    public bool TryGet(ReadOnlySpan<byte> name, out JsonMember member)
    {
        int index = IndexOf(name);
        member = index < 0 ? default : _members[index];
        return index >= 0;
    }

    /// <summary>The position of the last member of a name; -1 where there is none.</summary>
    public int IndexOf(ReadOnlySpan<byte> name)
    {
        for (int i = Count - 1; i >= 0; i--)
        {
            if (IsNamed(i, name)) return i;
        }
        return -1;
    }

    /// <summary>True when the member at a position has the name, however its letters are escaped: <c>"mod\u0065l"</c> is the model for every parser.</summary>
    public bool IsNamed(int index, ReadOnlySpan<byte> name) => Name(index).SequenceEqual(name);

    /// <summary>The name of the member at a position, unescaped.</summary>
    public ReadOnlySpan<byte> Name(int index)
    {
        var member = this[index];
        return _unescaped is not null && _unescaped.TryGetValue(index, out byte[]? unescaped) ? unescaped : Body.Span.Slice(member.NameStart, member.NameLength);
    }

    /// <summary>The raw bytes of a value.</summary>
    public ReadOnlySpan<byte> Value(JsonMember member) => Body.Span.Slice(member.ValueStart, member.ValueLength);

    /// <summary>A string member, unescaped; <see langword="null"/> where it is absent, no string or no valid Unicode.</summary>
    public string? GetString(ReadOnlySpan<byte> name)
    {
        if (!TryGet(name, out var member)) return null;
        var raw = Value(member);
        if (raw[0] != (byte)'"') return null;
        var inner = raw[1..^1];
        if (!inner.Contains((byte)'\\')) return Encoding.UTF8.GetString(inner);
        var reader = new Utf8JsonReader(raw);
        reader.Read();
        try
        {
            return reader.GetString();
        }
        catch (InvalidOperationException)
        {
            // An escaped half of a surrogate pair is no text.
            return null;
        }
    }

    /// <summary>A boolean member; <see langword="null"/> where it is absent or no boolean.</summary>
    public bool? GetBoolean(ReadOnlySpan<byte> name) =>
        !TryGet(name, out var member) ? null : Value(member)[0] switch { (byte)'t' => true, (byte)'f' => false, _ => null };

    /// <summary>A whole-number member; <see langword="null"/> where it is absent or no whole number.</summary>
    public long? GetInt64(ReadOnlySpan<byte> name) =>
        TryGet(name, out var member) && System.Buffers.Text.Utf8Parser.TryParse(Value(member), out long value, out int used) && used == member.ValueLength ? value : null;

    private void ReadMembers(ref Utf8JsonReader reader)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            int nameStart = (int)reader.TokenStartIndex + 1;
            int nameLength = reader.ValueSpan.Length;
            if (reader.ValueIsEscaped) KeepUnescaped(ref reader);
            reader.Read();
            int valueStart = (int)reader.TokenStartIndex;
            reader.Skip();
            if (Count == _members.Length) Array.Resize(ref _members, Count * 2);
            _members[Count++] = new JsonMember(nameStart, nameLength, valueStart, (int)reader.BytesConsumed - valueStart);
        }
        Close = (int)reader.TokenStartIndex;
    }

    private void KeepUnescaped(ref Utf8JsonReader reader)
    {
        byte[] name = new byte[reader.ValueSpan.Length];
        try
        {
            int length = reader.CopyString(name);
            (_unescaped ??= [])[Count] = name[..length];
        }
        catch (InvalidOperationException)
        {
            // No valid Unicode, so it is the name of nothing that is ever asked for; it stays as it is spelled.
        }
    }
}

/// <summary>A member of an object: where its name (without quotes) and its value stand, in bytes.</summary>
public readonly record struct JsonMember(int NameStart, int NameLength, int ValueStart, int ValueLength)
{
    /// <summary>Offset of the quote before the name.</summary>
    public int Start => NameStart - 1;

    /// <summary>One past the value.</summary>
    public int End => ValueStart + ValueLength;
}

/// <summary>Where and why bytes are no JSON.</summary>
/// <param name="Message">What is wrong.</param>
/// <param name="Line">Line, from 1.</param>
/// <param name="Column">Byte in the line, from 1.</param>
public sealed record JsonFault(string Message, long Line, long Column)
{
    /// <summary>A sentence for the client. Holds a position and a kind of fault, never content of the body.</summary>
    public string Sentence => $"{Message} (line {Line}, column {Column})";

    internal static JsonFault From(JsonException e, ReadOnlySpan<byte> body, int maxDepth)
    {
        long line = (e.LineNumber ?? 0) + 1, column = (e.BytePositionInLine ?? 0) + 1;
        int start = 0;
        for (long at = 1; at < line; at++) start += body[start..].IndexOf((byte)'\n') + 1;
        int offset = (int)Math.Min(start + column - 1, body.Length);
        // A body that was cut off is told of by its depth as well.
        string what = e.Message.Contains("maximum configured depth", StringComparison.Ordinal) ? $"the JSON is nested too deeply: {maxDepth} levels are allowed"
            : offset >= body.Length ? "the JSON ends too early"
            : $"the JSON breaks at '{Printable(body[offset])}'";
        return new JsonFault(what, line, column);
    }

    private static string Printable(byte b) => b is > 0x20 and < 0x7f ? ((char)b).ToString() : $"\\x{b:x2}";
}
