using System.Text.Json;
using Sluice.Chat;
using Sluice.Formats.Json;
using Sluice.Formats.Shared;

namespace Sluice.Formats.OpenAIChat;

/// <summary>Writes <c>content</c>: a string where nothing but text is said, else a list of parts.</summary>
internal sealed class ChatContentWriter(ChatWriteScope scope)
{
    private static readonly string[] SilentMembers = ["text", "image_url", "video_url", "input_audio", "file", "refusal", "thinking", "document_url", "file_id", "signature"];

    private readonly ChatContentSelection _selection = new(scope);

    /// <summary>Writes the member <c>content</c>.</summary>
    /// <param name="members">The message.</param>
    /// <param name="parts">What is said; parts that cannot be written are reported and left out.</param>
    /// <param name="role">Who speaks: the model's texts are joined without a break, others by a line.</param>
    /// <param name="orNull">Nothing to say is <c>null</c> rather than the empty string.</param>
    public void Write(MemberWriter members, List<PlacedPart> parts, Role role, bool orNull)
    {
        var writable = new List<PlacedPart>(parts.Count);
        foreach (var part in parts)
        {
            if (_selection.Writable(part) is { } kept) writable.Add(part with { Part = kept });
        }
        bool list = scope.IsOwn && members.IsList("content");
        if (writable.Count == 0)
        {
            if (members.Silent("content") || scope.IsOwn) return;
            if (orNull) members.Output.WriteNull("content");
            else members.Output.WriteString("content", "");
            return;
        }
        if (!list && writable.All(p => p.Part is TextPart { Cache: null, Notes: null }) && (writable.Count == 1 || !scope.Vendor.TakesTextLists))
        {
            string between = role == Role.Assistant ? "" : "\n";
            members.Output.WriteString("content", string.Join(between, writable.Select(p => ((TextPart)p.Part).Text)));
            return;
        }
        members.Output.WriteStartArray("content");
        foreach (var part in writable) WritePart(members.Output, part.Part);
        members.Output.WriteEndArray();
    }

    private void WritePart(Utf8JsonWriter output, Part part)
    {
        if (part is RawPart raw)
        {
            raw.Json.WriteTo(output);
            return;
        }
        var members = scope.Members(output, part.Notes);
        if (part is TextPart bare && members.Spelling.Has("~bare"))
        {
            output.WriteStringValue(bare.Text);
            return;
        }
        output.WriteStartObject();
        string written = "";
        switch (part)
        {
            case TextPart text:
                written = "text";
                output.WriteString("type", members.Spelling.Text("~type") ?? "text");
                output.WriteString("text", text.Text);
                break;
            case RefusalPart refusal:
                written = "refusal";
                output.WriteString("type", "refusal");
                output.WriteString("refusal", refusal.Text);
                break;
            case ReasoningPart reasoning:
                written = "thinking";
                WriteThinking(members, reasoning);
                break;
            case MediaPart media:
                written = WriteMedia(members, media);
                break;
            default:
                break;
        }
        foreach (string name in SilentMembers)
        {
            if (name != written) members.Silent(name);
        }
        if (part.Cache is not null && !scope.IsOwn && scope.Context.TakesCacheBreakpoints) CacheBreakpoints.Write(output);
        else ChatCache.Write(part.Cache, members);
        members.Rest("image_url", "video_url", "input_audio", "file", "cache_control");
        output.WriteEndObject();
    }

    private string WriteMedia(MemberWriter members, MediaPart media)
    {
        string type = members.Spelling.Text("~type") ?? TypeOf(media);
        members.Output.WriteString("type", type);
        switch (type)
        {
            case "image_url" or "video_url":
                WriteUrl(members, type, media);
                break;
            case "input_audio":
                WriteAudio(members, media);
                break;
            case "document_url":
                members.Output.WriteString("document_url", Address(members, media));
                members.Text("document_name", media.Title);
                break;
            default:
                WriteFile(members, media);
                return scope.Dialect.IsMistral ? "file_id" : "file";
        }
        return type;
    }

