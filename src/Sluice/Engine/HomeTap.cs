using Sluice.Chat;
using Sluice.Conversations;
using Sluice.Errors;
using Sluice.Wire;

namespace Sluice.Engine;

/// <summary>Watches an answer that passes through as another tap does, and remembers whose the things are that the provider keeps of it. Reads its beginning and its end.</summary>
internal sealed class HomeTap(IAnswerTap tap, IServerStateFormat format, Attempt attempt, ConversationMemory memory) : IAnswerTap
{
    // What one answer may tell at most.
    private const int MostIds = 256;
    private bool _known;

    public Usage? Usage => tap.Usage;

    public string? Model => tap.Model;

    public GatewayError? Error => tap.Error;

    public long OutputCharacters => tap.OutputCharacters;

    public AnswerSignal Observe(in StreamFrame frame)
    {
        var signal = tap.Observe(frame);
        bool isLast = signal.HasFlag(AnswerSignal.End);
        if ((_known && !isLast) || signal.HasFlag(AnswerSignal.Error)) return signal;
        foreach (string id in format.StateMade(frame.Data, isLast).Take(MostIds))
        {
            _known = true;
            memory.Homes.Remember(id, new StateHome(attempt.Call.Owner, attempt.Target.Provider.Name, attempt.KeyName));
        }
        return signal;
    }
}
