using Sluice.Transforms.Json;
using Sluice.Transforms.Streams;

namespace Sluice.Transforms.Texts;

/// <summary>Ollama <c>/api/chat</c> and <c>/api/generate</c>.</summary>
internal sealed class OllamaTexts : IDialectTexts
{
    private const int Text = 0, Thinking = 1;

    public void Request(TextPlaces places)
    {
        places.Text(JsonTree.Root, "prompt"u8);
        places.Text(JsonTree.Root, "system"u8);
        places.Text(JsonTree.Root, "suffix"u8);
        places.Text(JsonTree.Root, "template"u8);
        foreach (int messages in places.Tree.All(JsonTree.Root, "messages"u8)) places.Content(messages);
    }

    public void Answer(TextPlaces places)
    {
        places.Text(JsonTree.Root, "response"u8);
        places.Text(JsonTree.Root, "thinking"u8);
        foreach (int message in places.Tree.All(JsonTree.Root, "message"u8)) places.Content(message);
        places.Logprobs(places.Tree.Find(JsonTree.Root, "logprobs"u8), EventWriter.EmptyArray);
    }

    public void Event(EventTexts texts)
    {
        var tree = texts.Tree;
        texts.Whole.Logprobs(tree.Find(JsonTree.Root, "logprobs"u8), EventWriter.EmptyArray);
        texts.Piece(tree.Find(JsonTree.Root, "thinking"u8), 0, Thinking, "thinking");
        texts.Piece(tree.Find(JsonTree.Root, "response"u8), 0, Text, "response");
        int message = tree.Find(JsonTree.Root, "message"u8);
        texts.Piece(tree.Find(message, "thinking"u8), 0, Thinking, "message.thinking");
        texts.Piece(tree.Find(message, "content"u8), 0, Text, "message.content");
        if (tree.Find(message, "tool_calls"u8) >= 0) texts.EndCandidate(0);
        Calls(texts.Whole, message);
        bool isDone = tree.Find(JsonTree.Root, "done"u8) is >= 0 and var done && tree.Raw(done).SequenceEqual("true"u8);
        if (isDone || tree.Find(JsonTree.Root, "error"u8) >= 0) texts.EndAll();
    }

    public byte[] Envelope(JsonTree tree)
    {
        var members = new List<byte>();
        foreach (int member in tree.Children(JsonTree.Root))
        {
            if (!tree.NameIs(member, "model"u8) && !tree.NameIs(member, "created_at"u8)) continue;
            if (members.Count > 0) members.Add((byte)',');
            members.AddRange(tree.Json.Span[tree[member].From..tree[member].End]);
        }
        return [.. members];
    }

    public byte[] Continue(TextChannel channel, string text, long? number)
    {
        string quoted = $"\"{JsonStrings.Escape(text)}\"";
        return EventWriter.Object(channel.Envelope, channel.Id.Field switch
        {
            "message.content" => $"\"message\":{{\"role\":\"assistant\",\"content\":{quoted}}},\"done\":false",
            "message.thinking" => $"\"message\":{{\"role\":\"assistant\",\"content\":\"\",\"thinking\":{quoted}}},\"done\":false",
            "thinking" => $"\"response\":\"\",\"thinking\":{quoted},\"done\":false",
            _ => $"\"response\":{quoted},\"done\":false",
        });
    }

    private static void Calls(TextPlaces places, int message)
    {
        foreach (int call in places.Tree.Children(places.Tree.Find(message, "tool_calls"u8))) places.Arguments(places.Tree.Find(places.Tree.Find(call, "function"u8), "arguments"u8));
    }
}
