using System.Buffers;
using Sluice.Errors;
using Sluice.Formats.Framing;
using Sluice.Formats.Gemini;
using Sluice.Formats.Shared;
using Sluice.Transforms;
using Sluice.Upstream;
using Sluice.Wire;

namespace Sluice.Engine;

/// <summary>Relays a stream of the client's own format frame by frame, unchanged; a tap reads usage on the side.</summary>
internal static class SameFormatStream
{
    public static async ValueTask<AttemptResult> RelayAsync(Attempt attempt, IWireFormat format, IAnswerTap tap, bool hidesUsage, int maxFrame, Stream body, AttemptTimer timer, CommitGate gate)
    {
        var call = attempt.Call;
        var frames = attempt.Target.Provider.Border.Back(FrameReaders.Create(format.Framing, maxFrame));
        using var pieces = new StreamPieces(body, attempt, timer);
        var array = call.Head.StreamStyle == StreamStyle.JsonArray ? new GeminiArrayFraming() : null;
        var state = new State(attempt, format, tap, frames, hidesUsage, gate) { Array = array, Transform = CallTransforms.Stream(attempt, array) };
        try
        {
            while (true)
            {
                ReadOnlyMemory<byte> piece;
                try
                {
                    piece = await pieces.NextAsync().ConfigureAwait(false);
                }
                catch (Exception e) when (gate.IsOpen && !attempt.Cancelled.IsCancellationRequested && e is IOException or HttpRequestException or OperationCanceledException)
                {
                    state.Transform?.Flush(gate.Output);
                    return await BreakAsync(UpstreamFailures.Describe(e, attempt.Target.Provider.Name, timer, attempt.Target.Timeouts), format, attempt, gate).ConfigureAwait(false);
                }
                bool ended = piece.IsEmpty;
                if (ended) state.TakeLast();
                else if ((state.TryTake(piece.Span) ? pieces.Hold(frames) : StreamPieces.TooLong(attempt.Target.Provider.Name)) is { } unheld)
                {
                    state.Transform?.Flush(gate.Output);
                    return gate.IsOpen ? await BreakAsync(unheld, format, attempt, gate).ConfigureAwait(false) : AttemptResult.Failed(unheld);
                }
                if (state.Broken is { } broken) return gate.IsOpen ? await BreakAsync(broken, format, attempt, gate).ConfigureAwait(false) : AttemptResult.Failed(broken);
                if (state.Failure is { } failure && !gate.IsOpen) return AttemptResult.Failed(failure);
                if (state.ShouldCommit) gate.Commit();
                if (state.HasEnded)
                {
                    Take(attempt, tap);
                    await call.SettleAsync().ConfigureAwait(false);
                }
                await gate.FlushAsync(timer).ConfigureAwait(false);
                if (ended) break;
            }
            return await FinishAsync(state, format, attempt, gate).ConfigureAwait(false);
        }
        finally
        {
            Take(attempt, tap);
        }
    }

    private static void Take(Attempt attempt, IAnswerTap tap)
    {
        attempt.Usage = tap.Usage ?? attempt.Usage;
        attempt.AnsweredModel = tap.Model ?? attempt.AnsweredModel;
        attempt.OutputCharacters = tap.OutputCharacters;
    }

    // A stream that just stops is never passed off as complete: the client gets the format's own error event.
    private static async ValueTask<AttemptResult> FinishAsync(State state, IWireFormat format, Attempt attempt, CommitGate gate)
    {
        if (state.HasEnded) return AttemptResult.Success;
        if (state.Failure is { } told) return new AttemptResult(told, IsCommitted: true);
        var cut = new GatewayError(ErrorKind.Network, "the provider's stream ended before the answer was complete") { Provider = attempt.Target.Provider.Name, Code = "ended" };
        if (!gate.IsOpen) return AttemptResult.Failed(cut);
        return await BreakAsync(cut, format, attempt, gate).ConfigureAwait(false);
    }

