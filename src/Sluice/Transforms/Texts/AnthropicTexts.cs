using Sluice.Transforms.Json;
using Sluice.Transforms.Streams;

namespace Sluice.Transforms.Texts;

/// <summary>Anthropic Messages, and its token counting.</summary>
internal sealed class AnthropicTexts(bool thinkingIsSigned) : IDialectTexts
{
    private readonly SignedTexts _signed = thinkingIsSigned ? SignedTexts.Thinking : SignedTexts.Details;

    public bool HasEventTypes => true;

    public void Request(TextPlaces places)
    {
        foreach (int system in places.Tree.All(JsonTree.Root, "system"u8)) places.Content(system, _signed);
        foreach (int messages in places.Tree.All(JsonTree.Root, "messages"u8)) places.Content(messages, _signed);
    }

    public void Answer(TextPlaces places)
    {
        foreach (int content in places.Tree.All(JsonTree.Root, "content"u8)) places.Content(content, _signed);
    }

    public void Event(EventTexts texts)
    {
        var tree = texts.Tree;
        int index = tree.Int(JsonTree.Root, "index"u8);
        switch (tree.Text(JsonTree.Root, "type"u8))
        {
            case "content_block_start":
                int block = tree.Find(JsonTree.Root, "content_block"u8);
                string? type = tree.Text(block, "type"u8);
                if (type == "text" || (type == "thinking" && !thinkingIsSigned)) texts.Piece(tree.Find(block, type == "text" ? "text"u8 : "thinking"u8), 0, index, type);
                else texts.Whole.Content(block, _signed);
                break;
            case "content_block_delta":
                int delta = tree.Find(JsonTree.Root, "delta"u8);
                texts.Piece(tree.Find(delta, "text"u8), 0, index, "text");
                if (!thinkingIsSigned) texts.Piece(tree.Find(delta, "thinking"u8), 0, index, "thinking");
                // Its signature ends the text.
                if (tree.Find(delta, "signature"u8) >= 0) texts.EndPart(0, index);
                texts.Piece(tree.Find(delta, "partial_json"u8), 0, index, "partial_json", isJson: true);
                break;
            case "content_block_stop": texts.EndPart(0, index); break;
            case "message_delta" or "message_stop" or "error": texts.EndAll(); break;
            default: break;
        }
    }

    public byte[] Envelope(JsonTree tree) => [];

    public byte[] Continue(TextChannel channel, string text, long? number)
    {
        string type = channel.Id.Field switch { "text" => "text_delta", "thinking" => "thinking_delta", _ => "input_json_delta" };
        return EventWriter.Object([], $"\"type\":\"content_block_delta\",\"index\":{channel.Id.Part},\"delta\":{{\"type\":\"{type}\",\"{channel.Id.Field}\":\"{JsonStrings.Escape(text)}\"}}");
    }

    public string EventName(TextChannel channel) => "content_block_delta";

    public int AnswerOf(JsonTree tree) => tree.Text(JsonTree.Root, "type"u8) == "message_start" ? tree.Find(JsonTree.Root, "message"u8) : -1;
}
