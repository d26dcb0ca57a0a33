namespace Sluice.Configuration.Yaml;

/// <summary>
/// Hides <c>${NAME}</c> from the YAML scanner: inside <c>{ a: ${NAME}, b: 1 }</c> its braces would end the plain value. Each sign that
/// means something to YAML is exchanged for one of Unicode's private area, sign for sign, so that lines and columns stay true.
/// </summary>
internal static class VariableText
{
    private const string Signs = "{}[],:#";
    private const char First = '\uE000';

    internal static string Hide(string text)
    {
        if (!text.Contains("${", StringComparison.Ordinal)) return text;
        var result = text.ToCharArray();
        for (var i = 0; i < result.Length - 1; i++)
        {
            if (result[i] != '$' || result[i + 1] != '{') continue;
            var end = FindEnd(text, i);
            if (end < 0) continue;
            for (i++; i <= end; i++)
            {
                var sign = Signs.IndexOf(result[i], StringComparison.Ordinal);
                if (sign >= 0) result[i] = (char)(First + sign);
            }

            i = end;
        }

        return new string(result);
    }

    internal static string Show(string text)
    {
        if (text.AsSpan().IndexOfAnyInRange(First, (char)(First + Signs.Length - 1)) < 0) return text;
        return string.Create(text.Length, text, static (target, source) =>
        {
            for (var i = 0; i < target.Length; i++)
                target[i] = source[i] >= First && source[i] < First + Signs.Length ? Signs[source[i] - First] : source[i];
        });
    }

    /// <summary>The index of the brace that closes the one after <paramref name="dollar"/>, on the same line; -1 where there is none.</summary>
    internal static int FindEnd(string text, int dollar)
    {
        var depth = 0;
        for (var i = dollar + 1; i < text.Length && text[i] is not ('\n' or '\r'); i++)
        {
            if (text[i] == '{' && text[i - 1] == '$') depth++;
            else if (text[i] == '}' && --depth == 0) return i;
        }

        return -1;
    }
}
