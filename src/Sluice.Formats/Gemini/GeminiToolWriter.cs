using System.Text.Json;
using Sluice.Chat;
using Sluice.Wire;

namespace Sluice.Formats.Gemini;

/// <summary>Writes <c>tools</c> and <c>toolConfig</c> for a request of another format.</summary>
internal static class GeminiToolWriter
{
    public static void Write(Utf8JsonWriter writer, ChatRequest request, TranslationContext context, GeminiToolNames names)
    {
        bool hasFunctions = request.Tools.Any(t => t is FunctionTool or CustomTool);
        bool isGeneration3 = GeminiModels.Of(context.UpstreamModel).IsGeneration3;
        var hosted = Hosted(request, context, hasFunctions && !isGeneration3);
        if (hosted.Count > 0 || hasFunctions)
        {
            writer.WriteStartArray("tools"u8);
            foreach (string type in hosted)
            {
                writer.WriteStartObject();
                writer.WriteStartObject(type);
                writer.WriteEndObject();
                writer.WriteEndObject();
            }
            if (hasFunctions) WriteFunctions(writer, request, context, names);
            writer.WriteEndArray();
        }
        // The Gemini API wants to be told when its own tools run beside functions; Vertex AI does not know the member.
        bool both = hosted.Count > 0 && hasFunctions && context.Vendor != "vertex";
        // A choice without declared functions is refused, also beside Google's own tools.
        var choice = hasFunctions ? Reachable(request, context.Losses) : null;
        if (choice is null && !both) return;
        writer.WriteStartObject("toolConfig"u8);
        if (choice is not null)
        {
            writer.WriteStartObject("functionCallingConfig"u8);
            WriteChoice(writer, choice, names);
            writer.WriteEndObject();
        }
        if (both) writer.WriteBoolean("includeServerSideToolInvocations"u8, true);
        writer.WriteEndObject();
    }

    // Only declared functions can be named.
    private static ToolChoice? Reachable(ChatRequest request, LossReport losses)
    {
        if (request.ToolChoice is not { } choice || choice.Mode is not ("tool" or "allowed")) return request.ToolChoice;
        var names = request.Tools.Select(t => t is FunctionTool f ? f.Name : (t as CustomTool)?.Name).ToHashSet(StringComparer.Ordinal);
        string[] declared = [.. Allowed(choice).Where(names.Contains)];
        if (declared.Length == Allowed(choice).Count) return choice;
        losses.Changed("tool_choice", "Gemini can be held to declared functions only");
        if (declared.Length > 0) return choice with { Mode = "allowed", Allowed = declared, AllowedRequired = choice.Mode == "tool" || choice.AllowedRequired };
        return null;
    }

    private static void WriteChoice(Utf8JsonWriter writer, ToolChoice choice, GeminiToolNames names)
    {
        writer.WriteString("mode"u8, Mode(choice));
        var allowed = Allowed(choice);
        if (allowed.Count == 0) return;
        writer.WriteStartArray("allowedFunctionNames"u8);
        foreach (string name in allowed) writer.WriteStringValue(names.Of(name));
        writer.WriteEndArray();
    }

    /// <summary>The word for a choice. Names beside <c>AUTO</c> are refused; <c>VALIDATED</c> takes them and leaves the model free to answer.</summary>
    public static string Mode(ToolChoice choice) => choice switch
    {
        { Mode: "none" } => "NONE",
        { Mode: "required" or "tool" } => "ANY",
        { Mode: "allowed" } => choice.AllowedRequired ? "ANY" : "VALIDATED",
        _ => "AUTO",
    };

    /// <summary>The names that go with it.</summary>
    public static IReadOnlyList<string> Allowed(ToolChoice choice) => choice.Mode == "tool" && choice.Name is not null ? [choice.Name] : choice.Allowed;

