using Sluice.Transforms.Json;
using Sluice.Transforms.Streams;

namespace Sluice.Transforms.Texts;

/// <summary>OpenAI Responses. Its streams say every text up to four times: in pieces, whole, in the item and in the response.</summary>
internal sealed class ResponsesTexts : IDialectTexts
{
    // Numbers of parts within an item: contents as they are counted, then summaries, then arguments.
    private const int Summary = 100_000, Call = 200_000;

    public bool HasEventTypes => true;

    public bool RepeatsTexts => true;

    public void Request(TextPlaces places)
    {
        var tree = places.Tree;
        places.Text(JsonTree.Root, "instructions"u8);
        foreach (int prompt in tree.All(JsonTree.Root, "prompt"u8))
        {
            foreach (int variables in tree.All(prompt, "variables"u8)) Variables(places, variables);
        }
        foreach (int input in tree.All(JsonTree.Root, "input"u8)) places.Content(input, logprobs: EventWriter.EmptyArray);
    }

    public void Answer(TextPlaces places)
    {
        foreach (int output in places.Tree.All(JsonTree.Root, "output"u8)) places.Content(output, logprobs: EventWriter.EmptyArray);
    }

    public void Event(EventTexts texts)
    {
        var tree = texts.Tree;
        int output = tree.Int(JsonTree.Root, "output_index"u8);
        int content = tree.Int(JsonTree.Root, "content_index"u8);
        int summary = Summary + tree.Int(JsonTree.Root, "summary_index"u8);
        int delta = tree.Find(JsonTree.Root, "delta"u8);
        switch (Kind(tree))
        {
            case "output_text.delta":
                texts.Whole.Logprobs(tree.Find(JsonTree.Root, "logprobs"u8), EventWriter.EmptyArray);
                texts.Piece(delta, output, content, "text");
                break;
            case "output_text.done":
                texts.Whole.Logprobs(tree.Find(JsonTree.Root, "logprobs"u8), EventWriter.EmptyArray);
                Repeat("text"u8, content, "text");
                break;
            case "refusal.delta": texts.Piece(delta, output, content, "refusal"); break;
            case "refusal.done": Repeat("refusal"u8, content, "refusal"); break;
            case "reasoning_text.delta": texts.Piece(delta, output, content, "text"); break;
            case "reasoning_text.done": Repeat("text"u8, content, "text"); break;
            case "reasoning_summary_text.delta": texts.Piece(delta, output, summary, "text"); break;
            case "reasoning_summary_text.done": Repeat("text"u8, summary, "text"); break;
            case "reasoning_summary_part.done": Part(texts, tree.Find(JsonTree.Root, "part"u8), output, summary); break;
            case "content_part.done": Part(texts, tree.Find(JsonTree.Root, "part"u8), output, content); break;
            case "function_call_arguments.delta" or "mcp_call_arguments.delta": texts.Piece(delta, output, Call, "arguments", isJson: true); break;
            case "function_call_arguments.done" or "mcp_call_arguments.done": Repeat("arguments"u8, Call, "arguments", isJson: true); break;
            case "custom_tool_call_input.delta": texts.Piece(delta, output, Call, "input"); break;
            case "custom_tool_call_input.done": Repeat("input"u8, Call, "input"); break;
            case "output_item.done": Item(texts, tree.Find(JsonTree.Root, "item"u8), output); break;
            case "completed" or "incomplete" or "failed":
                texts.EndAll();
                int index = 0;
                foreach (int item in tree.Children(tree.Find(tree.Find(JsonTree.Root, "response"u8), "output"u8))) Item(texts, item, index++);
                break;
            case "error": texts.EndAll(); break;
            default: break;
        }

        void Repeat(ReadOnlySpan<byte> name, int part, string field, bool isJson = false) => texts.Repeat(tree.Find(JsonTree.Root, name), output, part, field, isJson);
    }

    public byte[] Envelope(JsonTree tree) => EventWriter.Members(tree, JsonTree.Root, "delta", "sequence_number", "obfuscation", "logprobs");

    public byte[] Continue(TextChannel channel, string text, long? number)
    {
        string logprobs = channel.Envelope.AsSpan().IndexOf("response.output_text.delta"u8) >= 0 ? ",\"logprobs\":[]" : "";
        string sequence = number is { } n ? string.Create(System.Globalization.CultureInfo.InvariantCulture, $",\"sequence_number\":{n}") : "";
        return EventWriter.Object(channel.Envelope, $"\"delta\":\"{JsonStrings.Escape(text)}\"{logprobs}{sequence}");
    }

    public string EventName(TextChannel channel)
    {
        byte[] whole = EventWriter.Object(channel.Envelope, "\"delta\":\"\"");
        return JsonTree.Parse(whole)?.Text(JsonTree.Root, "type"u8) ?? "";
    }

    public int AnswerOf(JsonTree tree) => tree.Find(JsonTree.Root, "response"u8);

    private static string Kind(JsonTree tree)
    {
        string type = tree.Text(JsonTree.Root, "type"u8) ?? "";
        return type.StartsWith("response.", StringComparison.Ordinal) ? type["response.".Length..] : type;
    }

    private static void Item(EventTexts texts, int item, int output)
    {
        var tree = texts.Tree;
        int index = 0;
        foreach (int content in tree.Children(tree.Find(item, "content"u8))) Part(texts, content, output, index++);
        index = Summary;
        foreach (int summary in tree.Children(tree.Find(item, "summary"u8))) Part(texts, summary, output, index++);
        texts.Repeat(tree.Find(item, "arguments"u8), output, Call, "arguments", isJson: true);
        texts.Repeat(tree.Find(item, "input"u8), output, Call, "input");
        foreach (int member in tree.Children(item))
        {
            if (!IsRepeated(tree, member)) texts.Whole.Member(item, member, SignedTexts.Details, EventWriter.EmptyArray);
        }
    }

    private static bool IsRepeated(JsonTree tree, int member) => tree.NameIs(member, "content"u8) || tree.NameIs(member, "summary"u8) || tree.NameIs(member, "arguments"u8) || tree.NameIs(member, "input"u8);

    // A text, or a part of content, under a name of the user's.
    private static void Variables(TextPlaces places, int variables)
    {
        foreach (int variable in places.Tree.Children(variables)) places.Content(variable);
    }

    private static void Part(EventTexts texts, int part, int output, int index)
    {
        texts.Whole.Logprobs(texts.Tree.Find(part, "logprobs"u8), EventWriter.EmptyArray);
        texts.Repeat(texts.Tree.Find(part, "text"u8), output, index, "text");
        texts.Repeat(texts.Tree.Find(part, "refusal"u8), output, index, "refusal");
    }
}
