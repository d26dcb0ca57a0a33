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
        foreach (int message in places.Tree.Children(places.Tree.Find(JsonTree.Root, "messages"u8))) Message(places, message);
        Content(places, places.Tree.Find(places.Tree.Find(JsonTree.Root, "prediction"u8), "content"u8));
    }

    public void Answer(TextPlaces places)
    {
        foreach (int choice in places.Tree.Children(places.Tree.Find(JsonTree.Root, "choices"u8)))
        {
            Message(places, places.Tree.Find(choice, "message"u8));
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
        ReasoningDetails(texts.Whole, tree.Find(delta, "reasoning_details"u8));
        int content = tree.Find(delta, "content"u8);
        texts.Piece(content, index, Text, "content");
        if (content >= 0 && tree[content].Kind == JsonValueKind.Array) Content(texts.Whole, content);
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

    private static void Message(TextPlaces places, int message)
    {
        var tree = places.Tree;
        Content(places, tree.Find(message, "content"u8));
        places.Text(message, "refusal"u8);
        places.Text(message, "reasoning_content"u8);
        places.Text(message, "reasoning"u8);
        ReasoningDetails(places, tree.Find(message, "reasoning_details"u8));
        places.Text(tree.Find(message, "audio"u8), "transcript"u8);
        places.Arguments(tree.Find(tree.Find(message, "function_call"u8), "arguments"u8));
        foreach (int call in tree.Children(tree.Find(message, "tool_calls"u8)))
        {
            places.Arguments(tree.Find(tree.Find(call, "function"u8), "arguments"u8));
            places.Text(tree.Find(call, "custom"u8), "input"u8);
        }
    }

    private static void Content(TextPlaces places, int content)
    {
        places.Text(content);
        if (content < 0 || places.Tree[content].Kind != JsonValueKind.Array) return;
        foreach (int part in places.Tree.Children(content))
        {
            places.Text(part, "text"u8);
            places.Text(part, "refusal"u8);
        }
    }

    // OpenRouter. What is signed would be refused when it comes back changed.
    private static void ReasoningDetails(TextPlaces places, int details)
    {
        foreach (int detail in places.Tree.Children(details))
        {
            if (places.Tree.Text(detail, "signature"u8) is not null) places.Skip("reasoning_details", "the provider has signed it and would refuse it changed");
            else
            {
                places.Text(detail, "text"u8);
                places.Text(detail, "summary"u8);
            }
        }
    }
}
