using System.Text.Json;
using Sluice.Chat;
using Sluice.Formats.Shared;

namespace Sluice.Formats.OpenAIChat;

/// <summary>Pictures that the model made, under <c>images</c> of the message as OpenRouter gives them: this format has no place of its own for them.</summary>
internal static class ChatImages
{
    /// <summary>Writes one.</summary>
    public static void Write(Utf8JsonWriter output, MediaPart picture)
    {
        output.WriteStartObject();
        output.WriteString("type", "image_url");
        output.WriteStartObject("image_url");
        output.WriteString("url", picture.Source is InlineMedia bytes ? DataUrl.From(bytes, "image/png") : ((UrlMedia)picture.Source).Url);
        output.WriteEndObject();
        output.WriteEndObject();
    }
}
