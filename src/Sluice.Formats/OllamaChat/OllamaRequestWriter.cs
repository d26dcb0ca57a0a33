using System.Text.Json;
using Sluice.Chat;
using Sluice.Formats.Json;
using Sluice.Formats.Shared;
using Sluice.Wire;

namespace Sluice.Formats.OllamaChat;

/// <summary>Writes the body of <c>POST /api/chat</c>.</summary>
internal sealed class OllamaRequestWriter(ChatRequest request, TranslationContext context)
{
    private const Settings Has = Settings.TopK | Settings.MinP | Settings.Seed | Settings.Penalties | Settings.Stop | Settings.Logprobs | Settings.TopLogprobs;

    private static WireFormatId Id => WireFormatId.OllamaChat;

    private LossReport Losses => context.Losses;

    /// <summary>Writes the whole body.</summary>
    public void Write(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteString("model"u8, context.UpstreamModel);
        WriteMessages(writer);
        WriteTools(writer);
        OllamaSettings.Write(writer, request, Losses);
        SettingLosses.Report(request, Losses, "Ollama", Has);
        writer.WriteKept(request.Notes, Id, OllamaSettings.OptionsPrefix);
        Losses.Unknown(request.Notes, Id, "");
        writer.WriteEndObject();
    }

    private void WriteMessages(Utf8JsonWriter writer)
    {
        if (request.Messages.Count == 0 && request.Notes.Has(Id, OllamaRequestReader.NoMessages)) return;
        writer.WriteStartArray("messages"u8);
        new OllamaMessageWriter(request, context).Write(writer);
        writer.WriteEndArray();
    }

    private void WriteTools(Utf8JsonWriter writer)
    {
        var offered = OfferedTools.Select(request, Losses, named: false, none: true);
        if (offered.Count == 0)
        {
            if (!request.Notes.Has(Id, OllamaRequestReader.EmptyTools)) return;
            writer.WriteStartArray("tools"u8);
            writer.WriteEndArray();
            return;
        }
        if (request.ToolChoice is { Mode: "required" or "tool" } or { Mode: "allowed", AllowedRequired: true })
        {
            Losses.Dropped("tool_choice", "Ollama lets the model decide whether it calls a tool");
        }
        writer.WriteStartArray("tools"u8);
        foreach (var (tool, index) in offered) WriteTool(writer, tool, $"tools[{index}]");
        writer.WriteEndArray();
    }

    private void WriteTool(Utf8JsonWriter writer, FunctionTool tool, string path)
    {
        writer.WriteStartObject();
        if (!tool.Notes.Has(Id, "no-type")) writer.WriteString("type"u8, tool.Notes.Value(Id, "type") ?? "function");
        writer.WriteStartObject("function"u8);
        writer.WriteString("name"u8, tool.Name);
        if (tool.Description is not null) writer.WriteString("description"u8, tool.Description);
        if (!tool.Parameters.IsAbsent)
        {
            writer.WritePropertyName("parameters"u8);
            tool.Parameters.WriteTo(writer);
        }
        else if (!tool.Notes.Has(Id, "no-parameters"))
        {
            writer.WritePropertyName("parameters"u8);
            writer.WriteRawValue("""{"type":"object","properties":{}}"""u8, skipInputValidation: true);
        }
        writer.WriteKeptUnder(tool.Notes, Id, "function.");
        writer.WriteEndObject();
        writer.WriteKept(tool.Notes, Id, "function.");
        writer.WriteEndObject();
        Losses.Unknown(tool.Notes, Id, path);
        if (tool.Strict == true) Losses.Dropped($"{path}.strict", "Ollama does not hold arguments to a schema");
        if (tool.Cache is not null) Losses.Dropped($"{path}.cache_control", "Ollama caches prompts by itself");
    }
}
