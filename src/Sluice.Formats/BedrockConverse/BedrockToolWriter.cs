using System.Text.Json;
using Sluice.Chat;
using Sluice.Formats.Shared;
using Sluice.Wire;

namespace Sluice.Formats.BedrockConverse;

/// <summary>Writes <c>toolConfig</c>.</summary>
internal static class BedrockToolWriter
{
    /// <summary>Writes tools and choice, where there are any.</summary>
    public static void Write(Utf8JsonWriter writer, ChatRequest request, ToolChoice? choice, BedrockModel model, TranslationContext context)
    {
        var losses = context.Losses;
        var tools = Tools(request, losses);
        bool hasHistory = request.Messages.Any(m => m.Parts.Any(p => p is ToolCallPart or ToolResultPart));
        if (choice?.Mode == "none")
        {
            // There is no word for it; offering nothing says the same, unless earlier calls need their tools declared.
            if (!hasHistory)
            {
                losses.Changed("tool_choice", "no call is said by offering no tools");
                return;
            }
            losses.Dropped("tool_choice", "this format cannot forbid calls while earlier ones are in the conversation");
            choice = null;
        }
        if (tools.Count == 0) return;
        if (!tools.Any(t => t is FunctionTool or CustomTool))
        {
            for (int i = 0; i < tools.Count; i++) losses.Dropped($"tools[{i}]", "this format has no such tool");
            return;
        }
        writer.WriteStartObject("toolConfig"u8);
        writer.WriteStartArray("tools"u8);
        for (int i = 0; i < tools.Count; i++) WriteTool(writer, tools[i], $"tools[{i}]", model, context);
        writer.WriteEndArray();
        WriteChoice(writer, choice, context);
        writer.WriteEndObject();
    }

    // Calls and results in the conversation are refused where their tools are not declared.
    private static IReadOnlyList<Tool> Tools(ChatRequest request, LossReport losses)
    {
        if (request.Tools.Count > 0) return request.Tools;
        var called = request.Messages.SelectMany(m => m.Parts).OfType<ToolCallPart>().Select(c => c.Name).Distinct().ToArray();
        if (called.Length == 0) return [];
        losses.Changed("tools", "the tools of earlier calls were declared: this format demands it");
        return [.. called.Select(name => new FunctionTool(name))];
    }

    private static void WriteTool(Utf8JsonWriter writer, Tool tool, string path, BedrockModel model, TranslationContext context)
    {
        var losses = context.Losses;
        losses.Unknown(tool.Notes, WireFormatId.BedrockConverse, path);
        switch (tool)
        {
            case FunctionTool function:
                WriteSpec(writer, function, context);
                break;
            case CustomTool custom:
                losses.Changed(path, "a free-text tool became a function with one text argument");
                if (!custom.Format.IsAbsent) losses.Dropped($"{path}.format", "this format has no grammars for tools");
                WriteSpec(writer, new FunctionTool(custom.Name) { Description = custom.Description, Parameters = RawJson.FromText("""{"type":"object","properties":{"input":{"type":"string"}},"required":["input"]}""") }, context);
                break;
            case HostedTool hosted when model.IsNova2 && SystemTool(hosted.Type) is { } name:
                losses.Changed(path, $"run by this provider's own {name}");
                writer.WriteStartObject();
                writer.WriteStartObject("systemTool"u8);
                writer.WriteString("name"u8, name);
                writer.WriteEndObject();
                writer.WriteEndObject();
                break;
            default:
                losses.Dropped(path, "this model has no such tool");
                return;
        }
        if (tool.Cache is null) return;
        if (model.HasCache) BedrockBlockWriter.WriteCachePoint(writer, tool.Cache);
        else losses.Dropped($"{path}.cache", "this model takes no cache points");
    }

    private static string? SystemTool(string type) => type switch
    {
        "code_interpreter" or "codeExecution" or "code_execution" => "nova_code_interpreter",
        "googleSearch" or "google_search" => "nova_grounding",
        _ when type.StartsWith("web_search", StringComparison.Ordinal) => "nova_grounding",
        _ when type.StartsWith("code_execution", StringComparison.Ordinal) => "nova_code_interpreter",
        _ => null,
    };

    private static void WriteSpec(Utf8JsonWriter writer, FunctionTool tool, TranslationContext context)
    {
        writer.WriteStartObject();
        writer.WriteStartObject("toolSpec"u8);
        writer.WriteString("name"u8, ToolNames.Fit(tool.Name, context));
        if (!string.IsNullOrEmpty(tool.Description)) writer.WriteString("description"u8, tool.Description);
        writer.WriteStartObject("inputSchema"u8);
        writer.WritePropertyName("json"u8);
        if (tool.Parameters.IsAbsent || tool.Parameters.IsNull) writer.WriteRawValue("""{"type":"object","properties":{}}"""u8, skipInputValidation: true);
        else tool.Parameters.WriteTo(writer);
        writer.WriteEndObject();
        if (tool.Strict == true) writer.WriteBoolean("strict"u8, true);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static void WriteChoice(Utf8JsonWriter writer, ToolChoice? choice, TranslationContext context)
    {
        if (choice is null) return;
        writer.WriteStartObject("toolChoice"u8);
        writer.WriteStartObject(choice.Mode switch { "tool" => "tool", "required" => "any", _ => "auto" });
        if (choice is { Mode: "tool", Name: { } name }) writer.WriteString("name"u8, ToolNames.Fit(name, context));
        writer.WriteEndObject();
        writer.WriteEndObject();
    }
}
