using System.Text.Json;
using Sluice.Simulator.Hosting;

namespace Sluice.Simulator.Answers;

/// <summary>Reads content that is a text or a list of pieces, as most vendors spell it.</summary>
internal static class PromptContent
{
    /// <summary>The texts, line by line; they count as prompt.</summary>
    /// <param name="parent">The message or block.</param>
    /// <param name="member">The name of its content.</param>
    /// <param name="ask">What is asked; takes the texts and the media.</param>
    /// <param name="mediaOf">Reads a piece that is no text; null where media do not count.</param>
    public static string Read(JsonElement parent, string member, Ask ask, Func<JsonElement, Media?>? mediaOf)
    {
        if (!parent.Has(member, out var content))
            return "";
        if (content.ValueKind == JsonValueKind.String)
        {
            ask.Prompt.Add(content.GetString());
            return content.GetString()!;
        }

        var text = "";
        foreach (var part in content.Items())
        {
            if (part.Text("text") is { } piece)
            {
                ask.Prompt.Add(piece);
                text = text.Length == 0 ? piece : text + "\n" + piece;
            }
            else if (mediaOf?.Invoke(part) is { } media)
            {
                ask.AddMedia(media);
            }
        }

        return text;
    }
}
