using Sluice.Errors;
using Sluice.Routing;
using Sluice.Wire;

namespace Sluice.Engine;

/// <summary>The way of a call: read its head, route, admit, attempt, settle. Safe for any number of calls at once.</summary>
public sealed class CallEngine
{
    private readonly GatewayState _state;
    private readonly AttemptLoop _attempts;
    private readonly IReadOnlyList<ICallGuard> _guards;
    private readonly IReadOnlyList<ICallObserver> _observers;
    private readonly TimeProvider _time;
    private readonly TargetSelector _selector;
    private readonly RouteLimits _routeLimits;
    private int _open;

    /// <summary>Makes an engine.</summary>
    /// <param name="state">The configuration in force and what outlives it.</param>
    /// <param name="guards">Asked in order whether a call may go on.</param>
    /// <param name="observers">Told of every finished call.</param>
    /// <param name="time">The clock.</param>
    /// <param name="random">For ids and jitter; locked by the engine.</param>
    public CallEngine(GatewayState state, IReadOnlyList<ICallGuard> guards, IReadOnlyList<ICallObserver> observers, TimeProvider time, Random random)
    {
        (_state, _guards, _observers, _time) = (state, guards, observers, time);
        Ids = new IdSource(random);
        Memory = new ConversationMemory(time);
        _selector = new TargetSelector(random);
        _routeLimits = new RouteLimits(time);
        _attempts = new AttemptLoop(new TargetAttempts(new AttemptRunner(new TranslatedPreparer(Memory, Ids, time), Memory, time), time, random), _routeLimits, time);
    }

    /// <summary>Where request ids come from.</summary>
    public IIdSource Ids { get; }

    /// <summary>How many calls are under way.</summary>
    public int OpenCalls => Volatile.Read(ref _open);

    /// <summary>What calls remember of each other.</summary>
    internal ConversationMemory Memory { get; }

    /// <summary>Serves one call to its end. Every failure is written to the sink in the client's format.</summary>
    public async Task RunAsync(InboundCall inbound, ICallSink sink)
    {
        ArgumentNullException.ThrowIfNull(inbound);
        ArgumentNullException.ThrowIfNull(sink);
        Interlocked.Increment(ref _open);
        try
        {
            await RunCallAsync(inbound, sink).ConfigureAwait(false);
        }
        finally
        {
            Interlocked.Decrement(ref _open);
        }
    }

    private async Task RunCallAsync(InboundCall inbound, ICallSink sink)
    {
        var call = new CallContext(inbound, _state.Current, _time.GetTimestamp(), _time.GetUtcNow());
        int admitted = 0;
        var error = Read(call);
        if (error is null)
        {
            (error, admitted) = await AdmitAsync(call).ConfigureAwait(false);
            if (admitted > 0) call.Settlement = settled => SettleAsync(settled, admitted);
            error ??= await ServeAsync(call, sink).ConfigureAwait(false);
        }
        call.Error = error;
        call.Status = error is null || sink.HasStarted ? 200 : error.StatusOrDefault;
        await call.SettleAsync().ConfigureAwait(false);
        if (error is not null && !sink.HasStarted) await WriteErrorAsync(call, error, sink).ConfigureAwait(false);
        var record = Record(call);
        foreach (var observer in _observers) observer.Completed(record);
    }

    private async ValueTask SettleAsync(CallContext call, int admitted)
    {
        if (call.Status == 0) call.Status = 200;
        var record = Record(call);
        for (int i = admitted - 1; i >= 0; i--) await _guards[i].SettleAsync(call, record, CancellationToken.None).ConfigureAwait(false);
    }

