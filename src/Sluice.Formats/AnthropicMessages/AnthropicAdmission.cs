using System.Text;
using Sluice.Chat;
using Sluice.Formats.Shared;
using Sluice.Wire;

namespace Sluice.Formats.AnthropicMessages;

/// <summary>Turns the parts of another format's request into parts that this format can write; reports the rest.</summary>
internal sealed class AnthropicAdmission(LossReport losses) : IPartAdmission
{
    /// <inheritdoc/>
    public List<Part> Admit(IReadOnlyList<Part> parts, string role, string path)
    {
        var admitted = new List<Part>(parts.Count);
        for (int i = 0; i < parts.Count; i++)
        {
            if (Admit(parts[i], role, $"{path}[{i}]") is { } part) admitted.Add(part);
        }
        return admitted;
    }

    private Part? Admit(Part part, string role, string path)
    {
        losses.Unknown(part.Notes, AnthropicNames.Id, path);
        if (role == "system" && part is not (TextPart or RawPart)) return Drop(path, "instructions are text only");
        return part switch
        {
            TextPart p => Text(p, path),
            RefusalPart p => Text(new TextPart(p.Text), path),
            ReasoningPart p => Reasoning(p, role, path),
            ToolCallPart p => ToolCall(p, path),
            ToolResultPart p => ToolResult(p, path),
            MediaPart when role == "assistant" => Drop(path, "an earlier answer can hold no media in this format"),
            MediaPart p => Media(p, path),
            ServerToolCallPart or ServerToolResultPart => part.Notes.IsOwn() ? part : Drop(path, "only the provider that ran this tool knows it"),
            RawPart p => p.Format == AnthropicNames.Id ? p : Drop(path, $"only {p.Format} has '{p.Type}'"),
            _ => Drop(path, "this format has no such content"),
        };
    }

    // Blocks of white space are refused by the API ("text content blocks must be non-empty"); they say nothing.
    private TextPart? Text(TextPart part, string path)
    {
        if (part.Signature is not null) losses.Dropped($"{path}.signature", "made by another model family");
        if (string.IsNullOrWhiteSpace(part.Text)) return null;
        if (part.Citations.All(c => c.Notes.IsOwn())) return part;
        losses.Dropped($"{path}.citations", "sources of another provider mean nothing to this one");
        return part with { Citations = [.. part.Citations.Where(c => c.Notes.IsOwn())] };
    }

    private Part? Reasoning(ReasoningPart part, string role, string path)
    {
        if (role == "assistant" && part.Signature is { Family: AnthropicNames.Family, Value.Length: > 0 }) return part with { Cache = null };
        string reason = part.Signature is null ? "unsigned reasoning is refused by this format" : "made by another model family";
        if (part.Signature is not null) losses.Dropped($"{path}.signature", "made by another model family");
        return part.Text.Length > 0 || part.Signature is null ? Drop(path, reason) : null;
    }

    private ToolCallPart ToolCall(ToolCallPart part, string path)
    {
        if (part.Signature is not null) losses.Dropped($"{path}.signature", "made by another model family");
        if (!AnthropicToolInput.IsExpressible(part)) losses.Changed($"{path}.arguments", "this format takes only an object: the text was put into one");
        return part with { CallId = ToolCallIds.Fit(part.CallId) };
    }

    private ToolResultPart ToolResult(ToolResultPart part, string path)
    {
        var content = new List<Part>(part.Content.Count);
        for (int i = 0; i < part.Content.Count; i++)
        {
            string inner = $"{path}.content[{i}]";
            var admitted = part.Content[i] is TextPart or RefusalPart or MediaPart or RawPart ? Admit(part.Content[i], "tool", inner) : Drop(inner, "a result holds text, images and documents only");
            if (admitted is not null) content.Add(admitted);
        }
        if (content.Count == 0 && part.Content.Count == 0 && !part.Structured.IsAbsent) content.Add(new TextPart(part.Structured.ToString()));
        return part with { CallId = ToolCallIds.Fit(part.CallId), Content = content };
    }

    private Part? Media(MediaPart part, string path)
    {
        if (part.Detail is not (null or "auto")) losses.Dropped($"{path}.detail", "this format has no such setting");
        bool isImage = part.Kind == MediaKind.Image;
        if (!isImage && part.Kind != MediaKind.Document) return Drop(path, $"this format takes no {part.Kind}");
        switch (part.Source)
        {
            case InlineMedia inline:
                return Inline(part, inline, isImage, path);
            case UrlMedia url when url.Url.StartsWith("http://", StringComparison.OrdinalIgnoreCase) || url.Url.StartsWith("https://", StringComparison.OrdinalIgnoreCase):
                return Plain(part, url, isImage);
            case TextMedia text:
                return Plain(part, text, isImage);
            case FileMedia:
                return Drop(path, "a file uploaded to another provider");
            default:
                return Drop(path, "this provider cannot fetch that address");
        }
    }

    private Part? Inline(MediaPart part, InlineMedia inline, bool isImage, string path)
    {
        string? type = inline.MediaType?.Split(';')[0].Trim().ToLowerInvariant();
        if (type is null or "" or "application/octet-stream" or "image/*") type = MediaSniffer.MediaTypeOf(inline);
        if (type == "image/jpg") type = "image/jpeg";
        if (isImage) return type is "image/jpeg" or "image/png" or "image/gif" or "image/webp" ? Plain(part, inline with { MediaType = type }, isImage) : Drop(path, $"this format takes no images of type {type}");
        if (type == "application/pdf") return Plain(part, inline with { MediaType = type }, isImage);
        bool isText = type is not null && (type.StartsWith("text/", StringComparison.Ordinal) || type is "application/json" or "application/xml" or "application/yaml");
        return isText && TextOf(inline.Base64) is { } text ? Plain(part, new TextMedia(text), isImage) : Drop(path, $"this format takes no documents of type {type ?? "unknown"}");
    }

    private static MediaPart Plain(MediaPart part, MediaSource source, bool isImage) => part with { Source = source, Title = isImage ? null : part.Title, CitationsEnabled = isImage ? null : part.CitationsEnabled };

    private static string? TextOf(string base64)
    {
        byte[] bytes = new byte[base64.Length];
        return Convert.TryFromBase64String(base64, bytes, out int length) ? Encoding.UTF8.GetString(bytes, 0, length) : null;
    }

    private Part? Drop(string path, string reason)
    {
        losses.Dropped(path, reason);
        return null;
    }
}
