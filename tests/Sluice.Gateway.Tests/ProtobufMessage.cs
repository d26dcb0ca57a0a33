using System.Buffers.Binary;
using System.Text;

namespace Sluice.Gateway.Tests;

/// <summary>A protobuf message taken apart by field number, with no schema: enough to look at what an exporter sent.</summary>
internal sealed class ProtobufMessage
{
    private readonly Dictionary<int, List<(ulong Number, byte[] Bytes)>> _fields = [];

    public ProtobufMessage(ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            ulong tag = Varint(ref bytes);
            var value = (tag & 7) switch
            {
                0 => (Varint(ref bytes), Array.Empty<byte>()),
                1 => (BinaryPrimitives.ReadUInt64LittleEndian(Take(ref bytes, 8)), []),
                2 => (0UL, Take(ref bytes, (int)Varint(ref bytes)).ToArray()),
                5 => (BinaryPrimitives.ReadUInt32LittleEndian(Take(ref bytes, 4)), []),
                _ => throw new FormatException($"wire type {tag & 7}"),
            };
            int field = (int)(tag >> 3);
            if (!_fields.TryGetValue(field, out var list)) _fields[field] = list = [];
            list.Add(value);
        }
    }

    public IEnumerable<ProtobufMessage> All(int field) => Values(field).Select(v => new ProtobufMessage(v.Bytes));

    public ProtobufMessage? One(int field) => All(field).FirstOrDefault();

    public string Text(int field) => Encoding.UTF8.GetString(Bytes(field));

    public string Hex(int field) => Convert.ToHexStringLower(Bytes(field));

    public byte[] Bytes(int field) => Values(field).Select(v => v.Bytes).LastOrDefault() ?? [];

    public long Number(int field) => (long)Values(field).Select(v => v.Number).LastOrDefault();

    public double Double(int field) => BitConverter.Int64BitsToDouble(Number(field));

    public bool Has(int field) => _fields.ContainsKey(field);

    /// <summary>A packed list of doubles.</summary>
    public double[] Doubles(int field)
    {
        byte[] packed = Bytes(field);
        return [.. Enumerable.Range(0, packed.Length / 8).Select(i => BinaryPrimitives.ReadDoubleLittleEndian(packed.AsSpan(i * 8)))];
    }

    /// <summary>OTLP's list of <c>KeyValue</c>.</summary>
    public Dictionary<string, object?> Attributes(int field) => All(field).ToDictionary(a => a.Text(1), a => Value(a.One(2)));

    private static object? Value(ProtobufMessage? any) => any switch
    {
        null => null,
        _ when any.Has(1) => any.Text(1),
        _ when any.Has(2) => any.Number(2) != 0,
        _ when any.Has(3) => any.Number(3),
        _ when any.Has(4) => any.Double(4),
        _ when any.Has(5) => any.One(5)!.All(1).Select(Value).ToArray(),
        _ => null,
    };

    private List<(ulong Number, byte[] Bytes)> Values(int field) => _fields.GetValueOrDefault(field) ?? [];

    private static ulong Varint(ref ReadOnlySpan<byte> bytes)
    {
        ulong value = 0;
        for (int shift = 0; ; shift += 7)
        {
            byte next = Take(ref bytes, 1)[0];
            value |= (ulong)(next & 0x7f) << shift;
            if (next < 0x80) return value;
        }
    }

    private static ReadOnlySpan<byte> Take(ref ReadOnlySpan<byte> bytes, int count)
    {
        var taken = bytes[..count];
        bytes = bytes[count..];
        return taken;
    }
}
