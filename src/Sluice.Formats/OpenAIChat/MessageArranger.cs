using Sluice.Chat;
using Sluice.Wire;

namespace Sluice.Formats.OpenAIChat;

/// <summary>
/// Brings a conversation of another format into the order that this one demands: one message of the model a turn, directly followed by
/// one message of role <c>tool</c> for each result, which holds text only; pictures and documents of results follow in the next user turn.
/// </summary>
internal static class MessageArranger
{
    /// <summary>The messages of a request in this format's order.</summary>
    public static List<OutgoingMessage> Arrange(ChatRequest request, bool keepsDeveloper, TranslationContext context, WireFormatId format)
    {
        // Up to the last message of the model or result, and what was said since: a result goes between them.
        var arranged = new List<OutgoingMessage>(request.Messages.Count);
        var since = new List<OutgoingMessage>();
        var media = new List<PlacedPart>();
        for (int i = 0; i < request.Messages.Count; i++)
        {
            var message = request.Messages[i];
            string path = $"messages[{i}]";
            context.Losses.Unknown(message.Notes, format, path);
            if (message.Role == Role.Assistant)
            {
                FlushMedia(since, media);
                AddAssistant(arranged, since, message, path);
                continue;
            }
            OutgoingMessage? rest = null;
            for (int j = 0; j < message.Parts.Count; j++)
            {
                string at = $"{path}.content[{j}]";
                if (message.Parts[j] is ToolResultPart result)
                {
                    AddResult(arranged, since, media, result, at, context);
                    continue;
                }
                rest ??= NewMessage(message, path, keepsDeveloper, media);
                rest.Parts.Add(new PlacedPart(message.Parts[j], at));
            }
            if (rest is not null) since.Add(rest);
        }
        FlushMedia(since, media);
        arranged.AddRange(since);
        return arranged;
    }

    private static OutgoingMessage NewMessage(ChatMessage message, string path, bool keepsDeveloper, List<PlacedPart> media)
    {
        var role = message.Role == Role.Developer && !keepsDeveloper ? Role.System : message.Role == Role.Tool ? Role.User : message.Role;
        var made = new OutgoingMessage(role, path) { Name = message.Name };
        if (role != Role.User) return made;
        // Pictures of the results before lead the user's own words: two user messages in a row are refused by some chat templates.
        made.Parts.AddRange(media);
        media.Clear();
        return made;
    }

    private static void AddAssistant(List<OutgoingMessage> arranged, List<OutgoingMessage> since, ChatMessage message, string path)
    {
        Settle(arranged, since);
        if (arranged.Count == 0 || arranged[^1].Role != Role.Assistant) arranged.Add(new OutgoingMessage(Role.Assistant, path) { Name = message.Name });
        for (int j = 0; j < message.Parts.Count; j++) arranged[^1].Parts.Add(new PlacedPart(message.Parts[j], $"{path}.content[{j}]"));
    }

    private static void AddResult(
        List<OutgoingMessage> arranged, List<OutgoingMessage> since, List<PlacedPart> media, ToolResultPart result, string path, TranslationContext context)
    {
        var text = new List<Part>();
        for (int k = 0; k < result.Content.Count; k++)
        {
            if (result.Content[k] is not MediaPart { Source: not TextMedia } medium)
            {
                text.Add(result.Content[k]);
                continue;
            }
            media.Add(new PlacedPart(medium, $"{path}.content[{k}]"));
            context.Losses.Changed($"{path}.content[{k}]", "a result holds only text in this format: the medium follows in a user message");
        }
        var made = new OutgoingMessage(Role.Tool, path);
        made.Parts.Add(new PlacedPart(result with { Content = text }, path));
        // Behind the calls and the results that are already there, before anything else that was said since.
        if (arranged.Count == 0) Settle(arranged, since);
        arranged.Add(made);
    }

    private static void Settle(List<OutgoingMessage> arranged, List<OutgoingMessage> since)
    {
        arranged.AddRange(since);
        since.Clear();
    }

    private static void FlushMedia(List<OutgoingMessage> since, List<PlacedPart> media)
    {
        if (media.Count == 0) return;
        var carrier = new OutgoingMessage(Role.User, media[0].Path);
        carrier.Parts.AddRange(media);
        since.Add(carrier);
        media.Clear();
    }
}
