namespace Sluice.Simulator.Answers;

/// <summary>Cuts text into the pieces of a stream, never inside a surrogate pair.</summary>
internal static class Chunks
{
    public static IEnumerable<string> Of(string text, int size)
    {
        size = Math.Max(1, size);
        for (var at = 0; at < text.Length;)
        {
            var length = Math.Min(size, text.Length - at);
            if (at + length < text.Length && char.IsHighSurrogate(text[at + length - 1]))
                length++;
            yield return text.Substring(at, length);
            at += length;
        }
    }
}
