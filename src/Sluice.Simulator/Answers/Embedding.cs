namespace Sluice.Simulator.Answers;

/// <summary>Vectors of length one, made of the text's trigrams: equal texts are equal, similar ones are near.</summary>
internal static class Embedding
{
    public static float[] Make(string text, int dimensions)
    {
        var vector = new float[Math.Clamp(dimensions, 1, 4096)];
        var padded = "^" + text.ToLowerInvariant() + "$";
        for (var i = 0; i + 1 < padded.Length; i++)
        {
            var hash = Ids.Mix(((ulong)padded[i] << 32) | ((ulong)padded[i + 1] << 16) | (i + 2 < padded.Length ? padded[i + 2] : ' '));
            vector[(int)(hash % (ulong)vector.Length)] += (hash & (1UL << 40)) == 0 ? 1f : -1f;
        }

        var norm = MathF.Sqrt(vector.Sum(value => value * value));
        if (norm == 0)
        {
            vector[0] = 1;
            return vector;
        }

        for (var i = 0; i < vector.Length; i++)
            vector[i] /= norm;
        return vector;
    }
}
