using System.Text.Json;
using Sluice.Chat;
using Sluice.Wire;

namespace Sluice.Formats.Gemini;

/// <summary>Writes <c>tools</c> and <c>toolConfig</c> of a request that came in this format, in the shape in which they came.</summary>
internal static class GeminiOwnToolWriter
{
    public static void Write(Utf8JsonWriter writer, ChatRequest request, GeminiNotes notes)
    {
        if (request.Tools.Count > 0 || notes.Has("tools"))
        {
            writer.WriteStartArray("tools"u8);
            for (int i = 0; i < request.Tools.Count;) i = WriteEntry(writer, request.Tools, i);
            writer.WriteEndArray();
        }
        if (request.ToolChoice is null && !notes.Has("toolConfig")) return;
        writer.WriteStartObject(notes.Name("toolConfig"));
        if (request.ToolChoice is not null || notes.Has("functionCallingConfig"))
        {
            const string Calling = "toolConfig.functionCallingConfig.";
            writer.WriteStartObject(notes.Name("functionCallingConfig", "toolConfig."));
            if (request.ToolChoice is { } choice) WriteChoice(writer, choice, notes, Calling);
            else if (notes.Value("mode") is { } mode) writer.WriteString("mode"u8, mode);
            notes.WriteFields(writer, Calling);
            writer.WriteEndObject();
        }
        notes.WriteFields(writer, "toolConfig.");
        writer.WriteEndObject();
    }

    // One entry of "tools" was read into several tools, which carry its number.
    private static int WriteEntry(Utf8JsonWriter writer, IReadOnlyList<Tool> tools, int at)
    {
        string? entry = new GeminiNotes(tools[at].Notes).Value("entry");
        bool inFunctions = false;
        writer.WriteStartObject();
        for (; at < tools.Count && new GeminiNotes(tools[at].Notes) is var notes && notes.Value("entry") == entry; at++)
        {
            if (tools[at] is FunctionTool function)
            {
                if (!inFunctions) writer.WriteStartArray(notes.Name("functionDeclarations"));
                inFunctions = true;
                WriteFunction(writer, function, notes);
                continue;
            }
            if (inFunctions) writer.WriteEndArray();
            inFunctions = false;
            if (tools[at] is not HostedTool { Type.Length: > 0 } hosted) continue;
            writer.WritePropertyName(hosted.Type);
            hosted.Json.WriteTo(writer);
        }
        if (inFunctions) writer.WriteEndArray();
        writer.WriteEndObject();
        return at;
    }

    private static void WriteFunction(Utf8JsonWriter writer, FunctionTool function, GeminiNotes notes)
    {
        writer.WriteStartObject();
        writer.WriteString("name"u8, function.Name);
        if (function.Description is not null) writer.WriteString("description"u8, function.Description);
        if (!function.Parameters.IsAbsent)
        {
            string? spelled = notes.Value("parameters");
            bool isSame = spelled is not null && GeminiSchema.ToJsonSchema(RawJson.FromText(spelled).ToElement()) == function.Parameters;
            writer.WritePropertyName(notes.Name(isSame ? "parameters" : "parametersJsonSchema"));
            (isSame ? RawJson.FromText(spelled!) : function.Parameters).WriteTo(writer);
        }
        notes.WriteFields(writer);
        writer.WriteEndObject();
    }

    private static void WriteChoice(Utf8JsonWriter writer, ToolChoice choice, GeminiNotes notes, string prefix)
    {
        string mode = GeminiToolWriter.Mode(choice);
        // "any" and VALIDATED are said as they were where they still mean the choice.
        string? spelled = notes.Value("mode");
        bool isSame = string.Equals(spelled, mode, StringComparison.OrdinalIgnoreCase) || (mode == "AUTO" && string.Equals(spelled, "VALIDATED", StringComparison.OrdinalIgnoreCase))
            || (choice is { Mode: "allowed", AllowedRequired: false } && !string.Equals(spelled, "ANY", StringComparison.OrdinalIgnoreCase));
        if (!isSame) writer.WriteString("mode"u8, mode);
        else if (spelled is not null) writer.WriteString("mode"u8, spelled);
        var allowed = GeminiToolWriter.Allowed(choice);
        if (allowed.Count == 0 && !notes.Has("allowedFunctionNames")) return;
        writer.WriteStartArray(notes.Name("allowedFunctionNames", prefix));
        foreach (string name in allowed) writer.WriteStringValue(name);
        writer.WriteEndArray();
    }
}
