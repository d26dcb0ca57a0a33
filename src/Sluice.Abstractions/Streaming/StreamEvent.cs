using Sluice.Chat;
using Sluice.Errors;
using Sluice.Wire;

namespace Sluice.Streaming;

/// <summary>
/// One step of a streamed answer. The order is: <see cref="ResponseStarted"/>; parts, each started, continued and ended (several
/// may be open at once); for each candidate <see cref="CandidateFinished"/> after its parts; then exactly one of
/// <see cref="ResponseEnded"/> or <see cref="StreamFailed"/>. <see cref="UsageReported"/>, <see cref="RawEvent"/> and
/// <see cref="KeepAlive"/> may come anywhere before the end. <see cref="StreamGrammar"/> checks it.
/// </summary>
public abstract record StreamEvent;

/// <summary>The answer begins.</summary>
public sealed record ResponseStarted : StreamEvent
{
    /// <summary>The provider's id; empty where the format has none.</summary>
    public string Id { get; init; } = "";

    /// <summary>The model that answers; empty where not said.</summary>
    public string Model { get; init; } = "";

    /// <summary>When it was made; <see langword="null"/> where not said.</summary>
    public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>The class of service, where said at the start.</summary>
    public string? ServiceTier { get; init; }

    /// <summary>OpenAI <c>system_fingerprint</c>.</summary>
    public string? SystemFingerprint { get; init; }

    /// <summary>What only the format of origin knows.</summary>
    public WireNotes? Notes { get; init; }
}

/// <summary>A part begins. <paramref name="Part"/> holds what is known at once (kind, ids, names) and usually no content yet; content that it has counts.</summary>
/// <param name="Candidate">Which answer, from 0.</param>
/// <param name="Index">Which part of it; unique within the candidate, ascending, not necessarily without gaps.</param>
/// <param name="Part">The part so far.</param>
public sealed record PartStarted(int Candidate, int Index, Part Part) : StreamEvent;

/// <summary>A part goes on.</summary>
/// <param name="Candidate">Which answer.</param>
/// <param name="Index">Which part; it must be open.</param>
/// <param name="Delta">What is added.</param>
public sealed record PartDelta(int Candidate, int Index, Delta Delta) : StreamEvent;

/// <summary>A part is complete.</summary>
/// <param name="Candidate">Which answer.</param>
/// <param name="Index">Which part; it must be open.</param>
public sealed record PartEnded(int Candidate, int Index) : StreamEvent
{
    /// <summary>The complete part where the format repeats it at the end (Responses <c>output_item.done</c>); it then replaces what was folded.</summary>
    public Part? Final { get; init; }
}

/// <summary>One of the answers has ended; its parts are all ended.</summary>
/// <param name="Candidate">Which answer.</param>
/// <param name="Reason">Why.</param>
public sealed record CandidateFinished(int Candidate, FinishReason Reason) : StreamEvent
{
    /// <summary>The stop sequence that was met, where known.</summary>
    public string? StopSequence { get; init; }

    /// <summary>What only the format of origin knows.</summary>
    public WireNotes? Notes { get; init; }
}

/// <summary>What was used so far. Replaces every earlier report; never to be added up.</summary>
/// <param name="Usage">The counts.</param>
public sealed record UsageReported(Usage Usage) : StreamEvent;

/// <summary>The answer is complete.</summary>
public sealed record ResponseEnded : StreamEvent
{
    /// <summary>The class of service that answered, where only the end says it.</summary>
    public string? ServiceTier { get; init; }

    /// <summary>What only the format of origin knows; where it repeats something of the start, this is the last word.</summary>
    public WireNotes? Notes { get; init; }
}

/// <summary>The answer broke off. Never told to a client as complete.</summary>
/// <param name="Error">Why.</param>
public sealed record StreamFailed(GatewayError Error) : StreamEvent;

/// <summary>An event that only one format knows; passed on when the same format comes out.</summary>
/// <param name="Format">Its format.</param>
/// <param name="Name">Its name, for reports.</param>
/// <param name="Json">Its data.</param>
public sealed record RawEvent(WireFormatId Format, string Name, RawJson Json) : StreamEvent;

/// <summary>The provider says that it is still there (Anthropic <c>ping</c>, SSE comments).</summary>
public sealed record KeepAlive : StreamEvent
{
    /// <summary>The one value.</summary>
    public static KeepAlive Instance { get; } = new();
}
