using System.Buffers;
using System.Text.Json;
using Sluice.Chat;
using Sluice.Formats.Json;
using Sluice.Formats.Shared;
using Sluice.Wire;

namespace Sluice.Formats.AnthropicMessages;

/// <summary>Writes whole answers.</summary>
internal static class AnthropicResponseWriter
{
    /// <summary>Writes an answer. One of this format comes out as it went in; one of another format has every member that the SDK requires.</summary>
    public static void Write(ChatResponse response, TranslationContext context, IBufferWriter<byte> output)
    {
        bool own = response.Notes.IsOwn();
        var candidate = response.Candidates.Count > 0 ? response.Candidates[0] : new Candidate();
        var parts = own ? candidate.Parts : Translate(response, candidate, context.Losses);
        JsonOutput.Write(output, (response, candidate, parts, context, own), static (writer, s) =>
        {
            writer.WriteStartObject();
            writer.WriteString("id"u8, s.own || s.response.Id.Length > 0 ? s.response.Id : s.context.Ids.Next("msg_"));
            writer.WriteString("type"u8, "message"u8);
            writer.WriteString("role"u8, "assistant"u8);
            writer.WriteString("model"u8, s.own || s.response.Model.Length > 0 ? s.response.Model : s.context.Request?.Model ?? s.context.UpstreamModel);
            writer.WritePropertyName("content"u8);
            (s.own ? AnthropicBlockWriter.AsCame : AnthropicBlockWriter.Complete).WriteList(writer, s.parts);
            WriteEnd(writer, s.candidate, s.parts, s.context, s.own);
            WriteUsage(writer, s.response, s.own);
            if (s.own) writer.WriteKept(s.response.Notes, AnthropicNames.Id);
            else writer.WriteNull("diagnostics"u8);
            writer.WriteEndObject();
        });
    }

    private static List<Part> Translate(ChatResponse response, Candidate candidate, LossReport losses)
    {
        losses.Unknown(response.Notes, AnthropicNames.Id, "");
        losses.Unknown(candidate.Notes, AnthropicNames.Id, "candidates[0]");
        if (candidate.Logprobs is not null) losses.Dropped("candidates[0].logprobs", "this format has no token probabilities");
        for (int i = 1; i < response.Candidates.Count; i++) losses.Dropped($"candidates[{i}]", "this format has one answer only");
        var blocks = new List<Part>(candidate.Parts.Count);
        var parts = SpokenText.Once(candidate.Parts);
        for (int i = 0; i < parts.Count; i++) AnthropicAnswerParts.Add(parts[i], $"candidates[0].parts[{i}]", losses, blocks);
        return blocks;
    }

    private static void WriteEnd(Utf8JsonWriter writer, Candidate candidate, IReadOnlyList<Part> parts, TranslationContext context, bool own)
    {
        if (!own || candidate.FinishReason is not null)
        {
            writer.WriteString("stop_reason"u8, AnthropicFinish.Write(candidate.FinishReason, candidate.Notes, parts.Any(p => p is ToolCallPart), context.Losses));
        }
        if (candidate.StopSequence is { } sequence) writer.WriteString("stop_sequence"u8, sequence);
        else if (!own) writer.WriteNull("stop_sequence"u8);
        if (own)
        {
            writer.WriteKept(candidate.Notes, AnthropicNames.Id);
            return;
        }
        writer.WriteNull("stop_details"u8);
        writer.WriteNull("container"u8);
    }

    private static void WriteUsage(Utf8JsonWriter writer, ChatResponse response, bool own)
    {
        if (own && response.Usage is null) return;
        writer.WritePropertyName("usage"u8);
        if (response.Usage is { } usage && usage.RawFormat == AnthropicNames.Id) usage.Raw.WriteTo(writer);
        else AnthropicUsage.WriteWhole(writer, response.Usage, response.ServiceTier);
    }
}
