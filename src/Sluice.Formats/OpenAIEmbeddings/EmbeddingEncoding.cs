using System.Buffers;
using System.Text.Json;
using Sluice.Formats.Json;
using Sluice.Wire;

namespace Sluice.Formats.OpenAIEmbeddings;

/// <summary>
/// Numbers or base64: some servers do not know <c>encoding_format</c>, some know nothing else, and SDKs that asked for the one read the other as nonsense.
/// </summary>
internal static class EmbeddingEncoding
{
    /// <summary>Writes the answer in the encoding that was asked for; false where it has that, or its vectors cannot be read.</summary>
    public static bool Reencode(JsonMembers request, ReadOnlySpan<byte> answer, IBufferWriter<byte> output)
    {
        // Whole numbers and bits have an encoding of their own, which only their server knows.
        if (request.GetString("output_dtype"u8) is not (null or "float")) return false;
        bool base64 = request.GetString("encoding_format"u8) == "base64";
        if (First(answer) is not { } first || first == (base64 ? (byte)'"' : (byte)'[')) return false;
        var vectors = Read(answer, base64);
        if (vectors.Count == 0) return false;
        int at = 0;
        foreach (var (start, end, vector) in vectors)
        {
            output.Write(answer[at..start]);
            JsonOutput.Write(output, (vector, base64), static (writer, v) =>
            {
                if (v.base64) EmbeddingsResponse.WriteBase64(writer, v.vector);
                else EmbeddingsResponse.WriteNumbers(writer, v.vector);
            });
            at = end;
        }
        output.Write(answer[at..]);
        return true;
    }

    // What the first vector begins with. "object":"embedding" stands before it.
    private static byte? First(ReadOnlySpan<byte> answer)
    {
        var name = "\"embedding\""u8;
        while (answer.IndexOf(name) is >= 0 and var at)
        {
            answer = answer[(at + name.Length)..];
            var rest = answer.TrimStart(" \t\r\n"u8);
            if (rest.IsEmpty || rest[0] != (byte)':') continue;
            rest = rest[1..].TrimStart(" \t\r\n"u8);
            return rest.IsEmpty ? null : rest[0];
        }
        return null;
    }

    // data[].embedding, where it is in the other encoding.
    private static List<(int Start, int End, float[] Vector)> Read(ReadOnlySpan<byte> answer, bool base64)
    {
        const int DepthOfVectors = 3;
        var vectors = new List<(int, int, float[])>();
        var reader = new Utf8JsonReader(answer, new JsonReaderOptions { MaxDepth = 1024 });
        try
        {
            while (reader.Read())
            {
                if (reader.TokenType != JsonTokenType.PropertyName || reader.CurrentDepth != DepthOfVectors || !reader.ValueTextEquals("embedding"u8)) continue;
                reader.Read();
                int start = (int)reader.TokenStartIndex;
                if (base64 && reader.TokenType == JsonTokenType.StartArray) vectors.Add((start, 0, Numbers(ref reader)));
                else if (!base64 && reader.TokenType == JsonTokenType.String) vectors.Add((start, 0, Floats(reader.GetBytesFromBase64())));
                else continue;
                vectors[^1] = (start, (int)reader.BytesConsumed, vectors[^1].Item3);
            }
            return vectors;
        }
        catch (Exception e) when (e is JsonException or FormatException or InvalidOperationException)
        {
            // What cannot be read goes to the client as it is.
            return [];
        }
    }

    private static float[] Numbers(ref Utf8JsonReader reader)
    {
        var numbers = new List<float>(1536);
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray) numbers.Add(reader.GetSingle());
        return [.. numbers];
    }

    private static float[] Floats(byte[] bytes)
    {
        if (bytes.Length % sizeof(float) != 0) throw new FormatException("no 32-bit floats");
        float[] vector = new float[bytes.Length / sizeof(float)];
        for (int i = 0; i < vector.Length; i++) vector[i] = System.Buffers.Binary.BinaryPrimitives.ReadSingleLittleEndian(bytes.AsSpan(i * sizeof(float)));
        return Array.TrueForAll(vector, float.IsFinite) ? vector : throw new FormatException("no finite number");
    }
}
