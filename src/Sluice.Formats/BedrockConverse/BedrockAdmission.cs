using System.Text;
using Sluice.Chat;
using Sluice.Formats.Shared;
using Sluice.Wire;

namespace Sluice.Formats.BedrockConverse;

/// <summary>Turns the parts of a request into parts that Converse can write; reports the rest.</summary>
internal sealed class BedrockAdmission(BedrockModel model, LossReport losses) : IPartAdmission
{
    /// <inheritdoc/>
    public List<Part> Admit(IReadOnlyList<Part> parts, string role, string path)
    {
        var admitted = new List<Part>(parts.Count);
        for (int i = 0; i < parts.Count; i++)
        {
            if (Admit(parts[i], role, $"{path}[{i}]") is { } part) admitted.Add(Cached(part, $"{path}[{i}]"));
        }
        return admitted;
    }

    private Part? Admit(Part part, string role, string path)
    {
        losses.Unknown(part.Notes, WireFormatId.BedrockConverse, path);
        if (role == "system" && part is not TextPart) return Drop(path, "instructions are text only");
        return part switch
        {
            TextPart p => Text(p, path),
            RefusalPart p => Text(new TextPart(p.Text), path),
            ReasoningPart p => Reasoning(p, role, path),
            ToolCallPart p => ToolCall(p, path),
            ToolResultPart p => ToolResult(p, path),
            MediaPart when role == "assistant" => Drop(path, "an earlier answer can hold no media in this format"),
            MediaPart p => Media(p, path),
            ServerToolCallPart or ServerToolResultPart => Drop(path, "only the provider that ran this tool knows it"),
            RawPart p => Drop(path, $"only {p.Format} has '{p.Type}'"),
            _ => Drop(path, "this format has no such content"),
        };
    }

    private Part Cached(Part part, string path)
    {
        if (part.Cache is null || model.HasCache) return part;
        losses.Dropped($"{path}.cache", "this model takes no cache points");
        return part with { Cache = null };
    }

    // Blank text is refused ("The text field in the ContentBlock object is blank").
    private TextPart? Text(TextPart part, string path)
    {
        if (part.Signature is not null) losses.Dropped($"{path}.signature", "made by another model family");
        if (string.IsNullOrWhiteSpace(part.Text)) return null;
        if (part.Citations.Count == 0) return part;
        losses.Dropped($"{path}.citations", "sources of another provider mean nothing to this one");
        return part with { Citations = [] };
    }

    private Part? Reasoning(ReasoningPart part, string role, string path)
    {
        if (role == "assistant" && model.IsClaude && part.Signature is { Family: "anthropic", Value.Length: > 0 }) return part with { Cache = null };
        if (part.Signature is not null) losses.Dropped($"{path}.signature", "made by another model family");
        return part.Text.Length > 0 || part.Signature is null ? Drop(path, "this model takes back only reasoning that it signed") : null;
    }

    private ToolCallPart ToolCall(ToolCallPart part, string path)
    {
        if (part.Signature is not null) losses.Dropped($"{path}.signature", "made by another model family");
        if (!AnthropicMessages.AnthropicToolInput.IsExpressible(part)) losses.Changed($"{path}.arguments", "this format takes only an object: the text was put into one");
        return part with { CallId = ToolCallIds.Fit(part.CallId) };
    }

    private ToolResultPart ToolResult(ToolResultPart part, string path)
    {
        var content = new List<Part>(part.Content.Count);
        for (int i = 0; i < part.Content.Count; i++)
        {
            string inner = $"{path}.content[{i}]";
            var admitted = part.Content[i] switch
            {
                MediaPart { Kind.Value: "audio" } => Drop(inner, "a result holds no sound"),
                TextPart or RefusalPart or MediaPart => Admit(part.Content[i], "tool", inner),
                _ => Drop(inner, "a result holds text, images, documents and video only"),
            };
            if (admitted is not null) content.Add(admitted with { Cache = null });
        }
        if (content.Count == 0 && part.Content.Count == 0 && !part.Structured.IsAbsent) content.Add(new TextPart(part.Structured.ToString()));
        return part with { CallId = ToolCallIds.Fit(part.CallId), Content = content };
    }

    private Part? Media(MediaPart part, string path)
    {
        if (part.Detail is not (null or "auto")) losses.Dropped($"{path}.detail", "this format has no such setting");
        var source = part.Source is TextMedia text ? new InlineMedia(Convert.ToBase64String(Encoding.UTF8.GetBytes(text.Text))) { MediaType = "text/plain" } : part.Source;
        string? mediaType = source.MediaType ?? MediaSniffer.MediaTypeOf(source);
        if (source is UrlMedia url)
        {
            if (!url.Url.StartsWith("s3://", StringComparison.OrdinalIgnoreCase)) return Drop(path, "this provider fetches no addresses but s3://");
            mediaType ??= MediaSniffer.MediaTypeOfName(url.Url);
        }
        if (source is FileMedia) return Drop(path, "a file uploaded to another provider");
        if (BedrockMediaFormats.FromMediaType(part.Kind, mediaType) is not { } format) return Drop(path, $"this format takes no {part.Kind} of type {mediaType ?? "unknown"}");
        return part with { Source = source switch { InlineMedia i => i with { MediaType = format }, UrlMedia u => u with { MediaType = format }, _ => source } };
    }

    private Part? Drop(string path, string reason)
    {
        losses.Dropped(path, reason);
        return null;
    }
}
