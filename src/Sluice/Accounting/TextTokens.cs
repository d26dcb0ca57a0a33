namespace Sluice.Accounting;

/// <summary>Estimates tokens of UTF-8 text by script: a token is about four Latin letters, two letters of most other scripts, or one ideograph.</summary>
internal static class TextTokens
{
    // Longer texts are counted by samples: a document is of one kind throughout.
    private const int CountedWhole = 32 * 1024;
    private const int SampleLength = 4096;
    private const int Samples = 8;
    private static readonly float[] OfByte = [.. Enumerable.Range(0, 256).Select(b => Weight((byte)b))];

    /// <summary>Tokens of a text; escapes of JSON may stand in it.</summary>
    public static double Of(ReadOnlySpan<byte> text)
    {
        if (text.Length <= CountedWhole) return Sum(text);
        double sampled = 0;
        int step = (text.Length - SampleLength) / (Samples - 1);
        for (int i = 0; i < Samples; i++) sampled += Sum(text.Slice(i * step, SampleLength));
        return sampled * text.Length / (Samples * SampleLength);
    }

    private static double Sum(ReadOnlySpan<byte> text)
    {
        float total = 0;
        foreach (byte b in text) total += OfByte[b];
        return total;
    }

    // The first byte of a character stands for all of it.
    private static float Weight(byte b) => b switch
    {
        (byte)'\\' => 0.2f,
        < 0x80 => char.IsAsciiLetterOrDigit((char)b) || b == ' ' ? 0.23f : 0.42f,
        < 0xc0 => 0,
        < 0xe3 => 0.5f,
        < 0xf0 => 0.8f,
        _ => 1.5f,
    };
}
