using Sluice.Chat;
using Sluice.Errors;
using Sluice.Wire;

namespace Sluice.Engine;

/// <summary>Everything that is known of a finished call: the one record that logs, metrics, traces and the ledger are made from.</summary>
public sealed record CallRecord
{
    /// <summary>The id that the answer carried.</summary>
    public required string RequestId { get; init; }

    /// <summary>The request id of the call that this one is a shadow copy of; no client saw its answer. <see langword="null"/> for a call of a client.</summary>
    public string? ShadowOf { get; init; }

    /// <summary>The client's format.</summary>
    public required WireFormatId Format { get; init; }

    /// <summary>When it began.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>From the request to the last byte of the answer.</summary>
    public required TimeSpan Duration { get; init; }

    /// <summary>The HTTP status that the client got; 499 for a client that left.</summary>
    public required int Status { get; init; }

    /// <summary>The id of the caller's virtual key; <see langword="null"/> where it presented none.</summary>
    public string? KeyId { get; init; }

    /// <summary>The key's name.</summary>
    public string? KeyName { get; init; }

    /// <summary>The model as the client asked for it; <see langword="null"/> where none was named.</summary>
    public string? RequestedModel { get; init; }

    /// <summary>The route's name; <see langword="null"/> where a model was named directly.</summary>
    public string? Route { get; init; }

    /// <summary>Who answered, or was tried last; <see langword="null"/> where nobody was.</summary>
    public string? Provider { get; init; }

    /// <summary>The model's name there.</summary>
    public string? Model { get; init; }

    /// <summary>The model as the answer names it.</summary>
    public string? AnsweredModel { get; init; }

    /// <summary>The lane.</summary>
    public Lane? Lane { get; init; }

    /// <summary>True for a streamed answer.</summary>
    public bool Streamed { get; init; }

    /// <summary>All tries in order.</summary>
    public IReadOnlyList<AttemptRecord> Attempts { get; init; } = [];

    /// <summary>Targets that were not tried because they could not serve the call or were not allowed.</summary>
    public IReadOnlyList<PassedOver> PassedOver { get; init; } = [];

    /// <summary>How many tries were sent; the others were kept back by a limit or a resting target.</summary>
    public int SentAttempts => Attempts.Count(a => a.IsSent);

    /// <summary>What was used; <see langword="null"/> where unknown.</summary>
    public Usage? Usage { get; init; }

    /// <summary>What it cost in USD, exact; <see langword="null"/> where that is unknown.</summary>
    public decimal? CostUsd { get; init; }

    /// <summary>What was asked for, as telemetry conventions call it: <c>chat</c>, <c>embeddings</c> ...</summary>
    public string Operation { get; init; } = "chat";

    /// <summary>How long the call queued for room under limits.</summary>
    public TimeSpan LimitWait { get; init; }

    /// <summary>How long it waited by intention: in queues, and before it tried again.</summary>
    public TimeSpan Waited { get; init; }

    /// <summary>Whether any attempt was sent.</summary>
    internal bool SentAny
    {
        get
        {
            foreach (var attempt in Attempts)
            {
                if (attempt.IsSent) return true;
            }
            return false;
        }
    }

    /// <summary>The model as a label: its name where the configuration has it, else <c>other</c>.</summary>
    public string ModelLabel { get; init; } = "other";

    /// <summary>The provider's vendor as telemetry conventions call it.</summary>
    public string ProviderName { get; init; } = "none";

    /// <summary>Characters of the answer seen, for an estimate where <see cref="Usage"/> is missing.</summary>
    public long OutputCharacters { get; init; }

    /// <summary>Why it failed; <see langword="null"/> on success.</summary>
    public GatewayError? Error { get; init; }

    /// <summary>The exception of a fault of the gateway's own; for the log only.</summary>
    public Exception? Fault { get; init; }

    /// <summary>What the client presented as its credential, for the mask of what is told of a failed call; <see langword="null"/> for nothing.</summary>
    internal IReadOnlyList<string>? Credentials { get; init; }

    /// <summary>The W3C trace id: of the span, or as the client sent it; <see langword="null"/> where there is none.</summary>
    public string? TraceId { get; init; }

    /// <summary>From the request to the first content; <see langword="null"/> where none came.</summary>
    public TimeSpan? FirstContent { get; init; }

    /// <summary>What could not be carried.</summary>
    public IReadOnlyList<Loss> Losses { get; init; } = [];
}
