using System.Text.Json;
using Sluice.Chat;
using Sluice.Formats.Json;
using Sluice.Wire;

namespace Sluice.Formats.AnthropicMessages;

/// <summary>Reads a request body (the SDK's <c>MessageCreateParams</c>).</summary>
internal static class AnthropicRequestReader
{
    /// <summary>Reads a body; <c>max_tokens</c> is not demanded, since another upstream may not need it.</summary>
    public static ChatRequest Read(JsonElement root, WireRequest wire)
    {
        var messages = new List<ChatMessage>();
        string? emptySystem = ReadSystem(root, messages);
        ReadMessages(root, messages);
        var metadata = root.Object("metadata"u8);
        var outputConfig = root.Object("output_config"u8);
        var legacyFormat = root.Object("output_format"u8);
        var stop = root.Array("stop_sequences"u8);
        string? betas = wire.Headers.GetValueOrDefault("anthropic-beta");
        string? shape = Shape.Of(
            emptySystem,
            root.Boolean("stream"u8) is not null ? "stream" : null,
            stop is { } s && s.GetArrayLength() == 0 ? "stop_sequences" : null,
            root.Array("tools"u8) is { } t && t.GetArrayLength() == 0 ? "tools" : null,
            legacyFormat is not null ? "output_format" : null,
            betas is null ? null : "betas=" + betas);
        var choice = AnthropicTools.ReadChoice(root.Object("tool_choice"u8));
        return new ChatRequest
        {
            Model = root.RequiredString("model"u8),
            Messages = messages,
            Tools = AnthropicTools.Read(root.Array("tools"u8)),
            ToolChoice = choice,
            ParallelToolCalls = root.Object("tool_choice"u8)?.Boolean("disable_parallel_tool_use"u8, "tool_choice") is { } single ? !single : null,
            AnswerFormat = ReadFormat(outputConfig?.Object("format"u8, "output_config") ?? legacyFormat),
            Reasoning = ReadReasoning(root.Object("thinking"u8), outputConfig),
            Stream = root.Boolean("stream"u8) ?? false,
            MaxTokens = root.Int64("max_tokens"u8),
            Temperature = root.Double("temperature"u8),
            TopP = root.Double("top_p"u8),
            TopK = root.Int64("top_k"u8),
            Stop = ReadStop(stop),
            User = metadata?.String("user_id"u8, "metadata"),
            ServiceTier = root.String("service_tier"u8),
            Notes = Notes(root, shape, metadata, outputConfig),
        };
    }

    // Members of nested objects that have no place of their own ride under the object's name.
    private static WireNotes Notes(JsonElement root, string? shape, JsonElement? metadata, JsonElement? outputConfig)
    {
        var notes = NotesBuilder.Of(AnthropicNames.Id, root, AnthropicNames.Request, shape) ?? AnthropicNames.Origin;
        var metadataRest = metadata.Rest(AnthropicNames.Metadata);
        var outputRest = outputConfig.Rest(AnthropicNames.OutputConfig);
        if (metadataRest.IsAbsent && outputRest.IsAbsent) return notes;
        var fields = new List<KeyValuePair<string, RawJson>>(notes.Fields);
        if (!metadataRest.IsAbsent) fields.Add(new("metadata", metadataRest));
        if (!outputRest.IsAbsent) fields.Add(new("output_config", outputRest));
        return notes with { Fields = fields };
    }

    private static string? ReadSystem(JsonElement root, List<ChatMessage> messages)
    {
        if (root.Get("system"u8) is not { } system) return null;
        bool isString = system.ValueKind == JsonValueKind.String;
        if (isString ? system.GetString()!.Length == 0 : system.ValueKind == JsonValueKind.Array && system.GetArrayLength() == 0) return "system=" + system.GetRawText();
        var parts = AnthropicBlockReader.ReadContent(system, "system");
        messages.Add(new ChatMessage(Role.System, parts) { Notes = new WireNotes(AnthropicNames.Id) { Shape = isString ? "system=string" : "system=list" } });
        return null;
    }

    private static void ReadMessages(JsonElement root, List<ChatMessage> messages)
    {
        var list = root.Array("messages"u8) ?? throw new WireFormatException("messages", "is missing; a list is required");
        int index = 0;
        foreach (var message in list.EnumerateArray())
        {
            string path = $"messages[{index++}]";
            if (message.ValueKind != JsonValueKind.Object) throw new WireFormatException(path, "must be an object with role and content");
            string role = message.RequiredString("role"u8, path);
            var content = message.Get("content"u8) ?? throw new WireFormatException($"{path}.content", "is missing; a string or a list of content blocks is required");
            var parts = AnthropicCarriers.Restore(AnthropicBlockReader.ReadContent(content, $"{path}.content"));
            string? shape = content.ValueKind == JsonValueKind.String ? "string" : null;
            messages.Add(new ChatMessage(new Role(role), parts) { Notes = NotesBuilder.Of(AnthropicNames.Id, message, AnthropicNames.Message, shape) });
        }
    }

    private static AnswerFormat? ReadFormat(JsonElement? format)
    {
        if (format is not { } value) return null;
        return new AnswerFormat(value.RequiredString("type"u8, "output_config.format"))
        {
            Schema = value.Raw("schema"u8),
            Notes = NotesBuilder.Of(AnthropicNames.Id, value, AnthropicNames.AnswerFormat),
        };
    }

    private static ReasoningOptions? ReadReasoning(JsonElement? thinking, JsonElement? outputConfig)
    {
        string? effort = outputConfig?.String("effort"u8, "output_config");
        if (thinking is not { } value) return effort is null ? null : new ReasoningOptions { Effort = effort, Notes = AnthropicNames.Origin };
        string type = value.RequiredString("type"u8, "thinking");
        return new ReasoningOptions
        {
            Enabled = type != "disabled",
            IsAdaptive = type == "adaptive",
            BudgetTokens = value.Int32("budget_tokens"u8, "thinking"),
            Effort = effort,
            IncludeText = value.String("display"u8, "thinking") switch { "summarized" => true, "omitted" => false, _ => null },
            Notes = NotesBuilder.Of(AnthropicNames.Id, value, AnthropicNames.Thinking, Shape.Of("type=" + type, value.Text("display"u8) is { } display ? "display=" + display : null)),
        };
    }

    private static List<string> ReadStop(JsonElement? stop)
    {
        var texts = new List<string>();
        if (stop is null) return texts;
        foreach (var item in stop.Value.EnumerateArray())
        {
            texts.Add(item.ValueKind == JsonValueKind.String ? item.GetString()! : throw new WireFormatException($"stop_sequences[{texts.Count}]", "must be a string"));
        }
        return texts;
    }
}
