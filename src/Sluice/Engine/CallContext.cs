using System.Runtime.CompilerServices;
using Sluice.Chat;
using Sluice.Engine.Buffers;
using Sluice.Engine.Continuing;
using Sluice.Errors;
using Sluice.Telemetry;
using Sluice.Formats.Json;
using Sluice.Formats.Shared;
using Sluice.Routing;
using Sluice.Wire;

namespace Sluice.Engine;

/// <summary>The state of one call on its way. Used by one flow of control at a time.</summary>
public sealed class CallContext
{
    private StrongBox<Outcome<ChatRequest>>? _chat;
    private readonly Lock _gate = new();
    private IReadOnlyList<string>? _credentials;
    private string? _operation;
    private long _limitWait;
    private long _waited;
    private RequestDemand? _demand;
    private Usage? _before;
    private long _charactersBefore;

    internal CallContext(InboundCall inbound, GatewayModel gateway, long started, DateTimeOffset startedAt)
    {
        (Inbound, Gateway, Started, StartedAt) = (inbound, gateway, started, startedAt);
    }

    /// <summary>The client's request.</summary>
    public InboundCall Inbound { get; private set; }

    /// <summary>Whose call it is, for everything that is kept apart by key.</summary>
    public string Owner => Inbound.Caller?.KeyId ?? "";

    /// <summary>The configuration that the call began with, and ends with.</summary>
    public GatewayModel Gateway { get; }

    /// <summary>Time stamp of the start.</summary>
    public long Started { get; }

    /// <summary>Time of the start.</summary>
    public DateTimeOffset StartedAt { get; }

    /// <summary>The request id of the call that this one is a shadow copy of; <see langword="null"/> for a call of a client.</summary>
    public string? ShadowOf { get; internal init; }

    /// <summary>The memory that it holds; <see langword="null"/> where nobody counts it.</summary>
    internal BufferAccount? Buffers { get; init; }

    /// <summary>The body's top level.</summary>
    public JsonMembers Members { get; internal set; } = null!;

    /// <summary>What routing must know.</summary>
    public RequestHead Head { get; internal set; }

    /// <summary>The output that a budget has room for, where that stands in the request and the client asked for no limit; <see langword="null"/> otherwise.</summary>
    internal long? OutputCap { get; private set; }

    /// <summary>What was taken out of the request because servers would read it in different ways; <see langword="null"/> for nothing.</summary>
    internal LossReport? Doubts { get; private set; }

    /// <summary>Takes out what servers would read in different ways. Before anything is read.</summary>
    internal void RemoveDoubts()
    {
        var losses = new LossReport();
        if (ReadingDoubts.Remove(Members, Inbound.Format.Parameters, losses) is not { } body || JsonMembers.Scan(body, Gateway.Config.Server.MaxNesting, out _) is not { } members) return;
        (Inbound, Members, Doubts) = (Inbound.With(Inbound.Request with { Body = body }), members, losses);
    }

    /// <summary>Gives a request without a limit of its output one. Only before any attempt.</summary>
    internal void LimitOutput(long tokens, WireRequest request, JsonMembers members)
    {
        (Inbound, Members, OutputCap) = (Inbound.With(request), members, tokens);
        Head = Inbound.Format.ReadHead(request, members);
        (_chat, _demand) = (null, null);
    }

    /// <summary>Where the call may go; <see langword="null"/> until it is routed.</summary>
    public RouteModel? Route { get; internal set; }

    /// <summary>Targets that were not tried, and why; <see langword="null"/> for none.</summary>
    public IReadOnlyList<PassedOver>? PassedOver { get; internal set; }

    /// <summary>True where the body's <c>models</c> was the client's own list for this gateway: no upstream gets it.</summary>
    internal bool TakesModelsOut { get; set; }

    /// <summary>Is asked before each target; <see langword="null"/> where nothing has to be asked.</summary>
    internal ITargetGate? TargetGate { get; set; }

