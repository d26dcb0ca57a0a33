using System.Security.Cryptography;
using System.Text;
using Sluice.Wire;

namespace Sluice.Formats.Shared;

/// <summary>
/// Names of tools in the spelling that a format allows. The change is a function of the name alone; it is noted in
/// <see cref="TranslationContext.RenamedTools"/>, so that the answer comes back with the client's own name.
/// </summary>
public static class ToolNames
{
    /// <summary>A name of ASCII letters, digits, <c>_</c> and <c>-</c> (OpenAI and Anthropic: <c>^[a-zA-Z0-9_-]{1,64}$</c>).</summary>
    public static string Fit(string name, TranslationContext context, int maxLength = 64)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(context);
        if (name.Length > 0 && name.Length <= maxLength && name.All(IsAllowed)) return name;
        string digest = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)))[..8];
        string cleaned = new([.. name.Take(maxLength - 9).Select(c => IsAllowed(c) ? c : '_')]);
        string fitted = $"{cleaned}_{digest}";
        context.RenamedTools[fitted] = name;
        return fitted;
    }

    /// <summary>The client's own name of a tool that the provider calls.</summary>
    public static string Undo(string name, TranslationContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return context.RenamedTools.Count > 0 ? context.RenamedTools.GetValueOrDefault(name, name) : name;
    }

    private static bool IsAllowed(char c) => char.IsAsciiLetterOrDigit(c) || c is '_' or '-';
}
