using Sluice.Chat;
using Sluice.Streaming;

namespace Sluice.Engine;

/// <summary>The stream events that a whole answer stands for.</summary>
internal static class ResponseEvents
{
    public static IEnumerable<StreamEvent> Of(ChatResponse response)
    {
        yield return new ResponseStarted
        {
            Id = response.Id,
            Model = response.Model,
            CreatedAt = response.CreatedAt,
            ServiceTier = response.ServiceTier,
            SystemFingerprint = response.SystemFingerprint,
            Notes = response.Notes,
        };
        foreach (var candidate in response.Candidates)
        {
            int index = 0;
            foreach (var part in candidate.Parts)
            {
                yield return new PartStarted(candidate.Index, index, Empty(part));
                if (Content(part) is { } delta) yield return new PartDelta(candidate.Index, index, delta);
                if (part.Signature is { } signature && part is ReasoningPart { IsRedacted: false }) yield return new PartDelta(candidate.Index, index, new SignatureDelta(signature));
                yield return new PartEnded(candidate.Index, index) { Final = part };
                index++;
            }
            yield return new CandidateFinished(candidate.Index, candidate.FinishReason ?? FinishReason.Stop) { StopSequence = candidate.StopSequence, Notes = candidate.Notes };
        }
        if (response.Usage is { } usage) yield return new UsageReported(usage);
        yield return new ResponseEnded();
    }

    private static Part Empty(Part part) => part switch
    {
        TextPart p => p with { Text = "" },
        RefusalPart p => p with { Text = "" },
        ReasoningPart { IsRedacted: false } p => p with { Text = "", SummaryParagraphs = [], Signature = null },
        ToolCallPart p => p with { Arguments = "" },
        _ => part,
    };

    private static Delta? Content(Part part) => part switch
    {
        TextPart { Text.Length: > 0 } p => new TextDelta(p.Text),
        RefusalPart p => new RefusalDelta(p.Text),
        ReasoningPart { IsRedacted: false, Text.Length: > 0 } p => new ReasoningDelta(p.Text),
        ToolCallPart { Arguments.Length: > 0 } p => new ArgumentsDelta(p.Arguments),
        _ => null,
    };
}
