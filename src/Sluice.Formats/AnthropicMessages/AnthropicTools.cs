using System.Text.Json;
using Sluice.Chat;
using Sluice.Formats.Json;
using Sluice.Wire;

namespace Sluice.Formats.AnthropicMessages;

/// <summary>Reads tools and the choice among them.</summary>
internal static class AnthropicTools
{
    /// <summary>Reads <c>tools</c>.</summary>
    public static List<Tool> Read(JsonElement? list)
    {
        var tools = new List<Tool>();
        if (list is null) return tools;
        foreach (var tool in list.Value.EnumerateArray()) tools.Add(ReadTool(tool, $"tools[{tools.Count}]"));
        return tools;
    }

    /// <summary>Reads <c>tool_choice</c>; whether calls may be parallel is read by the caller.</summary>
    public static ToolChoice? ReadChoice(JsonElement? choice)
    {
        if (choice is not { } value) return null;
        string type = value.RequiredString("type"u8, "tool_choice");
        return new ToolChoice(type == "any" ? "required" : type)
        {
            Name = type == "tool" ? value.RequiredString("name"u8, "tool_choice") : null,
            Notes = NotesBuilder.Of(AnthropicNames.Id, value, AnthropicNames.ToolChoice),
        };
    }

    private static Tool ReadTool(JsonElement tool, string path)
    {
        if (tool.ValueKind != JsonValueKind.Object) throw new WireFormatException(path, "must be an object");
        string? type = tool.String("type"u8, path);
        if (type is not (null or "custom")) return new HostedTool(AnthropicNames.Id, type, RawJson.From(tool));
        return new FunctionTool(tool.RequiredString("name"u8, path))
        {
            Description = tool.String("description"u8, path),
            Parameters = tool.Object("input_schema"u8, path) is { } schema ? RawJson.From(schema) : default,
            Strict = tool.Boolean("strict"u8, path),
            Cache = AnthropicBlockReader.Cache(tool, path),
            Notes = NotesBuilder.Of(AnthropicNames.Id, tool, AnthropicNames.FunctionTool, Shape.Of(type, AnthropicBlockReader.CacheShape(tool))),
        };
    }
}
