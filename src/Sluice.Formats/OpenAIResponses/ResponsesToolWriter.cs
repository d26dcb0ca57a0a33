using System.Text.Json;
using Sluice.Chat;
using Sluice.Formats.Shared;
using Sluice.Wire;

namespace Sluice.Formats.OpenAIResponses;

/// <summary>Writes tools and the choice among them: in requests, and in answers, which repeat them.</summary>
internal static class ResponsesToolWriter
{
    private static readonly RawJson NoParameters = new("""{"type":"object","properties":{}}"""u8.ToArray());

    /// <summary>Writes the declared tools as an array.</summary>
    public static void WriteTools(Utf8JsonWriter json, IReadOnlyList<Tool> tools, TranslationContext context)
    {
        json.WriteStartArray();
        for (int i = 0; i < tools.Count; i++) WriteTool(json, tools[i], i, context);
        json.WriteEndArray();
    }

    /// <summary>True for a tool that OpenAI runs, or has its like of.</summary>
    public static bool Carries(HostedTool tool) => tool.Format == WireFormatId.OpenAIResponses || Equal(tool.Type) is not null;

    /// <summary>Writes <c>tool_choice</c>'s value.</summary>
    public static void WriteChoice(Utf8JsonWriter json, ToolChoice choice, IReadOnlyList<Tool> tools, TranslationContext context)
    {
        if (ResponsesNotes.IsNative(choice.Notes) && choice.Notes!.Fields is [{ Key: "tool_choice" } hosted, ..])
        {
            hosted.Value.WriteTo(json);
            return;
        }
        context.Losses.Unknown(choice.Notes, WireFormatId.OpenAIResponses, "tool_choice");
        switch (choice.Mode)
        {
            case "tool":
                json.WriteStartObject();
                var named = new ResponsesMembers(json, choice.Notes);
                named.Type(choice.Name is { } name && Customs(tools).Contains(name) ? "custom" : "function");
                named.String("name", Name(choice.Name ?? "", context));
                named.Rest();
                json.WriteEndObject();
                break;
            case "allowed":
                WriteAllowed(json, choice, tools, context);
                break;
            case "auto" or "none" or "required":
                json.WriteStringValue(choice.Mode);
                break;
            default:
                if (!ResponsesNotes.IsNative(choice.Notes)) context.Losses.Changed("tool_choice", $"'{choice.Mode}' is not known to {WireFormatId.OpenAIResponses}; the model decides");
                json.WriteStringValue(ResponsesNotes.IsNative(choice.Notes) ? choice.Mode : "auto");
                break;
        }
    }

    /// <summary>A tool's name in the letters that OpenAI allows.</summary>
    public static string Name(string name, TranslationContext context) => ToolNames.Fit(name, context);

    private static HashSet<string> Customs(IReadOnlyList<Tool> tools) => tools.OfType<CustomTool>().Select(t => t.Name).ToHashSet(StringComparer.Ordinal);

    private static void WriteAllowed(Utf8JsonWriter json, ToolChoice choice, IReadOnlyList<Tool> tools, TranslationContext context)
    {
        json.WriteStartObject();
        var members = new ResponsesMembers(json, choice.Notes);
        members.Type("allowed_tools");
        members.String("mode", choice.AllowedRequired ? "required" : "auto");
        if (!members.Kept("tools"))
        {
            members.Name("tools");
            json.WriteStartArray();
            var customs = Customs(tools);
            foreach (string name in choice.Allowed)
            {
                json.WriteStartObject();
                json.WriteString("type"u8, customs.Contains(name) ? "custom" : "function");
                json.WriteString("name"u8, Name(name, context));
                json.WriteEndObject();
            }
            json.WriteEndArray();
        }
        members.Rest();
        json.WriteEndObject();
    }

    private static void WriteTool(Utf8JsonWriter json, Tool tool, int index, TranslationContext context)
    {
        context.Losses.Unknown(tool.Notes, WireFormatId.OpenAIResponses, $"tools[{index}]");
        if (tool.Cache is not null) context.Losses.Dropped($"tools[{index}].cache", "OpenAI caches prompts by itself");
        switch (tool)
        {
            case FunctionTool function: WriteFunction(json, function, context); break;
            case CustomTool custom: WriteCustom(json, custom, context); break;
            case HostedTool { Format: var format } hosted when format == WireFormatId.OpenAIResponses: hosted.Json.WriteTo(json); break;
            case HostedTool hosted: WriteForeign(json, hosted, index, context); break;
            default: context.Losses.Dropped($"tools[{index}]", "this kind of tool is not known"); break;
        }
    }

    private static void WriteFunction(Utf8JsonWriter json, FunctionTool tool, TranslationContext context)
    {
        json.WriteStartObject();
        var members = new ResponsesMembers(json, tool.Notes);
        members.Type("function");
        members.String("name", Name(tool.Name, context));
        members.String("description", tool.Description);
        members.Raw("parameters", tool.Parameters.IsAbsent && !members.IsNative ? NoParameters : tool.Parameters);
        // Here a tool is strict unless it says otherwise; in every other format it is not.
        members.Boolean("strict", tool.Strict ?? (members.IsNative ? null : false));
        members.Rest();
        json.WriteEndObject();
    }

    private static void WriteCustom(Utf8JsonWriter json, CustomTool tool, TranslationContext context)
    {
        json.WriteStartObject();
        var members = new ResponsesMembers(json, tool.Notes);
        members.Type("custom");
        members.String("name", Name(tool.Name, context));
        members.String("description", tool.Description);
        if (members.IsNative || tool.Format.IsAbsent) members.Raw("format", tool.Format);
        else WriteGrammar(json, members, tool.Format.ToElement());
        members.Rest();
        json.WriteEndObject();
    }

    // Chat Completions nests what stands flat here: {"type":"grammar","grammar":{"syntax","definition"}}.
    private static void WriteGrammar(Utf8JsonWriter json, ResponsesMembers members, JsonElement format)
    {
        members.Name("format");
        if (format.ValueKind != JsonValueKind.Object || !format.TryGetProperty("grammar"u8, out var grammar) || grammar.ValueKind != JsonValueKind.Object)
        {
            format.WriteTo(json);
            return;
        }
        json.WriteStartObject();
        json.WriteString("type"u8, "grammar"u8);
        foreach (var member in grammar.EnumerateObject()) member.WriteTo(json);
        json.WriteEndObject();
    }

    private static void WriteForeign(Utf8JsonWriter json, HostedTool tool, int index, TranslationContext context)
    {
        string? equal = Equal(tool.Type);
        if (equal is null)
        {
            context.Losses.Dropped($"tools[{index}]", $"only {tool.Format} runs the tool {tool.Type}");
            return;
        }
        context.Losses.Changed($"tools[{index}]", $"offered as OpenAI's {equal}; the options of {tool.Type} are not carried");
        json.WriteStartObject();
        json.WriteString("type"u8, equal);
        if (equal == "code_interpreter")
        {
            json.WriteStartObject("container"u8);
            json.WriteString("type"u8, "auto"u8);
            json.WriteEndObject();
        }
        json.WriteEndObject();
    }

    // Web search and code execution are offered by all the large vendors, each under a name of its own.
    private static string? Equal(string type) => type switch
    {
        _ when type.StartsWith("web_search", StringComparison.Ordinal) => "web_search",
        "googleSearch" or "google_search" or "googleSearchRetrieval" or "google_search_retrieval" => "web_search",
        _ when type.StartsWith("code_execution", StringComparison.Ordinal) => "code_interpreter",
        "codeExecution" or "code_interpreter" => "code_interpreter",
        _ => null,
    };
}
