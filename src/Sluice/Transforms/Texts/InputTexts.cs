using Sluice.Transforms.Json;
using Sluice.Transforms.Streams;

namespace Sluice.Transforms.Texts;

/// <summary>Embeddings of OpenAI and Ollama: texts go in, none come out.</summary>
internal sealed class InputTexts : IDialectTexts
{
    public void Request(TextPlaces places)
    {
        foreach (int input in places.Tree.All(JsonTree.Root, "input"u8)) places.TextOrTexts(input);
        // Ollama's older endpoint.
        places.Text(JsonTree.Root, "prompt"u8);
    }

    public void Answer(TextPlaces places)
    {
    }

    public void Event(EventTexts texts)
    {
    }

    public byte[] Envelope(JsonTree tree) => [];

    public byte[] Continue(TextChannel channel, string text, long? number) => [];
}
