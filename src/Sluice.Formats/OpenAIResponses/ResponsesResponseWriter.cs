using System.Text.Json;
using Sluice.Chat;
using Sluice.Wire;

namespace Sluice.Formats.OpenAIResponses;

/// <summary>Writes a whole answer.</summary>
internal static class ResponsesResponseWriter
{
    public static void Write(Utf8JsonWriter json, (ChatResponse Response, TranslationContext Context) state)
    {
        var (response, context) = state;
        context.Losses.Unknown(response.Notes, WireFormatId.OpenAIResponses, "");
        if (response.Candidates.Count > 1) context.Losses.Dropped("candidates", $"{WireFormatId.OpenAIResponses} holds one answer");
        var candidate = response.Candidates.Count > 0 ? response.Candidates[0] : new Candidate();
        context.Losses.Unknown(candidate.Notes, WireFormatId.OpenAIResponses, "candidates[0]");
        var (status, incomplete) = ResponsesFinish.Write(candidate.FinishReason, candidate.Parts.Any(p => p is RefusalPart), context.Losses);
        var now = context.Time.GetUtcNow();
        var created = response.CreatedAt ?? Whole(now);
        var facts = new ResponseFacts
        {
            Id = Id(response.Id, response.Notes, context),
            Model = response.Model.Length > 0 ? response.Model : context.Request?.Model ?? context.UpstreamModel,
            CreatedAt = created,
            CompletedAt = status == "completed" ? Whole(now > created ? now : created) : null,
            Status = status,
            IncompleteReason = incomplete,
            Error = status == "failed" ? ResponsesFinish.Failure(candidate.FinishReason) : null,
            ServiceTier = response.ServiceTier,
            Usage = response.Usage,
            Notes = response.Notes,
        };
        ResponsesEnvelope.Write(json, facts, context, writer => new ResponsesOutputWriter(writer, context)
        {
            Logprobs = candidate.Logprobs,
            LastStatus = status == "incomplete" ? "incomplete" : "completed",
        }.Write(candidate.Parts));
    }

    /// <summary>The answer's own id where it came in this format, else a new one: ids of other formats mean nothing to clients of this one.</summary>
    public static string Id(string id, WireNotes? notes, TranslationContext context) =>
        id.Length > 0 && ResponsesNotes.IsNative(notes) ? id : context.Ids.Next("resp_");

    /// <summary>A time in whole seconds, as this format tells it.</summary>
    public static DateTimeOffset Whole(DateTimeOffset at) => DateTimeOffset.FromUnixTimeSeconds(at.ToUnixTimeSeconds());
}
