using System.Text.Json;
using Sluice.Transforms.Json;
using Sluice.Transforms.Streams;

namespace Sluice.Transforms.Texts;

/// <summary>Anthropic Messages, and its token counting.</summary>
internal sealed class AnthropicTexts(bool thinkingIsSigned) : IDialectTexts
{
    public bool HasEventTypes => true;

    public void Request(TextPlaces places)
    {
        Content(places, places.Tree.Find(JsonTree.Root, "system"u8));
        foreach (int message in places.Tree.Children(places.Tree.Find(JsonTree.Root, "messages"u8))) Content(places, places.Tree.Find(message, "content"u8));
    }

    public void Answer(TextPlaces places) => Content(places, places.Tree.Find(JsonTree.Root, "content"u8));

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
                else Block(texts.Whole, block);
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

    private void Content(TextPlaces places, int content)
    {
        places.Text(content);
        if (content < 0 || places.Tree[content].Kind != JsonValueKind.Array) return;
        foreach (int block in places.Tree.Children(content)) Block(places, block);
    }

    private void Block(TextPlaces places, int block)
    {
        var tree = places.Tree;
        switch (tree.Text(block, "type"u8))
        {
            case "text": places.Text(block, "text"u8); break;
            case "tool_use" or "server_tool_use" or "mcp_tool_use": places.Values(tree.Find(block, "input"u8)); break;
            case "tool_result" or "mcp_tool_result" or "search_result": Content(places, tree.Find(block, "content"u8)); break;
            case "document":
                int source = tree.Find(block, "source"u8);
                if (tree.Text(source, "type"u8) == "text") places.Text(source, "data"u8);
                Content(places, tree.Find(source, "content"u8));
                places.Text(block, "context"u8);
                places.Text(block, "title"u8);
                break;
            case "thinking" when !thinkingIsSigned: places.Text(block, "thinking"u8); break;
            case "thinking": places.Skip("thinking", "the provider has signed it and would refuse it changed"); break;
            default: break;
        }
    }
}
