using Sluice.Engine.Continuing;
using Sluice.Engine.Hedging;

namespace Sluice.Engine;

/// <summary>One way on which a call is being served. Usually the only one; a hedged call has two, and the first with content answers.</summary>
/// <param name="Call">The call.</param>
/// <param name="Sink">Where the answer goes.</param>
/// <param name="Cancelled">Cancelled when the client goes away, or another flow has answered.</param>
internal readonly record struct CallFlow(CallContext Call, ICallSink Sink, CancellationToken Cancelled)
{
    /// <summary>The race that it runs in; <see langword="null"/> for the only flow of a call.</summary>
    public AnswerRace? Race { get; init; }

    /// <summary>Its place in the race: 0 began, 1 came after the delay.</summary>
    public int Runner { get; init; }

    /// <summary>The client's stream that it goes on with; <see langword="null"/> for an answer of its own.</summary>
    public BrokenStream? Continues { get; init; }

    /// <summary>The rates of inner routes that the call passes; <see langword="null"/> where none has any.</summary>
    public InnerPasses? Inner { get; init; }

    /// <summary>True where nothing of this flow can be the answer any more.</summary>
    public bool IsOver => Sink.HasStarted || Cancelled.IsCancellationRequested || Call.Inbound.Aborted.IsCancellationRequested;
}
