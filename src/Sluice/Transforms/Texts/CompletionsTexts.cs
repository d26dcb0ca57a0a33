using Sluice.Transforms.Json;
using Sluice.Transforms.Streams;

namespace Sluice.Transforms.Texts;

/// <summary>Legacy completions.</summary>
internal sealed class CompletionsTexts : IDialectTexts
{
    public void Request(TextPlaces places)
    {
        foreach (int prompt in places.Tree.All(JsonTree.Root, "prompt"u8)) places.TextOrTexts(prompt);
        places.Text(JsonTree.Root, "suffix"u8);
    }

    public void Answer(TextPlaces places)
    {
        foreach (int choice in places.Tree.Children(places.Tree.Find(JsonTree.Root, "choices"u8)))
        {
            places.Text(choice, "text"u8);
            places.Logprobs(places.Tree.Find(choice, "logprobs"u8), EventWriter.Null);
        }
    }

    public void Event(EventTexts texts)
    {
        var tree = texts.Tree;
        foreach (int choice in tree.Children(tree.Find(JsonTree.Root, "choices"u8)))
        {
            int index = tree.Int(choice, "index"u8);
            texts.Whole.Logprobs(tree.Find(choice, "logprobs"u8), EventWriter.Null);
            texts.Piece(tree.Find(choice, "text"u8), index, 0, "text");
            if (tree.Text(choice, "finish_reason"u8) is not null) texts.EndCandidate(index);
        }
        if (tree.Find(JsonTree.Root, "error"u8) >= 0) texts.EndAll();
    }

    public byte[] Envelope(JsonTree tree) => EventWriter.Members(tree, JsonTree.Root, "choices", "usage");

    public byte[] Continue(TextChannel channel, string text, long? number) =>
        EventWriter.Object(channel.Envelope, $"\"choices\":[{{\"index\":{channel.Id.Candidate},\"text\":\"{JsonStrings.Escape(text)}\",\"logprobs\":null,\"finish_reason\":null}}]");
}
