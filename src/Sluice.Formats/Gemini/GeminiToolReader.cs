using System.Text.Json;
using Sluice.Chat;
using Sluice.Formats.Json;
using Sluice.Wire;

namespace Sluice.Formats.Gemini;

/// <summary>Reads <c>tools</c> and <c>toolConfig</c>. One entry of <c>tools</c> may hold several functions and several of Google's own tools.</summary>
internal static class GeminiToolReader
{
    private const string Calling = "toolConfig.functionCallingConfig.";

    public static IReadOnlyList<Tool> Read(JsonElement tools, ref GeminiNotesBuilder notes)
    {
        if (tools.ValueKind != JsonValueKind.Array) throw new WireFormatException("tools", "must be an array");
        var read = new List<Tool>();
        int entry = 0;
        foreach (var tool in tools.EnumerateArray()) ReadEntry(tool, entry++, read);
        if (read.Count == 0) notes.Mark("tools");
        return read;
    }

    public static ToolChoice? ReadChoice(JsonElement config, ref GeminiNotesBuilder notes)
    {
        if (config.ValueKind != JsonValueKind.Object) throw new WireFormatException("toolConfig", "must be an object");
        notes.Mark("toolConfig");
        ToolChoice? choice = null;
        foreach (var member in config.EnumerateObject())
        {
            switch (notes.Name(member, "toolConfig."))
            {
                case null: break;
                case "functionCallingConfig" when member.Value.ValueKind == JsonValueKind.Object: choice = ReadCalling(member.Value, ref notes); break;
                default: notes.Keep(member, "toolConfig."); break;
            }
        }
        return choice;
    }

    private static void ReadEntry(JsonElement tool, int entry, List<Tool> read)
    {
        if (tool.ValueKind != JsonValueKind.Object) throw new WireFormatException($"tools[{entry}]", "must be an object");
        int before = read.Count;
        foreach (var member in tool.EnumerateObject())
        {
            string? name = GeminiNames.Of(member, out bool isSnake);
            if (name == "functionDeclarations" && member.Value.ValueKind == JsonValueKind.Array && member.Value.GetArrayLength() > 0)
            {
                int index = 0;
                foreach (var function in member.Value.EnumerateArray()) read.Add(ReadFunction(function, entry, isSnake, $"tools[{entry}].functionDeclarations[{index++}]"));
            }
            else
            {
                read.Add(new HostedTool(WireFormatId.GeminiGenerate, member.Name, RawJson.From(member.Value)) { Notes = Entry(entry) });
            }
        }
        if (read.Count == before) read.Add(new HostedTool(WireFormatId.GeminiGenerate, "", default) { Notes = Entry(entry) });
    }

    private static WireNotes Entry(int entry) => new(WireFormatId.GeminiGenerate) { Shape = $"entry={entry}" };

    private static FunctionTool ReadFunction(JsonElement function, int entry, bool isSnake, string path)
    {
        if (function.ValueKind != JsonValueKind.Object) throw new WireFormatException(path, "must be an object");
        var notes = default(GeminiNotesBuilder);
        notes.Mark("entry", entry.ToString());
        if (isSnake) notes.Mark("~functionDeclarations");
        string? name = null, description = null;
        RawJson parameters = default;
        foreach (var member in function.EnumerateObject())
        {
            switch (notes.Name(member))
            {
                case null: break;
                case "name" when member.Value.ValueKind == JsonValueKind.String: name = member.Value.GetString(); break;
                case "description" when member.Value.ValueKind == JsonValueKind.String: description = member.Value.GetString(); break;
                case "parametersJsonSchema" when parameters.IsAbsent: parameters = RawJson.From(member.Value); break;
                case "parameters" when parameters.IsAbsent:
                    parameters = GeminiSchema.ToJsonSchema(member.Value);
                    notes.Mark("parameters", member.Value.GetRawText());
                    break;
                default: notes.Keep(member); break;
            }
        }
        if (name is null) throw new WireFormatException($"{path}.name", "is missing; a string is required");
        return new FunctionTool(name) { Description = description, Parameters = parameters, Notes = notes.Build() };
    }

    private static ToolChoice? ReadCalling(JsonElement config, ref GeminiNotesBuilder notes)
    {
        notes.Mark("functionCallingConfig");
        string? mode = null;
        List<string>? allowed = null;
        foreach (var member in config.EnumerateObject())
        {
            switch (notes.Name(member, Calling))
            {
                case null: break;
                case "mode" when member.Value.ValueKind == JsonValueKind.String: mode = member.Value.GetString(); break;
                case "allowedFunctionNames" when member.Value.ValueKind == JsonValueKind.Array:
                    allowed = [];
                    foreach (var name in member.Value.EnumerateArray()) allowed.Add(name.ValueKind == JsonValueKind.String ? name.GetString()! : throw new WireFormatException($"{Calling}allowedFunctionNames", "must hold strings"));
                    break;
                default: notes.Keep(member, Calling); break;
            }
        }
        if (mode is not null) notes.Mark("mode", mode);
        if (allowed is { Count: 0 }) notes.Mark("allowedFunctionNames");
        return Choice(mode?.ToUpperInvariant(), allowed ?? []);
    }

    // VALIDATED: call or answer freely, calls are held to their schema.
    private static ToolChoice? Choice(string? mode, List<string> allowed) => mode switch
    {
        "ANY" when allowed.Count == 1 => new ToolChoice("tool") { Name = allowed[0] },
        "ANY" when allowed.Count > 1 => new ToolChoice("allowed") { Allowed = allowed, AllowedRequired = true },
        "ANY" => ToolChoice.Required,
        "NONE" => ToolChoice.None,
        _ when allowed.Count > 0 => new ToolChoice("allowed") { Allowed = allowed },
        "AUTO" or "VALIDATED" => ToolChoice.Auto,
        _ => null,
    };
}
