using System.Text.Json;
using Sluice.Chat;
using Sluice.Formats.Json;
using Sluice.Formats.Shared;
using Sluice.Wire;

namespace Sluice.Formats.CohereChat;

/// <summary>Writes the body of <c>POST /v2/chat</c>. The service refuses members that it does not know, so nothing unknown is ever written.</summary>
internal sealed class CohereRequestWriter(ChatRequest request, TranslationContext context)
{
    private const Settings Has = Settings.TopK | Settings.Seed | Settings.Penalties | Settings.Stop | Settings.Logprobs;

    private static WireFormatId Id => WireFormatId.CohereChat;

    private LossReport Losses => context.Losses;

    /// <summary>Writes the whole body.</summary>
    public void Write(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteString("model"u8, context.UpstreamModel);
        var messages = new CohereMessageWriter(request, context);
        writer.WriteStartArray("messages"u8);
        messages.Write(writer);
        writer.WriteEndArray();
        messages.WriteDocuments(writer);
        writer.WriteBoolean("stream"u8, request.Stream);
        WriteTools(writer);
        WriteSampling(writer);
        WriteAnswerFormat(writer);
        if (request.Reasoning is { } reasoning) WriteThinking(writer, reasoning);
        writer.WriteEndObject();
        SettingLosses.Report(request, Losses, "Cohere", Has);
        Losses.Unknown(request.Notes, Id, "");
    }

    private void WriteTools(Utf8JsonWriter writer)
    {
        var offered = OfferedTools.Select(request, Losses, named: true, none: false);
        if (offered.Count == 0) return;
        writer.WriteStartArray("tools"u8);
        foreach (var (tool, index) in offered) WriteTool(writer, tool, $"tools[{index}]");
        writer.WriteEndArray();
        int strict = offered.Count(t => t.Tool.Strict == true);
        if (strict == offered.Count) writer.WriteBoolean("strict_tools"u8, true);
        else if (strict > 0) Losses.Dropped("tools[].strict", "Cohere holds all tools to their schemas or none");
        string? choice = request.ToolChoice switch
        {
            { Mode: "none" } => "NONE",
            { Mode: "required" or "tool" } or { Mode: "allowed", AllowedRequired: true } => "REQUIRED",
            _ => null,
        };
        if (choice is not null) writer.WriteString("tool_choice"u8, choice);
    }

    private void WriteTool(Utf8JsonWriter writer, FunctionTool tool, string path)
    {
        writer.WriteStartObject();
        writer.WriteString("type"u8, "function"u8);
        writer.WriteStartObject("function"u8);
        writer.WriteString("name"u8, tool.Name);
        if (tool.Description is not null) writer.WriteString("description"u8, tool.Description);
        writer.WritePropertyName("parameters"u8);
        if (tool.Parameters.IsAbsent) writer.WriteRawValue("""{"type":"object","properties":{}}"""u8, skipInputValidation: true);
        else tool.Parameters.WriteTo(writer);
        writer.WriteEndObject();
        writer.WriteEndObject();
        Losses.Unknown(tool.Notes, Id, path);
        if (tool.Cache is not null) Losses.Dropped($"{path}.cache_control", "Cohere caches prompts by itself");
    }

    private void WriteSampling(Utf8JsonWriter writer)
    {
        if (request.MaxTokens is { } limit) writer.WriteNumber("max_tokens"u8, limit);
        if (request.Temperature is { } temperature) writer.WriteNumber("temperature"u8, temperature);
        if (request.TopP is { } p) writer.WriteNumber("p"u8, p);
        if (request.TopK is { } k) writer.WriteNumber("k"u8, k);
        if (request.Seed is { } seed) writer.WriteNumber("seed"u8, seed);
        if (request.PresencePenalty is { } presence) writer.WriteNumber("presence_penalty"u8, presence);
        if (request.FrequencyPenalty is { } frequency) writer.WriteNumber("frequency_penalty"u8, frequency);
        if (request.Logprobs == true) writer.WriteBoolean("logprobs"u8, true);
        if (request.Stop.Count == 0) return;
        writer.WriteStartArray("stop_sequences"u8);
        foreach (string stop in request.Stop) writer.WriteStringValue(stop);
        writer.WriteEndArray();
    }

    private void WriteAnswerFormat(Utf8JsonWriter writer)
    {
        if (request.AnswerFormat is not { } format || format.Type == "text") return;
        Losses.Unknown(format.Notes, Id, "response_format");
        if (format.Description is not null) Losses.Dropped("response_format.description", "Cohere takes the schema alone");
        writer.WriteStartObject("response_format"u8);
        writer.WriteString("type"u8, "json_object"u8);
        if (!format.Schema.IsAbsent)
        {
            writer.WritePropertyName("json_schema"u8);
            format.Schema.WriteTo(writer);
        }
        writer.WriteEndObject();
    }

    private void WriteThinking(Utf8JsonWriter writer, ReasoningOptions reasoning)
    {
        Losses.Unknown(reasoning.Notes, Id, "reasoning");
        if (reasoning.Summary is not (null or "auto")) Losses.Dropped("reasoning.summary", "Cohere gives the thinking itself, not a summary");
        if (reasoning.Wanted is not { } wanted) return;
        writer.WriteStartObject("thinking"u8);
        writer.WriteString("type"u8, wanted ? "enabled"u8 : "disabled"u8);
        if (wanted && Budget(reasoning) is { } budget) writer.WriteNumber("token_budget"u8, budget);
        writer.WriteEndObject();
    }

    // A budget that is only derived from an effort leaves room for the answer.
    private long? Budget(ReasoningOptions reasoning)
    {
        if (reasoning.BudgetTokens is { } asked) return asked > 0 ? asked : null;
        if (reasoning.Effort is null || ReasoningScale.BudgetOf(reasoning) is not { } derived) return null;
        return request.MaxTokens is { } limit && derived >= limit ? Math.Max(1, limit / 2) : derived;
    }
}
