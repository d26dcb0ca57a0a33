using System.Text.Json;
using Sluice.Chat;
using Sluice.Formats.Json;
using Sluice.Formats.Shared;
using Sluice.Wire;

namespace Sluice.Formats.AnthropicMessages;

/// <summary>Writes tools.</summary>
internal static class AnthropicToolWriter
{
    /// <summary>True for a tool that this format has a word for.</summary>
    public static bool Has(Tool tool) => tool is FunctionTool or CustomTool || (tool is HostedTool hosted && (hosted.Format == AnthropicNames.Id || AnthropicHostedTools.Has(hosted)));

    /// <summary>Writes one tool, or nothing where this format has none like it.</summary>
    public static void Write(Utf8JsonWriter writer, Tool tool, string path, AnthropicModelRules rules, TranslationContext context)
    {
        var losses = context.Losses;
        losses.Unknown(tool.Notes, AnthropicNames.Id, path);
        switch (tool)
        {
            case FunctionTool function:
                WriteFunction(writer, function, path, rules, context);
                break;
            case CustomTool custom:
                losses.Changed(path, "a free-text tool became a function with one text argument");
                if (!custom.Format.IsAbsent) losses.Dropped($"{path}.format", "this format has no grammars for tools");
                WriteCustom(writer, custom, context);
                break;
            case HostedTool { Format: var format } hosted when format == AnthropicNames.Id:
                hosted.Json.WriteTo(writer);
                break;
            case HostedTool hosted:
                AnthropicHostedTools.Write(writer, hosted, path, losses);
                break;
            default:
                losses.Dropped(path, "this format has no such tool");
                break;
        }
    }

    private static void WriteFunction(Utf8JsonWriter writer, FunctionTool tool, string path, AnthropicModelRules rules, TranslationContext context)
    {
        var own = tool.Notes.Own();
        writer.WriteStartObject();
        if (Shape.Has(own, "custom")) writer.WriteString("type"u8, "custom"u8);
        writer.WriteString("name"u8, own is null ? ToolNames.Fit(tool.Name, context, AnthropicCalls.MaxName) : tool.Name);
        if (tool.Description is not null) writer.WriteString("description"u8, tool.Description);
        WriteSchema(writer, tool.Parameters, own);
        if (own is not null || rules.HasStructuredOutput)
        {
            if (tool.Strict is { } strict && (strict || own is not null)) writer.WriteBoolean("strict"u8, strict);
        }
        else if (tool.Strict == true)
        {
            context.Losses.Dropped($"{path}.strict", "this model holds no tool to its schema");
        }
        AnthropicBlockWriter.WriteCache(writer, tool.Cache, own);
        writer.WriteKept(own, AnthropicNames.Id);
        writer.WriteEndObject();
    }

    // The schema is mandatory and must be one of an object.
    private static void WriteSchema(Utf8JsonWriter writer, RawJson schema, WireNotes? own)
    {
        if (schema.IsAbsent && own is not null) return;
        writer.WritePropertyName("input_schema"u8);
        if (schema.IsAbsent || schema.IsNull)
        {
            writer.WriteRawValue("""{"type":"object","properties":{}}"""u8, skipInputValidation: true);
            return;
        }
        using var document = JsonDocument.Parse(schema.Utf8, Decoding.Pieces);
        if (own is not null || document.RootElement.ValueKind != JsonValueKind.Object || document.RootElement.TryGetProperty("type"u8, out _))
        {
            schema.WriteTo(writer);
            return;
        }
        writer.WriteStartObject();
        writer.WriteString("type"u8, "object"u8);
        foreach (var member in document.RootElement.EnumerateObject()) member.WriteTo(writer);
        writer.WriteEndObject();
    }

    private static void WriteCustom(Utf8JsonWriter writer, CustomTool tool, TranslationContext context)
    {
        writer.WriteStartObject();
        writer.WriteString("name"u8, ToolNames.Fit(tool.Name, context, AnthropicCalls.MaxName));
        if (tool.Description is not null) writer.WriteString("description"u8, tool.Description);
        writer.WriteStartObject("input_schema"u8);
        writer.WriteString("type"u8, "object"u8);
        writer.WriteStartObject("properties"u8);
        writer.WriteStartObject(AnthropicToolInput.TextProperty);
        writer.WriteString("type"u8, "string"u8);
        writer.WriteEndObject();
        writer.WriteEndObject();
        writer.WriteStartArray("required"u8);
        writer.WriteStringValue(AnthropicToolInput.TextProperty);
        writer.WriteEndArray();
        writer.WriteEndObject();
        AnthropicBlockWriter.WriteCache(writer, tool.Cache, null);
        writer.WriteEndObject();
    }
}
