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
            foreach (int content in tree.All(candidate, "content"u8)) places.Content(content);
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
                texts.Whole.Content(part);
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
        foreach (int member in tree.Children(body))
        {
            if (IsContent(tree, member)) places.Content(member);
            else if (tree.NameIsLike(member, "generateContentRequest"u8) || tree.NameIsLike(member, "generate_content_request"u8)) Body(places, member);
            else if (!tree.NameIsLike(member, "requests"u8)) continue;
            else foreach (int request in tree.Children(member)) Body(places, request);
        }
    }

    private static bool IsContent(JsonTree tree, int member) =>
        tree.NameIsLike(member, "contents"u8) || tree.NameIsLike(member, "content"u8) || tree.NameIsLike(member, "systemInstruction"u8) || tree.NameIsLike(member, "system_instruction"u8) || tree.NameIsLike(member, "title"u8);
}
