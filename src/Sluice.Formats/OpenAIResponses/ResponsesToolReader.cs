using System.Text.Json;
using Sluice.Chat;
using Sluice.Formats.Json;
using Sluice.Wire;

namespace Sluice.Formats.OpenAIResponses;

/// <summary>Reads tools and the choice among them.</summary>
internal static class ResponsesToolReader
{
    private static readonly HashSet<string> Function = ["name", "description", "parameters", "strict"];
    private static readonly HashSet<string> Custom = ["name", "description", "format"];
    private static readonly HashSet<string> NamedChoice = ["name"];
    private static readonly HashSet<string> AllowedChoice = ["mode"];

    /// <summary>Reads the declared tools.</summary>
    public static List<Tool> ReadTools(JsonElement tools)
    {
        var read = new List<Tool>(tools.GetArrayLength());
        foreach (var tool in tools.EnumerateArray()) read.Add(ReadTool(tool, $"tools[{read.Count}]"));
        return read;
    }

    /// <summary>Reads <c>tool_choice</c>.</summary>
    public static ToolChoice ReadChoice(JsonElement choice)
    {
        if (choice.ValueKind == JsonValueKind.String) return new ToolChoice(choice.GetString()!) { Notes = ResponsesNotes.Empty };
        if (choice.ValueKind != JsonValueKind.Object) throw new WireFormatException("tool_choice", "must be a string or an object");
        string type = choice.RequiredString("type"u8, "tool_choice");
        switch (type)
        {
            case "function" or "custom":
                var named = ResponsesNotes.Read(choice, NamedChoice, "function");
                return new ToolChoice("tool") { Name = choice.RequiredString("name"u8, "tool_choice"), Notes = named.Build() };
            case "allowed_tools":
                return ReadAllowed(choice);
            default:
                // A tool that the provider runs; no other format can be made to call it.
                var notes = new ResponsesNotesBuilder();
                notes.Field("tool_choice", RawJson.From(choice));
                return new ToolChoice("auto") { Notes = notes.Build() };
        }
    }

    private static ToolChoice ReadAllowed(JsonElement choice)
    {
        // The list may name tools that the provider runs: it is kept as it stands beside the names of functions.
        var notes = ResponsesNotes.Read(choice, AllowedChoice, "allowed_tools", static (name, _) => name == "tools");
        var names = new List<string>();
        if (choice.Array("tools"u8, "tool_choice") is { } tools)
        {
            foreach (var tool in tools.EnumerateArray())
            {
                if (tool.Text("name"u8) is { } name) names.Add(name);
            }
        }
        return new ToolChoice("allowed") { Allowed = names, AllowedRequired = choice.String("mode"u8, "tool_choice") == "required", Notes = notes.Build() };
    }

    private static Tool ReadTool(JsonElement tool, string path)
    {
        if (tool.ValueKind != JsonValueKind.Object) throw new WireFormatException(path, "must be an object");
        string type = tool.RequiredString("type"u8, path);
        return type switch
        {
            "function" => new FunctionTool(tool.RequiredString("name"u8, path))
            {
                Description = tool.String("description"u8, path),
                Parameters = tool.Object("parameters"u8, path) is { } schema ? RawJson.From(schema) : default,
                Strict = tool.Boolean("strict"u8, path),
                Notes = ResponsesNotes.Read(tool, Function, "function").Build(),
            },
            "custom" => new CustomTool(tool.RequiredString("name"u8, path))
            {
                Description = tool.String("description"u8, path),
                Format = tool.Object("format"u8, path) is { } format ? RawJson.From(format) : default,
                Notes = ResponsesNotes.Read(tool, Custom, "custom").Build(),
            },
            _ => new HostedTool(WireFormatId.OpenAIResponses, type, RawJson.From(tool)),
        };
    }
}