    private static async ValueTask<AttemptResult> BreakAsync(GatewayError error, IWireFormat format, Attempt attempt, CommitGate gate)
    {
        format.EncodeStreamError(error, attempt.Call.Head.StreamStyle, gate.Output);
        await gate.FlushLastAsync().ConfigureAwait(false);
        return new AttemptResult(error, IsCommitted: true);
    }

    private sealed class State(Attempt attempt, IWireFormat format, IAnswerTap tap, IFrameReader frames, bool hidesUsage, CommitGate gate)
    {
        private readonly AttemptFollower? _reader = attempt.Reader;

        /// <summary>How frames are written for a client that reads one JSON array; <see langword="null"/> to relay them as they came.</summary>
        public GeminiArrayFraming? Array { get; init; }

        /// <summary>The rules that change the answer; <see langword="null"/> to relay it as it came.</summary>
        public StreamTransform? Transform { get; init; }

        /// <summary>Why the stream cannot go on through the rules.</summary>
        public GatewayError? Broken { get; private set; }

        public bool ShouldCommit { get; private set; }

        public bool HasEnded { get; private set; }

        public GatewayError? Failure { get; private set; }

        /// <summary>Relays what is complete. False where a line is beyond the bound: nobody can tell what follows it.</summary>
        public bool TryTake(ReadOnlySpan<byte> piece)
        {
            if (!frames.Append(piece)) return false;
            while (frames.TryRead(out var frame)) Relay(frame);
            WriteSkipped();
            return true;
        }

        public void TakeLast()
        {
            while (frames.TryReadLast(out var frame)) Relay(frame);
            WriteSkipped();
            Transform?.Flush(gate.Output);
            Broken ??= Transform?.Failure;
            if (HasEnded || Failure is not null) Array?.End(gate.Output);
        }

        private void Relay(in StreamFrame frame)
        {
            if (Broken is not null) return;
            var signal = tap.Observe(frame);
            if (signal.HasFlag(AnswerSignal.Malformed))
            {
                Broken = AttemptRunner.Malformed(attempt.Target, "has an event that is not JSON");
                return;
            }
            _reader?.Frame(frame);
            if (signal.HasFlag(AnswerSignal.Error)) Failure ??= tap.Error ?? new GatewayError(ErrorKind.Upstream, "the provider reported an error in its stream");
            if (signal.HasFlag(AnswerSignal.Content) && Failure is null) ShouldCommit = true;
            if (signal.HasFlag(AnswerSignal.End))
            {
                if (ShouldCommit || Failure is not null) HasEnded = true;
                else Failure = EmptyAnswer.Error with { Provider = attempt.Target.Provider.Name };
            }
            WriteSkipped();
            if (hidesUsage && signal.HasFlag(AnswerSignal.UsageOnly)) return;
            if (signal.HasFlag(AnswerSignal.Error) && TryTell(Failure!)) return;
            if (signal.HasFlag(AnswerSignal.Error)) Transform?.Flush(gate.Output);
            if (Transform is not null && !signal.HasFlag(AnswerSignal.Error)) Rewrite(frame, Transform);
            else if (Array is null) gate.Output.Write(signal.HasFlag(AnswerSignal.Error) ? attempt.Call.Masked(frames.LastRaw).Span : frames.LastRaw.Span);
            else Array.Chunk(frame.Data.Span, gate.Output);
        }

        // An error that clients would not understand goes out in the format's own words.
        private bool TryTell(GatewayError error)
        {
            if (format.IsToldPlainly(error)) return false;
            Transform?.Flush(gate.Output);
            format.EncodeStreamError(attempt.Call.Masked(error), attempt.Call.Head.StreamStyle, gate.Output);
            return true;
        }

        private void Rewrite(in StreamFrame frame, StreamTransform transform)
        {
            transform.Take(frame, frames.LastRaw, gate.Output);
            Broken ??= transform.Failure;
        }

        // Comments between frames have no place in an array.
        private void WriteSkipped()
        {
            var skipped = frames.TakeSkipped();
            if (Array is null && skipped.Length > 0) gate.Output.Write(skipped);
        }
    }
}
