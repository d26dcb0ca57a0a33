using System.Buffers;
using Sluice.Chat;
using Sluice.Streaming;
using Sluice.Wire;

namespace Sluice.Formats.OpenAIChat;

/// <summary>Writes sound as it comes (<c>delta.audio</c>), and pictures when they are complete (<c>delta.images</c>, OpenRouter's way).</summary>
internal sealed class StreamedMediaEncoder(TranslationContext context, CandidateChunks chunks)
{
    /// <summary>A medium begins.</summary>
    public void Start(MediaPart media, IBufferWriter<byte> output)
    {
        if (media is not { Kind.Value: "audio", Source: InlineMedia bytes }) return;
        Write(media.Id ?? context.Ids.Next("audio_"), bytes.Base64, media.Transcript ?? "", output);
    }

    /// <summary>More of a medium.</summary>
    public void Add(StreamedPart state, MediaDelta delta, IBufferWriter<byte> output)
    {
        if (state.Part is MediaPart { Kind.Value: "audio" }) Write(null, delta.Base64, delta.Transcript, output);
        else if (delta.Base64.Length > 0) state.Base64.Add(delta.Base64);
    }

    /// <summary>A medium is complete.</summary>
    public void End(StreamedPart state, MediaPart media, IBufferWriter<byte> output)
    {
        if (media is not { Kind.Value: "image", Source: InlineMedia or UrlMedia }) return;
        var picture = media.Source is InlineMedia bytes ? media with { Source = bytes with { Base64 = Base64Chunks.Join([bytes.Base64, .. state.Base64]) } } : media;
        chunks.WriteDelta(output, picture, static (writer, p) =>
        {
            writer.WriteStartArray("images");
            ChatImages.Write(writer, p);
            writer.WriteEndArray();
        });
    }

    private void Write(string? id, string data, string transcript, IBufferWriter<byte> output) =>
        chunks.WriteDelta(output, (Id: id, Data: data, Transcript: transcript), static (writer, s) =>
        {
            writer.WriteStartObject("audio");
            if (s.Id is not null) writer.WriteString("id", s.Id);
            if (s.Data.Length > 0) writer.WriteString("data", s.Data);
            if (s.Transcript.Length > 0) writer.WriteString("transcript", s.Transcript);
            writer.WriteEndObject();
        });
}
