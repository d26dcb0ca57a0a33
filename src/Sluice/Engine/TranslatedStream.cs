using Sluice.Chat;
using Sluice.Engine.Continuing;
using Sluice.Errors;
using Sluice.Formats.Framing;
using Sluice.Streaming;
using Sluice.Upstream;
using Sluice.Wire;

namespace Sluice.Engine;

/// <summary>Translates a stream into the client's format as it arrives: frame → events → bytes, one flush a piece.</summary>
internal static class TranslatedStream
{
    public static async ValueTask<AttemptResult> RelayAsync(Attempt attempt, TranslationContext context, IChatClientFormat upstream, StreamOutput output, int maxFrame, Stream body, AttemptTimer timer, CommitGate gate, TimeProvider time)
    {
        var call = attempt.Call;
        var frames = attempt.Target.Provider.Border.Back(FrameReaders.Create(upstream.Framing, maxFrame));
        var state = new State(attempt, upstream.CreateStreamDecoder(context), output, gate);
        using var pieces = new StreamPieces(body, attempt, timer);
        while (!state.IsOver)
        {
            ReadOnlyMemory<byte> piece;
            try
            {
                piece = await pieces.NextAsync().ConfigureAwait(false);
            }
            catch (Exception e) when (gate.IsOpen && !attempt.Cancelled.IsCancellationRequested && e is IOException or HttpRequestException or OperationCanceledException)
            {
                state.Fail(UpstreamFailures.Describe(e, attempt.Target.Provider.Name, timer, attempt.Target.Timeouts));
                break;
            }
            if (piece.IsEmpty)
            {
                while (frames.TryReadLast(out var last)) state.Take(last);
                state.Complete();
            }
            else if (!frames.Append(piece.Span))
            {
                state.Fail(StreamPieces.TooLong(attempt.Target.Provider.Name));
            }
            while (!state.IsOver && frames.TryRead(out var frame)) state.Take(frame);
            if (!state.IsOver && pieces.Hold(frames) is { } full) state.Fail(full);
            if (state.Error is { } error && !gate.IsOpen) return AttemptResult.Failed(error);
            if (state.ShouldCommit) state.Commit(time);
            if (state.HasEnded) await call.SettleAsync().ConfigureAwait(false);
            await gate.FlushAsync(timer).ConfigureAwait(false);
        }
        if (!gate.IsOpen && state.Error is { } early) return AttemptResult.Failed(early);
        await gate.FlushLastAsync().ConfigureAwait(false);
        return new AttemptResult(state.Error, IsCommitted: true);
    }

    /// <summary>Writes a whole answer as the stream that the client asked for: some servers ignore <c>stream</c>.</summary>
    public static AttemptResult WriteWhole(Attempt attempt, ChatResponse response, TranslationContext context, IChatServerFormat client, CommitGate gate, ConversationMemory memory)
    {
        var output = new StreamOutput(attempt, client.CreateStreamEncoder(context), gate, memory, remembers: false);
        foreach (var next in ResponseEvents.Of(response)) output.Write(next);
        attempt.Usage = response.Usage;
        attempt.AnsweredModel = response.Model;
        attempt.OutputCharacters = AnswerLength.Of(response);
        gate.Commit();
        return AttemptResult.Success;
    }

    private sealed class State(Attempt attempt, IStreamDecoder decoder, StreamOutput output, CommitGate gate)
    {
        private readonly List<StreamEvent> _events = [];
        private readonly AttemptFollower? _reader = attempt.Reader;
        private readonly ContinuedEvents? _continued = attempt.Continues is { } broken ? new ContinuedEvents(broken) : null;

        public bool ShouldCommit { get; private set; }

        public bool IsOver { get; private set; }

        public bool HasEnded { get; private set; }

        public GatewayError? Error { get; private set; }

        public void Commit(TimeProvider time)
        {
            gate.Commit();
            if (!attempt.IsCommitted) attempt.Commit(time);
        }

        public void Take(in StreamFrame frame)
        {
            _events.Clear();
            decoder.Decode(frame, _events);
            Encode();
        }

        public void Complete()
        {
            _events.Clear();
            decoder.Complete(_events);
            Encode();
            IsOver = true;
        }

        public void Fail(GatewayError error)
        {
            _events.Clear();
            _events.Add(new StreamFailed(error));
            Encode();
            IsOver = true;
        }

        private void Encode()
        {
            foreach (var told in _events)
            {
                var next = told is StreamFailed failed ? new StreamFailed(attempt.Call.Masked(failed.Error)) : told;
                _reader?.Event(next);
                switch (next)
                {
                    case ResponseStarted { Model.Length: > 0 } e: attempt.AnsweredModel = e.Model; break;
                    case UsageReported e: attempt.Usage = e.Usage; break;
                    case PartDelta e: Count(e.Delta); break;
                    case PartStarted e: Started(e.Part); break;
                    case CandidateFinished: ShouldCommit = true; break;
                    case ResponseEnded: ShouldCommit = HasEnded = true; break;
                    case StreamFailed e:
                        Error = e.Error with { Provider = e.Error.Provider ?? attempt.Target.Provider.Name };
                        IsOver = true;
                        break;
                    default: break;
                }
                // Before the commit an error makes room for another target: it must not be written.
                if (next is StreamFailed && !gate.IsOpen && !ShouldCommit) return;
                // After it another target may go on, and the client sees nothing of it.
                if (next is StreamFailed { Error.StopsCall: false } && output.CanGoOn && !attempt.Cancelled.IsCancellationRequested)
                {
                    var used = LostUsage.Of(attempt);
                    attempt.Call.Broken = new BrokenStream(output, gate, output.SoFar!, Error!, attempt.Continues is { } before ? attempt.IsCommitted ? UsageSum.Of(before.Used, used) : before.Used : used);
                    return;
                }
                if (_continued is null) Write(next);
                else foreach (var shown in _continued.Of(next)) Write(shown);
            }
        }

        private void Write(StreamEvent next)
        {
            output.Write(next);
            if (output.Failure is { } broken) Break(broken);
        }

        // A rule could not be applied: what follows must not go out without it.
        private void Break(GatewayError broken)
        {
            if (Error is not null) return;
            Error = broken;
            IsOver = true;
        }

        private void Count(Delta delta)
        {
            int length = delta switch
            {
                TextDelta d => d.Text.Length,
                ReasoningDelta d => d.Text.Length,
                ArgumentsDelta d => d.Text.Length,
                RefusalDelta d => d.Text.Length,
                MediaDelta d => d.Base64.Length,
                _ => 0,
            };
            attempt.OutputCharacters += length;
            if (length > 0) ShouldCommit = true;
        }

        private void Started(Part part)
        {
            switch (part)
            {
                case TextPart { Text.Length: 0 } or ReasoningPart { Text.Length: 0, IsRedacted: false } or RefusalPart { Text.Length: 0 }: break;
                case TextPart p:
                    attempt.OutputCharacters += p.Text.Length;
                    ShouldCommit = true;
                    break;
                default:
                    ShouldCommit = true;
                    break;
            }
        }
    }
}
