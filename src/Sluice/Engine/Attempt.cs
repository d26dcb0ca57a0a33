using System.Net.Http.Headers;
using Sluice.Chat;
using Sluice.Client;
using Sluice.Engine.Continuing;
using Sluice.Errors;
using Sluice.Pricing;
using Sluice.Routing;
using Sluice.Transforms;
using Sluice.Wire;

namespace Sluice.Engine;

/// <summary>One try of one target, and what is known only of it: two attempts of a call may be under way at once. Used by one flow of control.</summary>
internal sealed class Attempt(CallFlow flow, TargetModel target)
{
    /// <summary>The call that it serves.</summary>
    public CallContext Call { get; } = flow.Call;

    /// <summary>Where its answer goes.</summary>
    public ICallSink Sink { get; } = flow.Sink;

    /// <summary>Where it goes.</summary>
    public TargetModel Target { get; } = target;

    /// <summary>Cancelled when the client goes away, or another attempt has answered.</summary>
    public CancellationToken Cancelled { get; } = flow.Cancelled;

    /// <summary>Why it is made.</summary>
    public AttemptRole Role { get; init; } = flow.Continues is not null ? AttemptRole.Continuation : flow.Runner == 1 ? AttemptRole.Hedge : AttemptRole.Usual;

    /// <summary>The client's format; one of its own where another attempt is under way beside.</summary>
    public IWireFormat ClientFormat { get; } = flow.Race is not null && flow.Call.Inbound.Format is DirectFormat direct ? direct.Fork() : flow.Call.Inbound.Format;

    /// <summary>The client's stream that it goes on with; <see langword="null"/> for an answer of its own.</summary>
    public BrokenStream? Continues { get; } = flow.Continues;

    /// <summary>Its record; <see langword="null"/> while it is under way.</summary>
    public AttemptRecord? Record { get; set; }

    /// <summary>True where another attempt answered first.</summary>
    public bool HasLost => flow.Race?.HasLost(flow.Runner) == true;

    /// <summary>The name of the provider's key that it uses; <see langword="null"/> for none.</summary>
    public string? KeyName { get; set; }

    /// <summary>True where it is several requests.</summary>
    public bool IsSplit { get; set; }

    /// <summary>Its lane; <see langword="null"/> until it is prepared.</summary>
    public Lane? Lane { get; set; }

    /// <summary>When it was sent; <see langword="null"/> before.</summary>
    public long? Began { get; set; }

    /// <summary>True once it is among the call's finished attempts.</summary>
    public bool IsRecorded { get; set; }

    /// <summary>True once bytes of it have gone to the client: nothing else may answer.</summary>
    public bool IsCommitted { get; private set; }

    /// <summary>The headers of the provider's answer; <see langword="null"/> where none came.</summary>
    public HttpResponseHeaders? UpstreamHeaders { get; set; }

    /// <summary>What the answer used.</summary>
    public Usage? Usage { get; set; }

    /// <summary>The model as the answer names it.</summary>
    public string? AnsweredModel { get; set; }

    /// <summary>Characters of the answer seen.</summary>
    public long OutputCharacters { get; set; }

    /// <summary>Time stamp of the first content; <see langword="null"/> where none came.</summary>
    public long? FirstContentAt { get; set; }

    /// <summary>True when the answer is an estimate of the gateway itself.</summary>
    public bool IsEstimated { get; set; }

    /// <summary>What the usage that was last priced costs; <see langword="null"/> where none was.</summary>
    public PricedUsage? Priced { get; set; }

    /// <summary>The id of an answer that its provider works on without us, so that what it costs is not known yet; <see langword="null"/> for none.</summary>
    public string? RunsOn { get; set; }

    /// <summary>What could not be carried.</summary>
    public LossReport? Losses { get; set; }

    /// <summary>Who watches it; <see langword="null"/> for nobody.</summary>
    public AttemptFollower? Follower { get; set; }

    /// <summary>Who wants to see the answer; <see langword="null"/> for nobody.</summary>
    public AttemptFollower? Reader => Follower is { WantsAnswer: true } follower ? follower : null;

    /// <summary>The request after the rules for its target; <see langword="null"/> where no rule fits it.</summary>
    public TransformedRequest? Transformed { get; set; }

    /// <summary>What it asks, in the client's format.</summary>
    public WireRequest Request => Transformed?.Request ?? Call.Inbound.Request;

    /// <summary>The top level of what it asks.</summary>
    public JsonMembers Members => Transformed?.Members ?? Call.Members;

    /// <summary>What it asks, as chat model; decoded at first use.</summary>
    public Outcome<ChatRequest> Chat => Transformed is { } transformed ? transformed.Chat ??= Call.Decode(transformed.Request, transformed.Members) : Call.Chat;

    /// <summary>Claims the client's answer. To be called once, right before the first byte.</summary>
    /// <exception cref="OperationCanceledException">Another attempt has answered.</exception>
    public void Commit(TimeProvider time)
    {
        if (flow.Race?.TryWin(flow.Runner) == false) throw new OperationCanceledException(Cancelled);
        FirstContentAt = time.GetTimestamp();
        IsCommitted = true;
        if (Continues is not null) Call.GoesOn(this);
        if (flow.Race is null) return;
        Call.Current = this;
        if (ClientFormat is DirectFormat fork) ((DirectFormat)Call.Inbound.Format).Adopt(fork);
    }

    /// <summary>Waits until an attempt that lost against this one has said what it used.</summary>
    public ValueTask RivalGoneAsync() => flow.Race?.RivalGoneAsync(flow.Runner) ?? default;
}