    /// <summary>Reads the head of a call and finds its route.</summary>
    internal static GatewayError? Read(CallContext call)
    {
        var members = JsonMembers.Scan(call.Inbound.Request.Body, call.Gateway.Config.Server.MaxNesting, out var fault);
        if (members is null) return new GatewayError(ErrorKind.InvalidRequest, fault!.Sentence) { Code = "invalid_json" };
        call.Members = members;
        call.Head = call.Inbound.Format.ReadHead(call.Inbound.Request, members);
        if (string.IsNullOrEmpty(call.Head.Model)) return new GatewayError(ErrorKind.InvalidRequest, "'model' is missing: name a route, a provider/model or a model") { Param = "model", Code = "missing_model" };
        var resolved = call.Gateway.Resolve(call.Head.Model);
        if (!resolved.IsSuccess) return resolved.Error;
        var chosen = ClientTargets.Apply(call, resolved.Value);
        call.Route = chosen.IsSuccess ? chosen.Value : resolved.Value;
        return chosen.IsSuccess ? null : chosen.Error;
    }

    private async ValueTask<(GatewayError? Error, int Admitted)> AdmitAsync(CallContext call)
    {
        for (int i = 0; i < _guards.Count; i++)
        {
            if (await _guards[i].AdmitAsync(call, call.Inbound.Aborted).ConfigureAwait(false) is { } refused) return (refused, i);
        }
        return (null, _guards.Count);
    }

    private async ValueTask<GatewayError?> ServeAsync(CallContext call, ICallSink sink)
    {
        try
        {
            var selected = _selector.Select(call);
            return selected.Error ?? await _attempts.RunAsync(call, selected.Targets, call.Route!.Timeouts.Total, sink).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (call.Inbound.Aborted.IsCancellationRequested)
        {
            return new GatewayError(ErrorKind.Canceled, "the client went away");
        }
        catch (Exception e)
        {
            // A fault of our own: the client gets an error in its dialect, the record carries what happened for the log.
            call.Fault = e;
            return new GatewayError(ErrorKind.Internal, $"the gateway failed on this call; its log has the cause under {call.Inbound.RequestId}");
        }
    }

    private static async ValueTask WriteErrorAsync(CallContext call, GatewayError error, ICallSink sink)
    {
        if (call.Inbound.Aborted.IsCancellationRequested) return;
        using var body = new PooledBuffer();
        call.Inbound.Format.EncodeError(error, body);
        var head = new AnswerHead { Status = error.StatusOrDefault, ContentType = ContentTypes.Json, ContentLength = body.Length };
        AnswerHeads.Common(head, call);
        AnswerHeads.Failure(head, error);
        AnswerHeads.Passed(head, call);
        sink.Start(head);
        System.Buffers.BuffersExtensions.Write(sink.Body, body.Written.Span);
        try
        {
            await sink.FlushAsync(call.Inbound.Aborted).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            call.Status = 499;
        }
    }

    // A call is settled while its last attempt still hands over what is certain to be a good answer.
    private AttemptRecord UnderWay(Attempt attempt, long began) => new()
    {
        Provider = attempt.Target.Provider.Name,
        Model = attempt.Target.Model,
        Lane = attempt.Lane ?? Lane.Verbatim,
        UpstreamStatus = 200,
        Duration = _time.GetElapsedTime(began),
        FirstContent = attempt.FirstContentAt is { } first ? _time.GetElapsedTime(began, first) : null,
    };

    private CallRecord Record(CallContext call) => new()
    {
        RequestId = call.Inbound.RequestId,
        ConfiguredModels = call.Gateway.ConfiguredModels,
        Format = call.Inbound.Format.Id,
        StartedAt = call.StartedAt,
        Duration = _time.GetElapsedTime(call.Started),
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
        Attempts = call.Current is { IsRecorded: false, Began: { } began } current ? [.. call.Attempts, UnderWay(current, began)] : call.Attempts,
        PassedOver = call.PassedOver ?? [],
        Usage = call.Usage,
        CostUsd = call.Gateway.Costs.Of(call),
        OutputCharacters = call.OutputCharacters,
        Error = call.Error,
        Fault = call.Fault,
        FirstContent = call.FirstContentAt is { } first ? _time.GetElapsedTime(call.Started, first) : null,
        Losses = call.Losses?.Losses ?? [],
    };
}