    private string TypeOf(MediaPart media)
    {
        if (media.Source is FileMedia) return "file";
        if (media.Kind == MediaKind.Image) return "image_url";
        if (media.Kind == MediaKind.Audio) return "input_audio";
        if (media.Kind == MediaKind.Video) return "video_url";
        return scope.Dialect.IsMistral ? "document_url" : "file";
    }

    private static void WriteUrl(MemberWriter members, string member, MediaPart media)
    {
        string url = Address(members, media);
        if (members.Spelling.Has($"~{member}"))
        {
            members.Output.WriteString(member, url);
            return;
        }
        members.Output.WriteStartObject(member);
        members.Output.WriteString("url", url);
        var nested = members.Nested(member);
        nested.Text("detail", media.Detail);
        nested.Rest();
        members.Output.WriteEndObject();
    }

    private void WriteAudio(MemberWriter members, MediaPart media)
    {
        if (members.Spelling.Has("~input_audio") || (scope.Dialect.IsMistral && !scope.IsOwn))
        {
            members.Output.WriteString("input_audio", media.Source is InlineMedia bytes && (members.Spelling.Has("~bytes") || !scope.IsOwn) ? bytes.Base64 : Address(members, media));
            return;
        }
        members.Output.WriteStartObject("input_audio");
        members.Output.WriteString("data", ((InlineMedia)media.Source).Base64);
        members.Output.WriteString("format", members.Spelling.Text("~format") ?? AudioFormats.FromMediaType(media.Source.MediaType));
        members.Nested("input_audio").Rest();
        members.Output.WriteEndObject();
    }

    private void WriteFile(MemberWriter members, MediaPart media)
    {
        if (scope.Dialect.IsMistral && media.Source is FileMedia uploaded)
        {
            members.Output.WriteString("file_id", uploaded.FileId);
            return;
        }
        members.Output.WriteStartObject("file");
        var file = members.Nested("file");
        if (media.Source is FileMedia { FileId: var id })
        {
            file.Silent("file_data");
            file.Text("file_id", id);
        }
        else
        {
            bool bare = media.Source is InlineMedia && members.Spelling.Has("~bytes");
            file.Silent("file_id");
            members.Output.WriteString("file_data", bare ? ((InlineMedia)media.Source).Base64 : Address(members, media));
        }
        file.Text("filename", media.Title ?? (scope.IsOwn || media.Source is FileMedia ? null : DefaultName(media.Source.MediaType)));
        file.Rest();
        members.Output.WriteEndObject();
    }

    private static void WriteThinking(MemberWriter members, ReasoningPart part)
    {
        members.Output.WriteString("type", "thinking");
        if (members.Spelling["~thinking"] is { IsAbsent: false } spelled)
        {
            members.Output.WritePropertyName("thinking");
            spelled.WriteTo(members.Output);
        }
        else
        {
            ThinkingContent.WritePieces(members.Output, part.Text);
        }
        if (part.Signature is { } signature) members.Output.WriteString("signature", SignatureEnvelope.Write(signature, "mistral"));
    }

    private static string Address(MemberWriter members, MediaPart media) => members.Spelling.Text("~url") ?? media.Source switch
    {
        InlineMedia inline => DataUrl.From(inline, DefaultType(media.Kind)),
        UrlMedia url => url.Url,
        _ => "",
    };

    private static string DefaultType(MediaKind kind) => kind.Value switch { "image" => "image/png", "video" => "video/mp4", "audio" => "audio/wav", _ => "application/pdf" };

    // OpenAI wants a name with every file that comes as bytes.
    private static string DefaultName(string? mediaType) => mediaType switch
    {
        null or "application/pdf" => "document.pdf",
        _ when mediaType.StartsWith("text/", StringComparison.OrdinalIgnoreCase) => "document.txt",
        _ => "document",
    };
}
