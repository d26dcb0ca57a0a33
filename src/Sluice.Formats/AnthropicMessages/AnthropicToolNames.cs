using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Sluice.Chat;
using Sluice.Formats.Json;
using Sluice.Wire;

namespace Sluice.Formats.AnthropicMessages;

/// <summary>Tool names in the spelling that this format allows (<c>^[a-zA-Z0-9_-]{1,128}$</c>), undone in the answer.</summary>
internal static class AnthropicToolNames
{
    private const int MaxLength = 128;

    /// <summary>The names of a request that have to change, old to new; <see langword="null"/> where none has to. The context learns the way back.</summary>
    public static IReadOnlyDictionary<string, string>? Fit(ChatRequest request, TranslationContext context)
    {
        Dictionary<string, string>? renamed = null;
        foreach (string name in NamesOf(request))
        {
            if (IsAllowed(name) || renamed?.ContainsKey(name) == true) continue;
            string fitted = Spell(name);
            (renamed ??= new(StringComparer.Ordinal))[name] = fitted;
            context.RenamedTools[fitted] = name;
        }
        return renamed;
    }

    /// <summary>A call of the answer as the client knows the tool: by its own name, and as free text where it gave a free-text tool.</summary>
    public static ToolCallPart Undo(ToolCallPart call, TranslationContext context)
    {
        if (context.RenamedTools.Count > 0 && context.RenamedTools.TryGetValue(call.Name, out string? name)) call = call with { Name = name };
        return IsCustom(call.Name, context) ? call with { IsCustom = true, Arguments = FreeText(call.Arguments) } : call;
    }

    /// <summary>True for a tool that the client declared as one of free text.</summary>
    public static bool IsCustom(string name, TranslationContext context)
    {
        if (context.Request is not { } request || request.Notes.IsOwn()) return false;
        foreach (var tool in request.Tools)
        {
            if (tool is CustomTool custom && custom.Name == name) return true;
        }
        return false;
    }

    /// <summary>The free text in the arguments of a tool that stands for one of free text.</summary>
    public static string FreeText(string arguments)
    {
        try
        {
            using var document = JsonDocument.Parse(arguments);
            return document.RootElement.Text(Encoding.UTF8.GetBytes(AnthropicToolInput.TextProperty)) ?? arguments;
        }
        catch (JsonException)
        {
            return arguments;
        }
    }

    private static IEnumerable<string> NamesOf(ChatRequest request)
    {
        foreach (var tool in request.Tools)
        {
            if (tool is FunctionTool f) yield return f.Name;
            else if (tool is CustomTool c) yield return c.Name;
        }
        foreach (var message in request.Messages)
        {
            foreach (var part in message.Parts)
            {
                if (part is ToolCallPart call) yield return call.Name;
            }
        }
    }

    private static bool IsAllowed(string name)
    {
        if (name.Length is 0 or > MaxLength) return false;
        foreach (char c in name)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('_' or '-')) return false;
        }
        return true;
    }

    // The digest keeps names apart that differ only in what is not allowed, and makes the change the same in every request.
    private static string Spell(string name)
    {
        string digest = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)))[..8];
        var spelled = new StringBuilder(name.Length);
        foreach (char c in name) spelled.Append(char.IsAsciiLetterOrDigit(c) || c is '_' or '-' ? c : '_');
        return $"{spelled.ToString(0, Math.Min(spelled.Length, MaxLength - 9))}_{digest}";
    }
}
