using Sluice.Telemetry.Tracing;

namespace Sluice.Engine;

/// <summary>Makes the record of a call.</summary>
internal static class CallRecorder
{
    /// <summary>The record of a call that has ended. What it used and cost is what it was settled with.</summary>
    public static CallRecord Ended(CallContext call, TimeProvider time) => call.Settled is not { } settled || call.Error is not null
        ? Of(call, time)
        : settled with { Duration = time.GetElapsedTime(call.Started), Status = call.Status, Attempts = call.Attempts };

    /// <summary>The record of a call as it stands.</summary>
    public static CallRecord Of(CallContext call, TimeProvider time) => new()
    {
        RequestId = call.Inbound.RequestId,
        ShadowOf = call.ShadowOf,
        Operation = call.Operation,
        ModelLabel = call.Target is { } target ? call.Gateway.LabelOf(target) : "other",
        ProviderName = call.Target?.Provider.GenAIName ?? "none",
        LimitWait = call.LimitWait,
        Waited = call.WaitedInAll,
        Format = call.Inbound.Format.Id,
        StartedAt = call.StartedAt,
        Duration = time.GetElapsedTime(call.Started),
        Status = call.Inbound.Aborted.IsCancellationRequested && call.Error is not null ? 499 : call.Status,
        KeyId = call.Inbound.Caller?.KeyId,
        KeyName = call.Inbound.Caller?.Name,
        RequestedModel = call.Head.Model,
        Route = call.Route?.IsNamed == true ? call.Route.Name : null,
        Provider = call.Target?.Provider.Name,
        Model = call.Target?.Model,
        AnsweredModel = call.AnsweredModel,
        Lane = call.Lane,
        Streamed = call.Head.Stream,
        Attempts = call.Current is { IsRecorded: false, Began: { } began } current ? [.. call.Attempts, UnderWay(current, began, time)] : call.Attempts,
        PassedOver = call.PassedOver ?? [],
        Usage = call.Usage,
        CostUsd = call.Gateway.Costs.Of(call),
        OutputCharacters = call.OutputCharacters,
        Error = call.Error,
        Fault = call.Fault,
        FirstContent = call.FirstContentAt is { } first ? time.GetElapsedTime(call.Started, first) : null,
        Losses = call.Losses?.Losses ?? [],
        Credentials = call.Error is null ? null : call.Credentials,
        TraceId = call.Follower?.TraceId ?? TraceContext.TraceId(call.Inbound.Headers),
    };

    // A call is settled while its last attempt still hands over what is certain to be a good answer.
    private static AttemptRecord UnderWay(Attempt attempt, long began, TimeProvider time) => new()
    {
        Provider = attempt.Target.Provider.Name,
        Model = attempt.Target.Model,
        ProviderName = attempt.Target.Provider.GenAIName,
        ModelLabel = attempt.Call.Gateway.LabelOf(attempt.Target),
        Lane = attempt.Lane ?? Lane.Verbatim,
        UpstreamStatus = 200,
        Duration = time.GetElapsedTime(began),
        FirstContent = attempt.FirstContentAt is { } first ? time.GetElapsedTime(began, first) : null,
    };
}
