using Sluice.Chat;
using Sluice.Errors;
using Sluice.Streaming;
using Sluice.Wire;

namespace Sluice.Engine;

/// <summary>Watches an answer that passes through as another tap does, and reads it besides, so that its reasoning can be given back where the client does not.</summary>
internal sealed class KeepingTap(IAnswerTap tap, IChatClientFormat format, Attempt attempt, ConversationMemory memory, TimeProvider time, bool stream) : IAnswerTap
{
    private readonly IStreamDecoder? _decoder = stream ? format.CreateStreamDecoder(Context(attempt, format, time)) : null;
    private readonly StreamFolder _folder = new();
    private readonly List<StreamEvent> _events = [];

    public Usage? Usage => tap.Usage;

    public string? Model => tap.Model;

    public GatewayError? Error => tap.Error;

    public long OutputCharacters => tap.OutputCharacters;

    public AnswerSignal Observe(in StreamFrame frame)
    {
        var signal = tap.Observe(frame);
        if (_decoder is null)
        {
            if (!signal.HasFlag(AnswerSignal.Error) && format.DecodeResponse(frame.Data, Context(attempt, format, time)) is { IsSuccess: true, Value: var whole }) memory.RememberAnswer(attempt, whole);
            return signal;
        }
        _events.Clear();
        _decoder.Decode(frame, _events);
        foreach (var next in _events) _folder.Add(next);
        if (signal.HasFlag(AnswerSignal.End) && _folder.Error is null) memory.RememberAnswer(attempt, _folder.ToResponse());
        return signal;
    }

    /// <summary>For reading an answer that passes through.</summary>
    internal static TranslationContext Context(Attempt attempt, IChatClientFormat format, TimeProvider time) => new()
    {
        ClientFormat = format.Id,
        UpstreamFormat = format.Id,
        UpstreamModel = attempt.Target.Deployment,
        Vendor = attempt.Target.Provider.Vendor.Id,
        Request = attempt.Call.Chat.IsSuccess ? attempt.Call.Chat.Value : null,
        Ids = Unnamed.Instance,
        Time = time,
    };

    // The client sees the provider's own ids, so none is made up: what has no id cannot come back by it.
    private sealed class Unnamed : IIdSource
    {
        public static Unnamed Instance { get; } = new();

        public string Next(string prefix, int length = 24) => prefix;
    }
}
