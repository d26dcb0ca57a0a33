using System.Collections.Frozen;
using System.Text.Json;
using Sluice.Chat;
using Sluice.Formats.Json;
using Sluice.Wire;

namespace Sluice.Formats.OllamaChat;

/// <summary>Reads the body of <c>POST /api/chat</c>. Source: <c>ChatRequest</c> in Ollama's <c>api/types.go</c>.</summary>
internal static class OllamaRequestReader
{
    /// <summary>The request has no <c>messages</c> (it only loads the model).</summary>
    public const string NoMessages = "no-messages";

    /// <summary>The request has an empty list of tools.</summary>
    public const string EmptyTools = "tools-empty";

    private static FrozenSet<string> Known { get; } = ["model", "messages", "tools", "stream", "format", "think", "logprobs", "top_logprobs", "options"];

    private static FrozenSet<string> KnownOfTool { get; } = ["type", "function"];

    private static FrozenSet<string> KnownOfFunction { get; } = ["name", "description", "parameters"];

    /// <summary>Reads a request.</summary>
    public static ChatRequest Read(JsonElement root)
    {
        var notes = new NotesBuilder(WireFormatId.OllamaChat).Keep(root, Known);
        var request = new ChatRequest { Model = root.RequiredString("model"u8), Messages = ReadMessages(root, notes), Tools = ReadTools(root, notes) };
        request = OllamaSettings.Read(root, request, notes);
        return request with { Notes = notes.Build() };
    }

    private static ChatMessage[] ReadMessages(JsonElement root, NotesBuilder notes)
    {
        if (root.Array("messages"u8) is not { } list)
        {
            notes.Spell(NoMessages);
            return [];
        }
        var reader = new OllamaMessageReader();
        return [.. list.EnumerateArray().Select(reader.Read)];
    }

    private static Tool[] ReadTools(JsonElement root, NotesBuilder notes)
    {
        if (root.Array("tools"u8) is not { } list) return [];
        notes.Spell(EmptyTools, list.GetArrayLength() == 0);
        return [.. list.EnumerateArray().Select(ReadTool)];
    }

    private static FunctionTool ReadTool(JsonElement tool, int index)
    {
        string path = $"tools[{index}]";
        if (tool.Object("function"u8, path) is not { } function) throw new WireFormatException($"{path}.function", "is missing; an object is required");
        var notes = new NotesBuilder(WireFormatId.OllamaChat).Keep(tool, KnownOfTool).Keep(function, KnownOfFunction, "function.");
        string? type = tool.String("type"u8, path);
        if (type is null) notes.Spell("no-type");
        else notes.Spell("type", type == "function" ? null : type);
        return new FunctionTool(function.RequiredString("name"u8, $"{path}.function"))
        {
            Description = function.String("description"u8, $"{path}.function"),
            Parameters = function.Object("parameters"u8, $"{path}.function") is { } parameters ? RawJson.From(parameters) : default,
            Notes = notes.Spell("no-parameters", function.Get("parameters"u8) is null).Build(),
        };
    }
}
