using System.Text.Json;
using Sluice.Chat;
using Sluice.Formats.Json;
using Sluice.Wire;

namespace Sluice.Formats.OpenAIChat;

/// <summary>Reads declared tools and the choice among them.</summary>
internal sealed class ChatToolReader(ChatDialect dialect)
{
    /// <summary>The declared tools, the deprecated <c>functions</c> and <c>web_search_options</c> included.</summary>
    public IReadOnlyList<Tool> ReadTools(JsonElement body)
    {
        var tools = new List<Tool>();
        int number = 0;
        foreach (var tool in body.Array("tools"u8)?.EnumerateArray() ?? default) tools.Add(ReadTool(tool, $"tools[{number++}]"));
        number = 0;
        foreach (var function in body.Array("functions"u8)?.EnumerateArray() ?? default) tools.Add(ReadFunction(function, new NotesBuilder(dialect.Id), "functions", $"functions[{number++}]"));
        if (body.Get("web_search_options"u8) is { } options)
        {
            tools.Add(new HostedTool(dialect.Id, "web_search", RawJson.From(options)) { Notes = new NotesBuilder(dialect.Id).Spell("~options").Build() });
        }
        return tools;
    }

    /// <summary>The choice.</summary>
    public ToolChoice? ReadChoice(JsonElement body)
    {
        if (body.Get("tool_choice"u8) is { } choice) return ReadChoice(choice, false);
        return body.Get("function_call"u8) is { } legacy ? ReadChoice(legacy, true) : null;
    }

    private Tool ReadTool(JsonElement tool, string path)
    {
        if (tool.ValueKind != JsonValueKind.Object) throw new WireFormatException(path, "must be an object");
        string? type = tool.String("type"u8, path);
        if (type is null or "function" && tool.Get("function"u8) is { ValueKind: JsonValueKind.Object } function)
        {
            var notes = new NotesBuilder(dialect.Id);
            notes.Sort(tool, ChatMembers.Tool);
            notes.Spell("~type", type is null);
            var cache = ChatCache.Read(tool, notes);
            return ReadFunction(function, notes, null, $"{path}.function") with { Cache = cache };
        }
        if (type == "custom" && tool.Get("custom"u8) is { ValueKind: JsonValueKind.Object } custom)
        {
            var notes = new NotesBuilder(dialect.Id);
            notes.Sort(tool, ChatMembers.Tool);
            notes.Sort(custom, ChatMembers.Custom, "custom.");
            return new CustomTool(custom.RequiredString("name"u8, $"{path}.custom"))
            {
                Description = custom.String("description"u8, $"{path}.custom"),
                Format = custom.Raw("format"u8),
                Cache = ChatCache.Read(tool, notes),
                Notes = notes.Build(),
            };
        }
        if (type is null or "function") throw new WireFormatException($"{path}.function", "is missing; an object with a name is required");
        return new HostedTool(dialect.Id, type, RawJson.From(tool));
    }

    private static FunctionTool ReadFunction(JsonElement function, NotesBuilder notes, string? legacy, string path)
    {
        if (function.ValueKind != JsonValueKind.Object) throw new WireFormatException(path, "must be an object");
        if (legacy is not null) notes.Spell("~legacy");
        notes.Sort(function, ChatMembers.Function, "function.");
        return new FunctionTool(function.RequiredString("name"u8, path))
        {
            Description = function.String("description"u8, path),
            Parameters = function.Raw("parameters"u8),
            Strict = function.Boolean("strict"u8, path),
            Notes = notes.Build(),
        };
    }

    private ToolChoice ReadChoice(JsonElement choice, bool legacy)
    {
        string at = legacy ? "function_call" : "tool_choice";
        var notes = new NotesBuilder(dialect.Id).Spell("~legacy", legacy).Spell("~raw", choice.GetRawText()).Build();
        if (choice.ValueKind == JsonValueKind.String)
        {
            string mode = choice.GetString()!;
            return new ToolChoice(mode == "any" ? "required" : mode) { Notes = notes };
        }
        if (choice.ValueKind != JsonValueKind.Object) throw new WireFormatException(at, "must be a string or an object");
        if (legacy) return new ToolChoice("tool") { Name = choice.RequiredString("name"u8, at), Notes = notes };
        switch (choice.String("type"u8, at) ?? "function")
        {
            case "function":
                return new ToolChoice("tool") { Name = NameIn(choice, "function", at), Notes = notes };
            case "custom":
                return new ToolChoice("tool") { Name = NameIn(choice, "custom", at), Notes = notes };
            case "allowed_tools" when choice.Object("allowed_tools"u8, at) is { } allowed:
                return new ToolChoice("allowed")
                {
                    Allowed = [.. allowed.Array("tools"u8, at)?.EnumerateArray().Select(t => NameIn(t, t.Text("type"u8) ?? "function", at)) ?? []],
                    AllowedRequired = allowed.Text("mode"u8) == "required",
                    Notes = notes,
                };
            case var other:
                return new ToolChoice(other) { Notes = notes };
        }
    }

    private static string NameIn(JsonElement choice, string member, string path) =>
        choice.Member(member)?.Text("name"u8) ?? choice.Text("name"u8) ?? throw new WireFormatException($"{path}.{member}.name", "is missing; a string is required");
}
