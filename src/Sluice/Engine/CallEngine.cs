using Sluice.Engine.Buffers;
using Sluice.Engine.Continuing;
using Sluice.Engine.Hedging;
using Sluice.Engine.KeepAlive;
using Sluice.Errors;
using Sluice.Routing;
using Sluice.Telemetry.Tracing;
using Sluice.Wire;

namespace Sluice.Engine;

/// <summary>The way of a call: read its head, route, admit, attempt, settle. Safe for any number of calls at once.</summary>
public sealed class CallEngine
{
    // No API has a tenth of them; each may be looked at several times, and one that stands thousands of times is meant to be.
    private const int MostMembers = 1_000;

    private readonly GatewayState _state;
    private readonly AttemptLoop _attempts;
    private readonly IReadOnlyList<ICallGuard> _guards;
    private readonly IReadOnlyList<ICallObserver> _observers;
    private readonly IFollowsCalls[] _followers;
    private readonly TimeProvider _time;
    private readonly RequestIds _requestIds;
    private readonly TargetSelector _selector;
    private readonly RouteLimits _routeLimits;
    private readonly ShadowCalls _shadows;
    private readonly Func<CallContext, ValueTask> _settle;
    private readonly EngineStop _stop = new();
    private readonly Heartbeat _heartbeat;
    private readonly IChunkObserver? _chunks;
    private int _open;
    private int _openStreams;
    private TaskCompletionSource? _idle;

    /// <summary>Makes an engine.</summary>
    /// <param name="state">The configuration in force and what outlives it.</param>
    /// <param name="guards">Asked in order whether a call may go on.</param>
    /// <param name="observers">Told of every finished call.</param>
    /// <param name="time">The clock.</param>
    /// <param name="random">For ids and jitter; locked by the engine.</param>
    internal CallEngine(GatewayState state, IReadOnlyList<ICallGuard> guards, IReadOnlyList<ICallObserver> observers, TimeProvider time, Random random)
    {
        (_state, _guards, _observers, _time) = (state, guards, observers, time);
        _settle = SettleAsync;
        _heartbeat = new Heartbeat(time);
        _followers = [.. observers.OfType<IFollowsCalls>()];
        _chunks = observers.OfType<IChunkObserver>().FirstOrDefault();
        var ids = new IdSource(random);
        (Ids, _requestIds) = (ids, new RequestIds(ids, time));
        Memory = new ConversationMemory(time);
        Buffers = new BufferBudget(() => state.Current.Config.Server);
        _selector = new TargetSelector(random);
        _routeLimits = new RouteLimits(time);
        ICallGuard[] shadowGuards = [.. guards.Where(g => g.GuardsShadows)];
        _shadows = new ShadowCalls((call, sink) => PassCopyAsync(call, shadowGuards, sink), Buffers, _requestIds, time, random);
        var attempts = new TargetAttempts(new AttemptRunner(new TranslatedPreparer(Memory, Ids, time), Memory, _stop, time), _stop, time, random);
        _attempts = new AttemptLoop(attempts, new Hedges(attempts, time), new Continuations(attempts), _routeLimits, time);
    }

    /// <summary>Where the ids within answers come from.</summary>
    internal IIdSource Ids { get; }

    /// <summary>The id of a new call.</summary>
    public string NextRequestId() => _requestIds.Next();

    /// <summary>How many calls are under way.</summary>
    public int OpenCalls => Volatile.Read(ref _open);

    /// <summary>How many of them stream.</summary>
    public int OpenStreams => Volatile.Read(ref _openStreams);

    /// <summary>How many copies of calls are under way to shadows.</summary>
    public int OpenShadows => _shadows.Open;

    /// <summary>The memory that calls hold, and its bound.</summary>
    internal BufferBudget Buffers { get; }

    /// <summary>What calls remember of each other.</summary>
    internal ConversationMemory Memory { get; }

    /// <summary>Serves one call to its end. Every failure is written to the sink in the client's format.</summary>
    public async Task RunAsync(InboundCall inbound, ICallSink sink)
    {
        ArgumentNullException.ThrowIfNull(inbound);
        ArgumentNullException.ThrowIfNull(sink);
        Interlocked.Increment(ref _open);
        bool streams = false;
        var client = sink;
        using var opened = inbound.Buffers is null ? Buffers.Open() : null;
        try
        {
            var call = new CallContext(inbound, _state.Current, _time.GetTimestamp(), _time.GetUtcNow()) { Buffers = inbound.Buffers ?? opened };
            call.Follower = Follow(call);
            var error = await ReadAsync(call).ConfigureAwait(false);
            call.Follower?.Read(call, error);
            if (call.Head.Stream)
            {
                streams = true;
                Interlocked.Increment(ref _openStreams);
                if (_chunks is { WantsChunks: true }) call.Chunks = _chunks;
            }
            if (error is null) client = _heartbeat.Watch(call, sink);
            await PassAsync(call, _guards, error, client).ConfigureAwait(false);
        }
        finally
        {
            _heartbeat.Leave(client);
            if (streams) Interlocked.Decrement(ref _openStreams);
            if (Interlocked.Decrement(ref _open) == 0) Volatile.Read(ref _idle)?.TrySetResult();
        }
    }

    private Task PassCopyAsync(CallContext copy, IReadOnlyList<ICallGuard> guards, ICallSink sink)
    {
        copy.Follower = Follow(copy);
        copy.Follower?.Read(copy, null);
        return PassAsync(copy, guards, null, sink);
    }