    /// <summary>What guards allow the caller; a target must pass all of them. <see langword="null"/> for no restriction.</summary>
    internal List<TargetRestriction>? Restrictions { get; private set; }

    /// <summary>The tokens reserved under the rates of the caller's key and groups; <see langword="null"/> where it passed none or they are given back.</summary>
    internal long? CallerReserved { get; set; }

    /// <summary>The tries so far. A list that does not change: a further try makes a new one.</summary>
    public IReadOnlyList<AttemptRecord> Attempts { get; private set; } = [];

    /// <summary>How many attempts were begun.</summary>
    public int AttemptCount { get; private set; }

    /// <summary>The attempt that answers, or is under way, or was the last; <see langword="null"/> before the first.</summary>
    internal Attempt? Current { get; set; }

    /// <summary>The target of the current or last attempt.</summary>
    public TargetModel? Target => Current?.Target;

    /// <summary>The lane of the current or last attempt.</summary>
    public Lane? Lane => Current?.Lane;

    /// <summary>The headers of the provider's answer in the current or last attempt; <see langword="null"/> where none came.</summary>
    internal System.Net.Http.Headers.HttpResponseHeaders? UpstreamHeaders => Current?.UpstreamHeaders;

    /// <summary>What the answer used.</summary>
    public Usage? Usage => _before is { } before ? Current?.Usage is { } usage ? UsageSum.Of(before, usage) : before : Current?.Usage;

    /// <summary>The model as the answer names it.</summary>
    public string? AnsweredModel => Current?.AnsweredModel;

    /// <summary>Characters of the answer seen.</summary>
    public long OutputCharacters => _charactersBefore + (Current?.OutputCharacters ?? 0);

    /// <summary>Time stamp of the first content; <see langword="null"/> where none came.</summary>
    public long? FirstContentAt => Current?.FirstContentAt;

    /// <summary>True when the answer is an estimate of the gateway itself.</summary>
    public bool IsEstimated => Current?.IsEstimated == true;

    /// <summary>What could not be carried by the attempt that answered.</summary>
    public LossReport? Losses => Current?.Losses;

    /// <summary>An attempt begins; it speaks for the call until another does.</summary>
    internal void Begin(Attempt attempt)
    {
        lock (_gate)
        {
            AttemptCount++;
            // One that goes on with another's stream speaks for the call once it does.
            if (Current?.IsCommitted != true) Current = attempt;
        }
    }

    /// <summary>The client's stream that broke off and may be gone on with; <see langword="null"/> for none.</summary>
    internal BrokenStream? Broken { get; set; }

    /// <summary>An attempt goes on with the stream of another, whose usage and cost are on the side from now on.</summary>
    internal void GoesOn(Attempt attempt)
    {
        lock (_gate)
        {
            var before = Current!;
            Current = attempt;
            _before = attempt.Continues!.Used;
            _charactersBefore += before.OutputCharacters;
            before.Usage = LostUsage.Of(before);
            Attempts = [.. Attempts.Select(a => ReferenceEquals(a, before.Record) ? a with { IsAside = true, Usage = before.Usage, IsEstimated = true, CostUsd = Gateway.Costs.Of(before) } : a)];
            AddSideCosts();
        }
    }

    /// <summary>Keeps what became of an attempt.</summary>
    internal void Add(AttemptRecord attempt)
    {
        lock (_gate)
        {
            Attempts = [.. Attempts, attempt];
            if (attempt.IsAside) AddSideCosts();
        }
    }

    private void AddSideCosts()
    {
        HasSideCosts = true;
        SideCost = Attempts.Where(a => a.IsAside).Select(a => a.CostUsd).Aggregate((decimal?)0, static (sum, cost) => sum + cost);
    }

    /// <summary>True where attempts beside the one that answers cost something.</summary>
    internal bool HasSideCosts { get; private set; }

    /// <summary>What they cost in USD; <see langword="null"/> for nothing, or where that is unknown.</summary>
    internal decimal? SideCost { get; private set; }

    /// <summary>The HTTP status that the client got.</summary>
    public int Status { get; internal set; }

