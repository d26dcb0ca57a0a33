using System.Text.Json;
using Sluice.Formats.Json;

namespace Sluice.Formats.Shared;

/// <summary>Lists of vectors as JSON numbers.</summary>
internal static class FloatVectors
{
    /// <summary>Reads <c>[[0.1, ...], ...]</c>.</summary>
    /// <param name="list">The array of arrays.</param>
    /// <param name="path">Where it stands, for faults.</param>
    public static IReadOnlyList<ReadOnlyMemory<float>> Read(JsonElement list, string path)
    {
        var vectors = new List<ReadOnlyMemory<float>>(list.GetArrayLength());
        foreach (var item in list.EnumerateArray()) vectors.Add(ReadOne(item, $"{path}[{vectors.Count}]"));
        return vectors;
    }

    /// <summary>Writes <c>[[0.1, ...], ...]</c>.</summary>
    public static void Write(Utf8JsonWriter writer, IReadOnlyList<ReadOnlyMemory<float>> vectors)
    {
        writer.WriteStartArray();
        foreach (var vector in vectors) WriteOne(writer, vector.Span);
        writer.WriteEndArray();
    }

    /// <summary>Writes <c>[0.1, ...]</c>.</summary>
    public static void WriteOne(Utf8JsonWriter writer, ReadOnlySpan<float> vector)
    {
        writer.WriteStartArray();
        foreach (float value in vector) writer.WriteNumberValue(value);
        writer.WriteEndArray();
    }

    /// <summary>Reads <c>[0.1, ...]</c>.</summary>
    public static ReadOnlyMemory<float> ReadOne(JsonElement item, string path)
    {
        if (item.ValueKind != JsonValueKind.Array) throw new WireFormatException(path, "must be a list of numbers");
        float[] vector = new float[item.GetArrayLength()];
        int at = 0;
        foreach (var number in item.EnumerateArray())
        {
            if (number.ValueKind != JsonValueKind.Number || !number.TryGetSingle(out float value) || !float.IsFinite(value)) throw new WireFormatException($"{path}[{at}]", "must be a number");
            vector[at++] = value;
        }
        return vector;
    }
}
