using Sluice.Transforms.Json;
using Sluice.Transforms.Streams;

namespace Sluice.Transforms.Texts;

/// <summary>Embeddings of OpenAI and Ollama: texts go in, none come out.</summary>
internal sealed class InputTexts : IDialectTexts
{
    public void Request(TextPlaces places) => places.TextOrTexts(places.Tree.Find(JsonTree.Root, "input"u8));

    public void Answer(TextPlaces places)
    {
    }

    public void Event(EventTexts texts)
    {
    }

    public byte[] Envelope(JsonTree tree) => [];

    public byte[] Continue(TextChannel channel, string text, long? number) => [];
}
