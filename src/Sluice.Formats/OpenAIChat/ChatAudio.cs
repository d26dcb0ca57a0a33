using System.Text.Json;
using Sluice.Chat;
using Sluice.Formats.Json;
using Sluice.Wire;

namespace Sluice.Formats.OpenAIChat;

/// <summary><c>audio</c> of a message: the sound with its transcript in an answer, its id alone in a later request.</summary>
internal static class ChatAudio
{
    /// <summary>Writes the member.</summary>
    public static void Write(Utf8JsonWriter output, MediaPart media, WireFormatId format, string id = "", long expiresAt = 0)
    {
        var members = new MemberWriter(output, media.Notes, format);
        bool own = media.Notes?.Format == format;
        output.WriteStartObject("audio");
        output.WriteString("id", media.Id ?? id);
        if (media.Source is InlineMedia bytes) output.WriteString("data", bytes.Base64);
        else members.Silent("data");
        members.Text("transcript", media.Transcript ?? (media.Source is InlineMedia && !own ? "" : null));
        if (!members.Silent("expires_at") && media.Source is InlineMedia && !own) output.WriteNumber("expires_at", expiresAt);
        members.Rest();
        output.WriteEndObject();
    }
}
