using System.Text.Json;
using Sluice.Chat;
using Sluice.Formats.Json;
using Sluice.Wire;

namespace Sluice.Formats.AnthropicMessages;

/// <summary>Structured answers: <c>output_config.format</c>, by schema only.</summary>
internal static class AnthropicAnswerFormat
{
    /// <summary>The format as this one can say it; <see langword="null"/> where it is plain text or cannot be said.</summary>
    public static AnswerFormat? Fit(AnswerFormat? format, bool own, AnthropicModelRules rules, LossReport losses)
    {
        if (own || format is null or { Type: "text" }) return own ? format : null;
        if (format.Type != "json_schema" || format.Schema.IsAbsent)
        {
            losses.Dropped("answer_format", "this format has no JSON mode without a schema");
            return null;
        }
        if (!rules.HasStructuredOutput)
        {
            losses.Dropped("answer_format", "this model takes no answer schema");
            return null;
        }
        var closed = AnthropicSchema.Close(format.Schema, out bool loosened);
        if (loosened) losses.Changed("answer_format.schema", "limits that this format does not take were left out");
        return format with { Schema = closed };
    }

    /// <summary>Writes the format under a name.</summary>
    public static void Write(Utf8JsonWriter writer, string name, AnswerFormat format)
    {
        writer.WriteStartObject(name);
        writer.WriteString("type"u8, format.Type);
        if (!format.Schema.IsAbsent)
        {
            writer.WritePropertyName("schema"u8);
            format.Schema.WriteTo(writer);
        }
        writer.WriteKept(format.Notes, AnthropicNames.Id);
        writer.WriteEndObject();
    }
}
