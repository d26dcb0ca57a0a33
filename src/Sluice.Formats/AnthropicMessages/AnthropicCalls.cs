using System.Text;
using System.Text.Json;
using Sluice.Chat;
using Sluice.Formats.Json;
using Sluice.Formats.Shared;
using Sluice.Wire;

namespace Sluice.Formats.AnthropicMessages;

/// <summary>Calls of an answer as the client knows its tools.</summary>
internal static class AnthropicCalls
{
    /// <summary>The longest name of a tool.</summary>
    public const int MaxName = 128;

    /// <summary>A call of the answer as the client knows the tool: by its own name, and as free text where it gave a free-text tool.</summary>
    public static ToolCallPart Undo(ToolCallPart call, TranslationContext context)
    {
        if (context.RenamedTools.Count > 0) call = call with { Name = ToolNames.Undo(call.Name, context) };
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
            using var document = JsonDocument.Parse(arguments, Decoding.Pieces);
            return document.RootElement.Text(Encoding.UTF8.GetBytes(AnthropicToolInput.TextProperty)) ?? arguments;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return arguments;
        }
    }
}
