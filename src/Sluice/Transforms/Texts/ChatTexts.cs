using System.Text.Json;
using Sluice.Transforms.Json;
using Sluice.Transforms.Streams;

namespace Sluice.Transforms.Texts;

/// <summary>Chat Completions.</summary>
internal sealed class ChatTexts : IDialectTexts
{
    private const int Text = 0, Refusal = 1, Reasoning = 2, Audio = 3, FirstCall = 100;

    public void Request(TextPlaces places)
    {
        foreach (int messages in places.Tree.All(JsonTree.Root, "messages"u8)) places.Content(messages);
        foreach (int prediction in places.Tree.All(JsonTree.Root, "prediction"u8)) places.Content(prediction);
    }

    public void Answer(TextPlaces places)
    {
        foreach (int choice in places.Tree.Children(places.Tree.Find(JsonTree.Root, "choices"u8)))
        {
            foreach (int message in places.Tree.All(choice, "message"u8)) places.Content(message);
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
            Delta(texts, tree.Find(choice, "delta"u8), index);
            if (tree.Text(choice, "finish_reason"u8) is not null) texts.EndCandidate(index);
        }
        if (tree.Find(JsonTree.Root, "error"u8) >= 0) texts.EndAll();
    }

    public byte[] Envelope(JsonTree tree) => EventWriter.Members(tree, JsonTree.Root, "choices", "usage", "obfuscation");

    public byte[] Continue(TextChannel channel, string text, long? number)
    {
        var (index, part, field) = channel.Id;
        string quoted = $"\"{JsonStrings.Escape(text)}\"";
        string delta = part switch
        {
            Audio => $"\"audio\":{{\"transcript\":{quoted}}}",
            >= FirstCall => $"\"tool_calls\":[{{\"index\":{part - FirstCall},\"{(field == "arguments" ? "function" : "custom")}\":{{\"{field}\":{quoted}}}}}]",
            _ when field == "function_call" => $"\"function_call\":{{\"arguments\":{quoted}}}",
            _ => $"\"{field}\":{quoted}",
        };
        return EventWriter.Object(channel.Envelope, $"\"choices\":[{{\"index\":{index},\"delta\":{{{delta}}},\"finish_reason\":null}}]");
    }

    private static void Delta(EventTexts texts, int delta, int index)
    {
        var tree = texts.Tree;
        texts.Piece(tree.Find(delta, "reasoning_content"u8), index, Reasoning, "reasoning_content");
        texts.Piece(tree.Find(delta, "reasoning"u8), index, Reasoning, "reasoning");
        if (tree.Find(delta, "reasoning_details"u8) is >= 0 and var details) texts.Whole.Member(delta, details, SignedTexts.Details, default);
        int content = tree.Find(delta, "content"u8);
        texts.Piece(content, index, Text, "content");
        if (content >= 0 && tree[content].Kind == JsonValueKind.Array) texts.Whole.Content(content);
        texts.Piece(tree.Find(delta, "refusal"u8), index, Refusal, "refusal");
        texts.Piece(tree.Find(tree.Find(delta, "audio"u8), "transcript"u8), index, Audio, "transcript");
        texts.Piece(tree.Find(tree.Find(delta, "function_call"u8), "arguments"u8), index, FirstCall - 1, "function_call", isJson: true);
        foreach (int call in tree.Children(tree.Find(delta, "tool_calls"u8)))
        {
            int part = FirstCall + Math.Max(0, tree.Int(call, "index"u8));
            if (tree.Text(call, "id"u8) is { Length: > 0 }) texts.Items.Add(new EventText(EventTextKind.EndOthers, -1, new TextChannelId(index, part, ""), false));
            texts.Piece(tree.Find(tree.Find(call, "function"u8), "arguments"u8), index, part, "arguments", isJson: true);
            texts.Piece(tree.Find(tree.Find(call, "custom"u8), "input"u8), index, part, "input");
        }
    }
}