    private static void WriteFunctions(Utf8JsonWriter writer, ChatRequest request, TranslationContext context, GeminiToolNames names)
    {
        writer.WriteStartObject();
        writer.WriteStartArray("functionDeclarations"u8);
        for (int i = 0; i < request.Tools.Count; i++)
        {
            if (request.Tools[i] is FunctionTool function) WriteFunction(writer, function, $"tools[{i}]", context.Losses, names);
            else if (request.Tools[i] is CustomTool custom) WriteCustom(writer, custom, $"tools[{i}]", context.Losses, names);
        }
        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void WriteFunction(Utf8JsonWriter writer, FunctionTool function, string path, LossReport losses, GeminiToolNames names)
    {
        losses.Unknown(function.Notes, WireFormatId.GeminiGenerate, path);
        if (function.Strict == true) losses.Dropped($"{path}.strict", "Gemini holds calls to their schema by its own rules");
        if (function.Cache is not null) losses.Dropped($"{path}.cache", "Gemini caches prompts by itself and has no markers");
        var unsupported = GeminiSchema.UnsupportedKeywords(function.Parameters);
        if (unsupported.Count > 0) losses.Changed($"{path}.parameters", $"Gemini does not hold arguments to {string.Join(", ", unsupported)}");
        writer.WriteStartObject();
        writer.WriteString("name"u8, names.Of(function.Name));
        if (function.Description is not null) writer.WriteString("description"u8, function.Description);
        if (!IsEmpty(function.Parameters))
        {
            writer.WritePropertyName("parametersJsonSchema"u8);
            function.Parameters.WriteTo(writer);
        }
        writer.WriteEndObject();
    }

    private static void WriteCustom(Utf8JsonWriter writer, CustomTool tool, string path, LossReport losses, GeminiToolNames names)
    {
        losses.Unknown(tool.Notes, WireFormatId.GeminiGenerate, path);
        losses.Changed(path, "Gemini has no tools that take free text: it is a function with one text, 'input'");
        if (!tool.Format.IsAbsent) losses.Dropped($"{path}.format", "Gemini has no grammars for a tool's input");
        writer.WriteStartObject();
        writer.WriteString("name"u8, names.Of(tool.Name));
        if (tool.Description is not null) writer.WriteString("description"u8, tool.Description);
        writer.WritePropertyName("parametersJsonSchema"u8);
        writer.WriteRawValue("""{"type":"object","properties":{"input":{"type":"string"}},"required":["input"]}"""u8, skipInputValidation: true);
        writer.WriteEndObject();
    }

    private static bool IsEmpty(RawJson schema) => schema.IsAbsent || schema.IsNull || schema.ToElement() is { ValueKind: JsonValueKind.Object } e && !e.EnumerateObject().Any();

    private static List<string> Hosted(ChatRequest request, TranslationContext context, bool isExcluded)
    {
        var hosted = new List<string>();
        for (int i = 0; i < request.Tools.Count; i++)
        {
            if (request.Tools[i] is not HostedTool tool) continue;
            context.Losses.Unknown(tool.Notes, WireFormatId.GeminiGenerate, $"tools[{i}]");
            string? type = Equal(tool.Type);
            if (type is null) context.Losses.Dropped($"tools[{i}]", $"Gemini has no tool like {tool.Format}'s '{tool.Type}'");
            else if (isExcluded) context.Losses.Dropped($"tools[{i}]", "before Gemini 3 the provider's own tools cannot stand beside functions");
            else if (hosted.Contains(type)) context.Losses.Dropped($"tools[{i}]", $"'{type}' is there already");
            else
            {
                hosted.Add(type);
                context.Losses.Changed($"tools[{i}]", $"{tool.Format}'s '{tool.Type}' became Gemini's '{type}' with its default settings");
            }
        }
        return hosted;
    }

    /// <summary>True for a tool that Google runs, or has its like of.</summary>
    public static bool Carries(HostedTool tool) => tool.Format == WireFormatId.GeminiGenerate || Equal(tool.Type) is not null;

    /// <summary>The tool of Google that does the same; <see langword="null"/> for none.</summary>
    private static string? Equal(string type) => type switch
    {
        _ when type.StartsWith("web_search", StringComparison.Ordinal) => "googleSearch",
        _ when type.StartsWith("code_execution", StringComparison.Ordinal) || type.StartsWith("code_interpreter", StringComparison.Ordinal) => "codeExecution",
        _ when type.StartsWith("web_fetch", StringComparison.Ordinal) => "urlContext",
        _ => null,
    };
}
