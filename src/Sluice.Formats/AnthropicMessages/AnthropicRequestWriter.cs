using System.Buffers;
using System.Text.Json;
using Sluice.Chat;
using Sluice.Formats.Json;
using Sluice.Formats.Shared;
using Sluice.Wire;

namespace Sluice.Formats.AnthropicMessages;

/// <summary>What a request body is for: the three endpoints that take one differ in a few members.</summary>
internal enum AnthropicRequestUse
{
    /// <summary><c>POST /v1/messages</c>.</summary>
    Messages,

    /// <summary><c>POST /v1/messages/count_tokens</c>: only what the model reads.</summary>
    CountTokens,

    /// <summary>Bedrock's <c>invoke</c>: model and streaming stand in the path.</summary>
    BedrockInvoke,
}

/// <summary>Writes request bodies.</summary>
internal static class AnthropicRequestWriter
{
    /// <summary>Writes a body. A request of this format comes out as it went in; one of another format as the model accepts it.</summary>
    public static void Write(ChatRequest request, TranslationContext context, AnthropicRequestUse use, IBufferWriter<byte> output)
    {
        bool own = request.Notes.IsOwn();
        var rules = AnthropicModelRules.Of(context.UpstreamModel);
        var settings = own ? AnthropicSettings.AsSaid(request) : AnthropicSettings.Fit(request, rules, context.Losses, context.MaxOutputTokens);
        if (!own) AnthropicUnsaid.Report(request, rules, context.Losses, use);
        JsonOutput.Write(output, (request, context, use, rules, settings), static (writer, s) =>
        {
            writer.WriteStartObject();
            if (s.use == AnthropicRequestUse.BedrockInvoke) WriteBedrockHead(writer, s.request);
            else writer.WriteString("model"u8, s.context.UpstreamModel);
            WriteConversation(writer, s.request, s.rules, s.context);
            WriteTools(writer, s.request, s.rules, s.context);
            WriteChoice(writer, s.request, s.settings, s.context);
            WriteThinking(writer, s.request, s.settings);
            WriteOutputConfig(writer, s.request, s.settings, s.rules, s.context.Losses);
            if (s.use != AnthropicRequestUse.CountTokens) WriteGeneration(writer, s.request, s.settings, s.use);
            WriteKept(writer, s.request);
            writer.WriteEndObject();
        });
    }

    // docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-anthropic-claude-messages-request-response.html
    private static void WriteBedrockHead(Utf8JsonWriter writer, ChatRequest request)
    {
        writer.WriteString("anthropic_version"u8, "bedrock-2023-05-31"u8);
        if (AnthropicBetas.Names(request) is not { Count: > 0 } betas) return;
        writer.WriteStartArray("anthropic_beta"u8);
        foreach (string beta in betas) writer.WriteStringValue(beta);
        writer.WriteEndArray();
    }

