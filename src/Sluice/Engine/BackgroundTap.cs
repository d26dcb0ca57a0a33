using Sluice.Chat;
using Sluice.Errors;
using Sluice.Wire;

namespace Sluice.Engine;

/// <summary>Watches an answer that its provider may go on with in the background as another tap does, and remembers its id until it ends before our eyes.</summary>
internal sealed class BackgroundTap(IAnswerTap tap, IServerStateFormat format, Attempt attempt, bool stream) : IAnswerTap
{
    private bool _known;

    public Usage? Usage => tap.Usage;

    public string? Model => tap.Model;

    public GatewayError? Error => tap.Error;

    public long OutputCharacters => tap.OutputCharacters;

    public AnswerSignal Observe(in StreamFrame frame)
    {
        var signal = tap.Observe(frame);
        if (!_known && format.Progress(frame.Data) is { } progress) (_known, attempt.RunsOn) = (true, progress.RunsOn ? progress.Id : null);
        // The end of a stream is the answer's; that of a body is not.
        if (stream && (signal & (AnswerSignal.End | AnswerSignal.Error)) != AnswerSignal.None) attempt.RunsOn = null;
        return signal;
    }
}
