using System.Buffers.Binary;
using System.Text.Json;
using Sluice.Formats.Json;

namespace Sluice.Formats.Shared;

/// <summary>
/// <c>"data":[{"embedding","index"}]</c>, as OpenAI and its kin list vectors: in any order, as numbers or as base64 of them.
/// </summary>
internal static class IndexedVectors
{
    /// <summary>Reads them in the order of the inputs. Throws <see cref="WireFormatException"/>.</summary>
    /// <param name="body">The object that has <c>data</c>.</param>
    /// <param name="numberType">What base64 holds: bytes with a sign (<c>int8</c>, <c>binary</c>), without (<c>uint8</c>, <c>ubinary</c>), or little-endian 32-bit floats (else).</param>
    public static ReadOnlyMemory<float>[] Read(JsonElement body, string? numberType = null)
    {
        var data = body.Array("data"u8) ?? throw new WireFormatException("data", "is missing; a list is required");
        var vectors = new ReadOnlyMemory<float>[data.GetArrayLength()];
        int position = 0;
        foreach (var item in data.EnumerateArray())
        {
            string path = $"data[{position}]";
            long index = item.Count("index"u8) ?? position;
            if (index < 0 || index >= vectors.Length || vectors[index].Length > 0) throw new WireFormatException($"{path}.index", "names no input, or one that has a vector already");
            vectors[index] = ReadVector(item, $"{path}.embedding", numberType);
            position++;
        }
        return vectors;
    }

    private static float[] ReadVector(JsonElement item, string path, string? numberType)
    {
        if (item.Get("embedding"u8) is not { } embedding) throw new WireFormatException(path, "is missing");
        return embedding.ValueKind switch
        {
            JsonValueKind.String => ReadBase64(embedding, path, numberType),
            JsonValueKind.Array => ReadNumbers(embedding, path),
            _ => throw new WireFormatException(path, "must be a list of numbers or base64"),
        };
    }

    private static float[] ReadBase64(JsonElement text, string path, string? numberType)
    {
        if (!text.TryGetBytesFromBase64(out byte[]? bytes)) throw new WireFormatException(path, "is no base64");
        if (numberType is "int8" or "binary") return Array.ConvertAll(bytes, static b => (float)(sbyte)b);
        if (numberType is "uint8" or "ubinary") return Array.ConvertAll(bytes, static b => (float)b);
        if (bytes.Length % sizeof(float) != 0) throw new WireFormatException(path, "is no base64 of 32-bit floats");
        var vector = new float[bytes.Length / sizeof(float)];
        for (int i = 0; i < vector.Length; i++) vector[i] = BinaryPrimitives.ReadSingleLittleEndian(bytes.AsSpan(i * sizeof(float)));
        if (Array.Exists(vector, static value => !float.IsFinite(value))) throw new WireFormatException(path, "holds a value that is no number");
        return vector;
    }

    private static float[] ReadNumbers(JsonElement list, string path)
    {
        var vector = new float[list.GetArrayLength()];
        int at = 0;
        foreach (var number in list.EnumerateArray())
        {
            vector[at++] = number.ValueKind == JsonValueKind.Number && number.TryGetSingle(out float value) && float.IsFinite(value) ? value : throw new WireFormatException(path, "must hold numbers");
        }
        return vector;
    }
}
