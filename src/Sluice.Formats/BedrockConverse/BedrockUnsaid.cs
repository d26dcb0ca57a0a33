using System.Text.Json;
using Sluice.Chat;
using Sluice.Formats.Shared;
using Sluice.Wire;

namespace Sluice.Formats.BedrockConverse;

/// <summary>Settings that Converse has no word for, and the few that stand beside the conversation.</summary>
internal static class BedrockUnsaid
{
    /// <summary>Reports what will not be written.</summary>
    public static void Report(ChatRequest request, LossReport losses)
    {
        losses.Unknown(request.Notes, WireFormatId.BedrockConverse, "");
        losses.Unknown(request.ToolChoice?.Notes, WireFormatId.BedrockConverse, "tool_choice");
        losses.Unknown(request.AnswerFormat?.Notes, WireFormatId.BedrockConverse, "answer_format");
        losses.Unknown(request.Reasoning?.Notes, WireFormatId.BedrockConverse, "reasoning");
        SettingLosses.Report(request, losses, "Bedrock", Settings.TopK | Settings.Stop | Settings.Metadata | Settings.ServiceTier);
        if (request.Stop.Any(string.IsNullOrWhiteSpace)) losses.Dropped("stop", "a stop sequence of white space is refused by this format");
    }

    /// <summary>Writes labels and class of service.</summary>
    public static void WriteExtras(Utf8JsonWriter writer, ChatRequest request, LossReport losses)
    {
        if (request.Metadata is { IsAbsent: false, IsNull: false })
        {
            if (IsLabels(request.Metadata))
            {
                writer.WritePropertyName("requestMetadata"u8);
                request.Metadata.WriteTo(writer);
            }
            else
            {
                losses.Dropped("metadata", "this format takes at most 16 labels of plain text");
            }
        }
        if (request.ServiceTier is "priority" or "default" or "flex" or "reserved")
        {
            writer.WriteStartObject("serviceTier"u8);
            writer.WriteString("type"u8, request.ServiceTier);
            writer.WriteEndObject();
        }
        else if (request.ServiceTier is not (null or "auto" or "standard_only"))
        {
            losses.Dropped("service_tier", $"this format has no tier '{request.ServiceTier}'");
        }
    }

    private static bool IsLabels(RawJson metadata)
    {
        var element = metadata.ToElement();
        if (element.ValueKind != JsonValueKind.Object) return false;
        int count = 0;
        foreach (var label in element.EnumerateObject())
        {
            if (++count > 16 || label.Value.ValueKind != JsonValueKind.String || !IsPlain(label.Name) || !IsPlain(label.Value.GetString()!)) return false;
        }
        return true;
    }

    private static bool IsPlain(string text) => text.Length <= 256 && text.All(c => char.IsAsciiLetterOrDigit(c) || c is ' ' or ':' or '_' or '@' or '$' or '#' or '=' or '/' or '+' or ',' or '-' or '.');
}