    /// <summary>Waits until no call is under way. The host must have stopped handing in new ones.</summary>
    /// <exception cref="OperationCanceledException">Calls were still under way when <paramref name="cancellationToken"/> said so.</exception>
    public Task DrainAsync(CancellationToken cancellationToken)
    {
        var idle = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Volatile.Write(ref _idle, idle);
        if (OpenCalls == 0) idle.TrySetResult();
        return idle.Task.WaitAsync(cancellationToken);
    }

    /// <summary>Ends the calls that are under way, and all that come later: each with an error in its own format, an open stream with its error event.</summary>
    public void EndCalls() => _stop.Ask();

    // The way of a call that is read, or could not be.
    private async Task PassAsync(CallContext call, IReadOnlyList<ICallGuard> guards, GatewayError? error, ICallSink sink)
    {
        if (error is null)
        {
            error = await AdmitAsync(call, guards).ConfigureAwait(false);
            call.Follower?.Admitted(call, error);
            if (call.Admitted.Count > 0) call.Settlement = _settle;
            error ??= await ServeAsync(call, sink).ConfigureAwait(false);
        }
        // What follows is written without a pause: no ping may come between.
        if (sink is PingedSink pings) await pings.ClaimAsync().ConfigureAwait(false);
        if (error is not null) error = call.Masked(error);
        call.Error = error;
        call.Status = error is null || sink.HasStarted || sink is PingedSink { IsOpen: true } ? 200 : error.StatusOrDefault;
        await call.SettleAsync().ConfigureAwait(false);
        if (error is not null && !sink.HasStarted) await ErrorAnswer.WriteAsync(call, error, sink, _time).ConfigureAwait(false);
        var record = CallRecorder.Ended(call, _time);
        foreach (var observer in _observers) observer.Completed(record);
        call.Follower?.Ended(call, record);
    }

    private CallFollower? Follow(CallContext call)
    {
        var follower = CallTraces.Instance.Follow(call);
        foreach (var source in _followers) follower = CallFollowers.Of(follower, source.Follow(call));
        return follower;
    }

    private async ValueTask SettleAsync(CallContext call)
    {
        if (call.Status == 0) call.Status = 200;
        var record = call.Settled = CallRecorder.Of(call, _time);
        for (int i = call.Admitted.Count - 1; i >= 0; i--) await call.Admitted[i].SettleAsync(call, record, CancellationToken.None).ConfigureAwait(false);
        call.Follower?.Settled(call);
    }

    // A name that nobody knows yet may be in a list that nobody has asked for.
    private static async ValueTask<GatewayError?> ReadAsync(CallContext call)
    {
        long before = call.Gateway.NamesRevision;
        var error = Read(call);
        if (error is null && call.Route is { IsByCatalogue: false }) return null;
        try
        {
            await call.Gateway.LearnAsync(call.Route, error, call.Inbound.Aborted).ConfigureAwait(false);
            return call.Gateway.NamesRevision == before ? error : Read(call);
        }
        catch (OperationCanceledException)
        {
            return new GatewayError(ErrorKind.Canceled, "the client went away");
        }
    }

    /// <summary>Reads the head of a call and finds its route.</summary>
    internal static GatewayError? Read(CallContext call)
    {
        var members = JsonMembers.Scan(call.Inbound.Request.Body, call.Gateway.Config.Server.MaxNesting, out var fault);
        if (members is null) return new GatewayError(ErrorKind.InvalidRequest, fault!.Sentence) { Code = "invalid_json" };
        if (members.Count > MostMembers) return new GatewayError(ErrorKind.InvalidRequest, $"the body has {members.Count} members at its top level: {MostMembers} are allowed") { Code = "too_many_members" };
        call.Members = members;
        call.RemoveDoubts();
        members = call.Members;
        call.Head = call.Inbound.Format.ReadHead(call.Inbound.Request, members);
        if (string.IsNullOrEmpty(call.Head.Model))
        {
            string fix = members.TryGet("model"u8, out _) ? "model: must be a string that is not empty" : "'model' is missing";
            return new GatewayError(ErrorKind.InvalidRequest, $"{fix}: name a route, a provider/model or a model") { Param = "model", Code = "missing_model" };
        }
        var resolved = call.Gateway.Resolve(call.Head.Model, call.Head.ModelAlias);
        if (!resolved.IsSuccess)
        {
            // A name that is nothing here may be anything, a key as well: it is told and kept as errors are.
            call.Head = call.Head with { Model = call.Gateway.Secrets.Mask(call.Head.Model, call.Credentials) };
            return resolved.Error;
        }
        var chosen = ClientTargets.Apply(call, resolved.Value);
        call.Route = chosen.IsSuccess ? chosen.Value : resolved.Value;
        return chosen.IsSuccess ? null : chosen.Error;
    }

    private static async ValueTask<GatewayError?> AdmitAsync(CallContext call, IReadOnlyList<ICallGuard> guards)
    {
        for (int i = 0; i < guards.Count; i++)
        {
            if (await guards[i].AdmitAsync(call, call.Inbound.Aborted).ConfigureAwait(false) is not { } refused) continue;
            call.Admitted = [.. guards.Take(i)];
            return refused;
        }
        call.Admitted = guards;
        return null;
    }

    private async ValueTask<GatewayError?> ServeAsync(CallContext call, ICallSink sink)
    {
        try
        {
            if (Memory.Pin(call) is { } elsewhere) return elsewhere;
            var selected = _selector.Select(call);
            if (selected.Error is { } none) return none;
            call.Follower?.Selected(call, selected.Targets);
            _shadows.Offer(call);
            return await _attempts.RunAsync(call, selected.Targets, call.Route!.Timeouts.Total, sink).ConfigureAwait(false);
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
}
