using System.Buffers.Text;
using System.Text.Json;
using Sluice.Chat;
using Sluice.Formats.Json;
using Sluice.Formats.Shared;
using Sluice.Streaming;

namespace Sluice.Formats.OpenAIChat;

/// <summary>Lifts streamed sound and pictures into parts: sound comes in pieces until the end, a picture whole.</summary>
internal sealed class ChatMediaLifter(int candidate, OpenSlot slot, PartNumbers numbers)
{
    private int _sound = -1;

    /// <summary>Reads <c>audio</c> and <c>images</c> of a delta.</summary>
    public void Read(JsonElement delta, List<StreamEvent> events)
    {
        if (delta.Get("audio"u8) is { ValueKind: JsonValueKind.Object } audio) ReadSound(audio, events);
        if (delta.Get("images"u8) is not { ValueKind: JsonValueKind.Array } images) return;
        foreach (var image in images.EnumerateArray())
        {
            if (image.Get("image_url"u8)?.Text("url"u8) is { Length: > 0 } url) AddPicture(url, events);
        }
    }

    /// <summary>The answer ends.</summary>
    public void End(List<StreamEvent> events)
    {
        if (_sound >= 0) events.Add(new PartEnded(candidate, _sound));
    }

    private void ReadSound(JsonElement audio, List<StreamEvent> events)
    {
        string id = audio.Text("id"u8) ?? "", data = audio.Text("data"u8) ?? "", words = audio.Text("transcript"u8) ?? "";
        if (!Base64.IsValid(data)) throw new WireFormatException("choices.delta.audio.data", "is no base64");
        if (_sound < 0)
        {
            if (id.Length == 0 && data.Length == 0 && words.Length == 0) return;
            slot.Close(events);
            _sound = numbers.Next();
            events.Add(new PartStarted(candidate, _sound, new MediaPart(MediaKind.Audio, new InlineMedia("")) { Id = id.Length > 0 ? id : null }));
        }
        if (data.Length > 0 || words.Length > 0) events.Add(new PartDelta(candidate, _sound, new MediaDelta(data, words)));
    }

    private void AddPicture(string url, List<StreamEvent> events)
    {
        slot.Close(events);
        int part = numbers.Next();
        events.Add(new PartStarted(candidate, part, new MediaPart(MediaKind.Image, DataUrl.ToSource(url))));
        events.Add(new PartEnded(candidate, part));
    }
}
