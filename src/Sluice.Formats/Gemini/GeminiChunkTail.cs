using System.Text.Json;
using Sluice.Streaming;

namespace Sluice.Formats.Gemini;

/// <summary>What every chunk of a stream repeats: model, id and time of the answer.</summary>
internal sealed class GeminiChunkTail(ResponseStarted start)
{
    private readonly string? _time = start.CreatedAt is { } time ? GeminiResponseWriter.Time(time) : null;

    public void Write(Utf8JsonWriter writer)
    {
        if (start.Model.Length > 0) writer.WriteString("modelVersion"u8, start.Model);
        if (start.Id.Length > 0) writer.WriteString("responseId"u8, start.Id);
        if (_time is not null) writer.WriteString("createTime"u8, _time);
        new GeminiNotes(start.Notes).WriteFields(writer);
    }
}
