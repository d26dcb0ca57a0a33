using System.Buffers.Text;

namespace Sluice.Accounting;

/// <summary>Estimates tokens of UTF-8 text by script: a token is about four Latin letters, two letters of most other scripts, or one ideograph.</summary>
internal static class TextTokens
{
    // Longer texts are counted by samples: a document is of one kind throughout.
    private const int CountedWhole = 32 * 1024;
    private const int SampleLength = 4096;
    private const int Samples = 8;
    private const int EscapeLength = 6;
    private const float Letter = 0.5f;
    private const float Ideograph = 0.8f;
    private const float Pictograph = 1.5f;
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

    /// <summary>Tokens of a text.</summary>
    public static double Of(string text)
    {
        float total = 0;
        foreach (char unit in text) total += Weight(unit);
        return total;
    }

    // Most texts have no escapes at all.
    private static double Sum(ReadOnlySpan<byte> text)
    {
        double total = 0;
        int escape;
        while ((escape = text.IndexOf((byte)'\\')) >= 0)
        {
            total += Plain(text[..escape]);
            text = text[escape..];
            // Clients that write ASCII alone spell a letter in six bytes; it is one letter still.
            ushort unit = 0;
            bool isLetter = text.Length >= EscapeLength && text[1] == 'u' && Utf8Parser.TryParse(text[2..EscapeLength], out unit, out int read, 'x') && read == EscapeLength - 2;
            total += isLetter ? Weight((char)unit) : OfByte['\\'];
            text = text[(isLetter ? EscapeLength : 1)..];
        }
        return total + Plain(text);
    }

    private static float Plain(ReadOnlySpan<byte> text)
    {
        float total = 0;
        foreach (byte b in text) total += OfByte[b];
        return total;
    }

    // The first byte of a character stands for all of it.
    private static float Weight(byte b) => b switch
    {
        (byte)'\\' => 0.2f,
        < 0x80 => char.IsAsciiLetterOrDigit((char)b) || b == ' ' ? 0.24f : 0.42f,
        < 0xc0 => 0,
        < 0xe3 => Letter,
        < 0xf0 => Ideograph,
        _ => Pictograph,
    };

    // The same by code unit; of a surrogate pair each half counts half.
    private static float Weight(char unit) => unit switch
    {
        < '\x80' => OfByte[unit],
        < '\u3000' => Letter,
        _ => char.IsSurrogate(unit) ? Pictograph / 2 : Ideograph,
    };
}
