using System.Buffers;
using System.Text.Json;
using Sluice.Chat;
using Sluice.Formats.AnthropicMessages;
using Sluice.Formats.Json;
using Sluice.Formats.Shared;
using Sluice.Wire;

namespace Sluice.Formats.BedrockConverse;

/// <summary>Writes request bodies. Model and streaming stand in the path.</summary>
internal static class BedrockRequestWriter
{
    /// <summary>Writes a body as the model accepts it.</summary>
    public static void Write(ChatRequest request, TranslationContext context, IBufferWriter<byte> output)
    {
        var model = BedrockModel.Of(context.UpstreamModel);
        var settings = BedrockSettings.Of(request, model, context);
        BedrockUnsaid.Report(request, context.Losses);
        JsonOutput.Write(output, (request, context, model, settings), static (writer, s) =>
        {
            writer.WriteStartObject();
            WriteConversation(writer, s.request, s.model, s.context);
            WriteInference(writer, s.request, s.settings);
            BedrockToolWriter.Write(writer, s.request, s.settings.Choice, s.model, s.context);
            s.settings.WriteModelFields(writer);
            WriteAnswerFormat(writer, s.request, s.context);
            BedrockUnsaid.WriteExtras(writer, s.request, s.context.Losses);
            writer.WriteEndObject();
        });
    }

    /// <summary>Writes what is counted of it, as <c>CountTokens</c> wants it.</summary>
    public static void WriteCounted(ChatRequest request, TranslationContext context, IBufferWriter<byte> output)
    {
        var model = BedrockModel.Of(context.UpstreamModel);
        var settings = BedrockSettings.Of(request, model, context);
        JsonOutput.Write(output, (request, context, model, settings), static (writer, s) =>
        {
            writer.WriteStartObject();
            writer.WriteStartObject("input"u8);
            writer.WriteStartObject("converse"u8);
            WriteConversation(writer, s.request, s.model, s.context);
            BedrockToolWriter.Write(writer, s.request, s.settings.Choice, s.model, s.context);
            writer.WriteEndObject();
            writer.WriteEndObject();
            writer.WriteEndObject();
        });
    }

    private static void WriteConversation(Utf8JsonWriter writer, ChatRequest request, BedrockModel model, TranslationContext context)
    {
        var arranged = new AlternatingTurns(WireFormatId.BedrockConverse, new BedrockAdmission(model, context.Losses), takesSystemInPlace: false, context.Losses);
        arranged.Arrange(request.Messages);
        var blocks = new BedrockBlockWriter(context);
        if (arranged.System.Count > 0)
        {
            writer.WritePropertyName("system"u8);
            blocks.WriteList(writer, arranged.System);
        }
        writer.WriteStartArray("messages"u8);
        foreach (var turn in arranged.Turns)
        {
            writer.WriteStartObject();
            writer.WriteString("role"u8, turn.Role);
            writer.WritePropertyName("content"u8);
            blocks.WriteList(writer, turn.Parts);
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
    }

    private static void WriteInference(Utf8JsonWriter writer, ChatRequest request, BedrockSettings settings)
    {
        writer.WriteStartObject("inferenceConfig"u8);
        if (settings.MaxTokens is { } limit) writer.WriteNumber("maxTokens"u8, limit);
        if (settings.Temperature is { } temperature) writer.WriteNumber("temperature"u8, temperature);
        if (settings.TopP is { } topP) writer.WriteNumber("topP"u8, topP);
        if (request.Stop.Any(s => !string.IsNullOrWhiteSpace(s)))
        {
            writer.WriteStartArray("stopSequences"u8);
            foreach (string text in request.Stop)
            {
                if (!string.IsNullOrWhiteSpace(text)) writer.WriteStringValue(text);
            }
            writer.WriteEndArray();
        }
        writer.WriteEndObject();
    }

    // The schema is a text that holds JSON.
    private static void WriteAnswerFormat(Utf8JsonWriter writer, ChatRequest request, TranslationContext context)
    {
        if (request.AnswerFormat is not { } format || format.Type == "text") return;
        if (format.Type != "json_schema" || format.Schema.IsAbsent)
        {
            context.Losses.Dropped("answer_format", "this format has no JSON mode without a schema");
            return;
        }
        if (BedrockModel.Of(context.UpstreamModel).IsClaude && !AnthropicModelRules.Of(context.UpstreamModel).HasStructuredOutput)
        {
            context.Losses.Dropped("answer_format", "this model takes no answer schema");
            return;
        }
        var schema = AnthropicSchema.Close(format.Schema, out bool loosened);
        if (loosened) context.Losses.Changed("answer_format.schema", "limits that this format does not take were left out");
        writer.WriteStartObject("outputConfig"u8);
        writer.WriteStartObject("textFormat"u8);
        writer.WriteString("type"u8, "json_schema"u8);
        writer.WriteStartObject("structure"u8);
        writer.WriteStartObject("jsonSchema"u8);
        if (format.Name is not null) writer.WriteString("name"u8, format.Name);
        if (format.Description is not null) writer.WriteString("description"u8, format.Description);
        writer.WriteString("schema"u8, schema.Utf8.Span);
        writer.WriteEndObject();
        writer.WriteEndObject();
        writer.WriteEndObject();
        writer.WriteEndObject();
    }
}
