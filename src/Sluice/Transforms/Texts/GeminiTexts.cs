using Sluice.Transforms.Json;
using Sluice.Transforms.Streams;

namespace Sluice.Transforms.Texts;

/// <summary>Gemini <c>generateContent</c>, token counting and embeddings. Requests may be written in camel case and in snake case.</summary>
internal sealed class GeminiTexts : IDialectTexts
{
    private const int Text = 0, Thought = 1;

    public void Request(TextPlaces places) => Body(places, JsonTree.Root);

    public void Answer(TextPlaces places)
    {
        var tree = places.Tree;
        foreach (int candidate in tree.Children(tree.Find(JsonTree.Root, "candidates"u8)))
        {
            Content(places, tree.Find(candidate, "content"u8));
            places.Logprobs(tree.Find(candidate, "logprobsResult"u8), EventWriter.Null);
        }
    }

    public void Event(EventTexts texts)
    {
        var tree = texts.Tree;
        foreach (int candidate in tree.Children(tree.Find(JsonTree.Root, "candidates"u8)))
        {
            int index = tree.Int(candidate, "index"u8);
            texts.Whole.Logprobs(tree.Find(candidate, "logprobsResult"u8), EventWriter.Null);
            foreach (int part in tree.Children(tree.Find(tree.Find(candidate, "content"u8), "parts"u8)))
            {
                int text = tree.Find(part, "text"u8);
                if (text >= 0)
                {
                    int kind = tree.Find(part, "thought"u8) is >= 0 and var thought && tree.Raw(thought).SequenceEqual("true"u8) ? Thought : Text;
                    texts.Piece(text, index, kind, "text");
                    continue;
                }
                texts.EndCandidate(index);
                Part(texts.Whole, part);
            }
            if (tree.Text(candidate, "finishReason"u8) is not null) texts.EndCandidate(index);
        }
        if (tree.Find(JsonTree.Root, "error"u8) >= 0) texts.EndAll();
    }

    public byte[] Envelope(JsonTree tree) => EventWriter.Members(tree, JsonTree.Root, "candidates", "usageMetadata", "promptFeedback");

    public byte[] Continue(TextChannel channel, string text, long? number)
    {
        string thought = channel.Id.Part == Thought ? ",\"thought\":true" : "";
        string candidate = $"\"candidates\":[{{\"content\":{{\"parts\":[{{\"text\":\"{JsonStrings.Escape(text)}\"{thought}}}],\"role\":\"model\"}},\"index\":{channel.Id.Candidate}}}]";
        return EventWriter.Object(channel.Envelope, candidate);
    }

    private static void Body(TextPlaces places, int body)
    {
        var tree = places.Tree;
        Content(places, tree.Find(body, "systemInstruction"u8));
        Content(places, tree.Find(body, "system_instruction"u8));
        Content(places, tree.Find(body, "content"u8));
        foreach (int content in tree.Children(tree.Find(body, "contents"u8))) Content(places, content);
        if (body != JsonTree.Root) return;
        foreach (int request in tree.Children(tree.Find(body, "requests"u8))) Body(places, request);
        if (tree.Find(body, "generateContentRequest"u8) is >= 0 and var counted) Body(places, counted);
    }

    private static void Content(TextPlaces places, int content)
    {
        foreach (int part in places.Tree.Children(places.Tree.Find(content, "parts"u8))) Part(places, part);
    }

    private static void Part(TextPlaces places, int part)
    {
        var tree = places.Tree;
        places.Text(part, "text"u8);
        Call(places, tree.Find(part, "functionCall"u8));
        Call(places, tree.Find(part, "function_call"u8));
        places.Values(tree.Find(tree.Find(part, "functionResponse"u8), "response"u8));
        places.Values(tree.Find(tree.Find(part, "function_response"u8), "response"u8));
        places.Text(tree.Find(part, "codeExecutionResult"u8), "output"u8);
    }

    private static void Call(TextPlaces places, int call)
    {
        places.Values(places.Tree.Find(call, "args"u8));
        if (places.Tree.Find(call, "partialArgs"u8) >= 0) places.Skip("partialArgs", "arguments that come in pieces are not searched in this dialect");
    }
}
