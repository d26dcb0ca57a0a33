using Sluice.Wire;

namespace Sluice.Engine;

/// <summary>Media types of answers that the gateway writes itself.</summary>
internal static class ContentTypes
{
    public const string Json = "application/json";

    /// <summary>The media type of a format's streams.</summary>
    public static string Stream(IWireFormat format, StreamStyle style) => (format.Framing, style) switch
    {
        (_, StreamStyle.JsonArray) => Json,
        (StreamFraming.NdJson, _) => "application/x-ndjson",
        _ => "text/event-stream; charset=utf-8",
    };
}
