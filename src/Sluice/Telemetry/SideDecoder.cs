using Sluice.Streaming;
using Sluice.Wire;

namespace Sluice.Telemetry;

/// <summary>Reads answers that are passed through unread, for those who tell of them.</summary>
internal sealed class SideDecoder(IWireFormat format)
{
    private readonly List<StreamEvent> _events = [];
    private IStreamDecoder? _decoder;

    /// <summary>The events of a frame; valid until the next. None where the format is no chat.</summary>
    public IReadOnlyList<StreamEvent> Decode(in StreamFrame frame)
    {
        _events.Clear();
        if (format is not IChatClientFormat chat) return _events;
        _decoder ??= chat.CreateStreamDecoder(Context());
        _decoder.Decode(frame, _events);
        return _events;
    }

    /// <summary>A whole answer; <see langword="null"/> where it cannot be read.</summary>
    public Chat.ChatResponse? Decode(ReadOnlyMemory<byte> body) => format is IChatClientFormat chat && chat.DecodeResponse(body, Context()) is { IsSuccess: true } read ? read.Value : null;

    private static TranslationContext Context() => new() { ClientFormat = default, UpstreamFormat = default, UpstreamModel = "", Ids = NoIds.Instance, Time = TimeProvider.System };

    private sealed class NoIds : IIdSource
    {
        public static NoIds Instance { get; } = new();

        public string Next(string prefix, int length = 24) => prefix;
    }
}