    /// <summary>The exception of a fault of our own.</summary>
    public Exception? Fault { get; internal set; }

    /// <summary>The guards that admitted it, in order.</summary>
    internal IReadOnlyList<ICallGuard> Admitted { get; set; } = [];

    /// <summary>What settles the call with the guards that admitted it; <see langword="null"/> where there is nothing to settle or it is done.</summary>
    internal Func<CallContext, ValueTask>? Settlement { get; set; }

    /// <summary>The record that it was settled with; <see langword="null"/> before.</summary>
    internal CallRecord? Settled { get; set; }

    /// <summary>
    /// Settles the call, once. Called when its outcome is certain and before the client has the last of its answer: a call that a client saw finished
    /// is on record, whatever happens to the process then.
    /// </summary>
    internal async ValueTask SettleAsync()
    {
        if (Current is { IsCommitted: true } answering) await answering.RivalGoneAsync().ConfigureAwait(false);
        if (Settlement is not { } settlement) return;
        Settlement = null;
        await settlement(this).ConfigureAwait(false);
    }

    /// <summary>What is asked for, as telemetry conventions call it.</summary>
    internal string Operation => _operation ??= GenAINames.Operation(Inbound.Format);

    /// <summary>How long the call queued for room under limits.</summary>
    internal TimeSpan LimitWait => TimeSpan.FromTicks(Volatile.Read(ref _limitWait));

    /// <summary>How long it waited by intention.</summary>
    internal TimeSpan WaitedInAll => TimeSpan.FromTicks(Volatile.Read(ref _waited));

    /// <summary>Who measures the pieces of streams; <see langword="null"/> for nobody.</summary>
    internal IChunkObserver? Chunks { get; set; }

    /// <summary>Counts a wait.</summary>
    internal void Waited(TimeSpan time, bool atLimit)
    {
        Interlocked.Add(ref _waited, time.Ticks);
        if (atLimit) Interlocked.Add(ref _limitWait, time.Ticks);
    }

    /// <summary>Who watches the call from within; <see langword="null"/> for nobody.</summary>
    internal CallFollower? Follower { get; set; }

    /// <summary>What the client presented as its credential; for the mask alone.</summary>
    internal IReadOnlyList<string> Credentials => _credentials ??= Access.ClientCredentials.Of(Inbound);

    /// <summary>Why the call failed.</summary>
    public GatewayError? Error { get; internal set; }

    /// <summary>The request as chat model; decoded at first use and kept for further attempts.</summary>
    public Outcome<ChatRequest> Chat => (_chat ??= new StrongBox<Outcome<ChatRequest>>(Decode(Inbound.Request, Members))).Value;

    /// <summary>A request in the client's format as chat model.</summary>
    internal Outcome<ChatRequest> Decode(WireRequest request, JsonMembers members) => Inbound.Format switch
    {
        IChatServerFormat chat => chat.DecodeRequest(WithoutModels(request, members)),
        ICountTokensServerFormat count => count.DecodeRequest(request),
        _ => new GatewayError(ErrorKind.Internal, $"{Inbound.Format.Id} has no chat request"),
    };

    private WireRequest WithoutModels(WireRequest request, JsonMembers members)
    {
        if (!TakesModelsOut) return request;
        var edits = new JsonEdits(members);
        edits.Remove("models"u8);
        var body = new System.Buffers.ArrayBufferWriter<byte>(members.Body.Length);
        edits.Apply(body);
        return request with { Body = body.WrittenMemory };
    }

    /// <summary>What the request needs of a model; worked out at first use.</summary>
    internal RequestDemand Demand => _demand ??= new RequestDemand(this);

    /// <summary>Lets the call use only targets that pass; for guards, while they admit it. Several restrictions all hold, whatever a route or the client's own list says.</summary>
    public void Restrict(TargetRestriction restriction)
    {
        ArgumentNullException.ThrowIfNull(restriction);
        (Restrictions ??= []).Add(restriction);
    }
}