    private static void WriteConversation(Utf8JsonWriter writer, ChatRequest request, AnthropicModelRules rules, TranslationContext context)
    {
        if (request.Notes.IsOwn())
        {
            AnthropicOwnMessages.Write(writer, request, context.Losses);
            return;
        }
        var blocks = AnthropicBlockWriter.Brief(context);
        var arranged = new AlternatingTurns(AnthropicNames.Id, new AnthropicAdmission(context.Losses), rules.TakesSystemInPlace, context.Losses);
        arranged.Arrange(request.Messages);
        if (arranged.System.Count > 0)
        {
            writer.WritePropertyName("system"u8);
            WriteContent(writer, arranged.System, blocks);
        }
        writer.WriteStartArray("messages"u8);
        foreach (var turn in arranged.Turns)
        {
            writer.WriteStartObject();
            writer.WriteString("role"u8, turn.Role);
            writer.WritePropertyName("content"u8);
            WriteContent(writer, turn.Parts, blocks);
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
    }

    private static void WriteContent(Utf8JsonWriter writer, List<Part> parts, AnthropicBlockWriter blocks)
    {
        if (parts is [TextPart { Citations.Count: 0, Cache: null } only]) writer.WriteStringValue(only.Text);
        else blocks.WriteList(writer, parts);
    }

    private static void WriteTools(Utf8JsonWriter writer, ChatRequest request, AnthropicModelRules rules, TranslationContext context)
    {
        if (request.Tools.Count == 0 && !Shape.Has(request.Notes.Own(), "tools")) return;
        // An empty list is refused.
        bool any = request.Notes.IsOwn() || request.Tools.Any(AnthropicToolWriter.Has);
        if (any) writer.WriteStartArray("tools"u8);
        for (int i = 0; i < request.Tools.Count; i++) AnthropicToolWriter.Write(writer, request.Tools[i], $"tools[{i}]", rules, context);
        if (any) writer.WriteEndArray();
    }

    private static void WriteChoice(Utf8JsonWriter writer, ChatRequest request, AnthropicSettings settings, TranslationContext context)
    {
        var choice = settings.Choice;
        bool own = request.Notes.IsOwn();
        bool single = settings.ParallelToolCalls == false && choice?.Mode != "none";
        if (choice is null && !single) return;
        choice ??= ToolChoice.Auto;
        writer.WriteStartObject("tool_choice"u8);
        writer.WriteString("type"u8, choice.Mode == "required" ? "any" : choice.Mode);
        if (choice.Name is { } name) writer.WriteString("name"u8, own ? name : ToolNames.Fit(name, context, AnthropicCalls.MaxName));
        if (own && settings.ParallelToolCalls is { } parallel) writer.WriteBoolean("disable_parallel_tool_use"u8, !parallel);
        else if (single) writer.WriteBoolean("disable_parallel_tool_use"u8, true);
        writer.WriteKept(choice.Notes, AnthropicNames.Id);
        writer.WriteEndObject();
    }

    private static void WriteThinking(Utf8JsonWriter writer, ChatRequest request, AnthropicSettings settings)
    {
        if (settings.ThinkingType is null) return;
        writer.WriteStartObject("thinking"u8);
        writer.WriteString("type"u8, settings.ThinkingType);
        if (settings.Budget is { } budget) writer.WriteNumber("budget_tokens"u8, budget);
        if (settings.Display is { } display) writer.WriteString("display"u8, display);
        writer.WriteKept(request.Reasoning?.Notes, AnthropicNames.Id);
        writer.WriteEndObject();
    }

    private static void WriteOutputConfig(Utf8JsonWriter writer, ChatRequest request, AnthropicSettings settings, AnthropicModelRules rules, LossReport losses)
    {
        var own = request.Notes.Own();
        bool legacy = Shape.Has(own, "output_format");
        var rest = own.Field("output_config");
        var format = AnthropicAnswerFormat.Fit(request.AnswerFormat, own is not null, rules, losses);
        if (settings.Effort is not null || !rest.IsAbsent || (format is not null && !legacy))
        {
            if (!rest.IsNull)
            {
                writer.WriteStartObject("output_config"u8);
                if (settings.Effort is { } effort) writer.WriteString("effort"u8, effort);
                if (format is not null && !legacy) AnthropicAnswerFormat.Write(writer, "format", format);
                writer.WriteMembers(rest);
                writer.WriteEndObject();
            }
        }
        if (format is not null && legacy) AnthropicAnswerFormat.Write(writer, "output_format", format);
    }

    private static void WriteGeneration(Utf8JsonWriter writer, ChatRequest request, AnthropicSettings settings, AnthropicRequestUse use)
    {
        var own = request.Notes.Own();
        if (settings.MaxTokens is { } limit) writer.WriteNumber("max_tokens"u8, limit);
        if (settings.Temperature is { } temperature) writer.WriteNumber("temperature"u8, temperature);
        if (settings.TopP is { } topP) writer.WriteNumber("top_p"u8, topP);
        if (settings.TopK is { } topK) writer.WriteNumber("top_k"u8, topK);
        string[] stop = own is not null ? [.. request.Stop] : [.. request.Stop.Where(s => !string.IsNullOrWhiteSpace(s))];
        if (stop.Length > 0 || Shape.Has(own, "stop_sequences"))
        {
            writer.WriteStartArray("stop_sequences"u8);
            foreach (string text in stop) writer.WriteStringValue(text);
            writer.WriteEndArray();
        }
        var metadata = own.Field("metadata");
        if (request.User is not null || metadata is { IsAbsent: false, IsNull: false })
        {
            writer.WriteStartObject("metadata"u8);
            if (request.User is not null) writer.WriteString("user_id"u8, request.User);
            writer.WriteMembers(metadata);
            writer.WriteEndObject();
        }
        if (AnthropicUnsaid.ServiceTier(request) is { } tier) writer.WriteString("service_tier"u8, tier);
        if (use == AnthropicRequestUse.Messages && (request.Stream || Shape.Has(own, "stream"))) writer.WriteBoolean("stream"u8, request.Stream);
    }

    private static void WriteKept(Utf8JsonWriter writer, ChatRequest request)
    {
        if (request.Notes.Own() is not { } own) return;
        if (Shape.Value(own, "system") is { } system)
        {
            writer.WritePropertyName("system"u8);
            writer.WriteRawValue(system, skipInputValidation: true);
        }
        foreach (var (name, json) in own.Fields)
        {
            if (name is "metadata" or "output_config" && !json.IsNull) continue;
            writer.WritePropertyName(name);
            json.WriteTo(writer);
        }
    }
}
