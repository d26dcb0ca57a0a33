using Sluice.Chat;
using Sluice.Formats.Shared;

namespace Sluice.Formats.OpenAIChat;

/// <summary>Decides what of another format's content this one, and its vendor, can say.</summary>
internal sealed class ChatContentSelection(ChatWriteScope scope)
{
    /// <summary>The part as it can be written; <see langword="null"/> where it cannot be. What is lost is reported.</summary>
    public Part? Writable(PlacedPart placed)
    {
        if (scope.IsOwn) return placed.Part;
        var (part, path) = placed;
        scope.Losses.Unknown(part.Notes, scope.Dialect.Id, path);
        if (part.Cache is not null && !scope.Vendor.TakesCacheControl && !CacheBreakpoints.Takes(part, scope.Context, path))
        {
            scope.Losses.Dropped($"{path}.cache_control", "this provider takes no prompt-cache markers");
            part = part with { Cache = null };
        }
        switch (part)
        {
            case TextPart text:
                if (text.Citations.Count > 0) scope.Losses.Dropped($"{path}.citations", "this format takes no citations back");
                if (text.Signature is not null) scope.Losses.Dropped($"{path}.signature", "this format has no signature on text");
                return text.Text.Length == 0 ? null : text with { Notes = null, Citations = [] };
            case RefusalPart refusal:
                return scope.Vendor.IsOpenAI ? refusal with { Notes = null } : new TextPart(refusal.Text);
            case MediaPart media:
                return WritableMedia(media, path);
            case ReasoningPart { Signature.Family: "mistral" } reasoning when scope.Dialect.IsMistral:
                return reasoning with { Notes = null };
            default:
                scope.Losses.Dropped(path, $"this format has no such content ({Name(part)})");
                return null;
        }
    }

    private Part? WritableMedia(MediaPart media, string path)
    {
        if (media.CitationsEnabled == true) scope.Losses.Dropped($"{path}.citations_enabled", "this format gives no citations of documents");
        switch (media.Source)
        {
            case TextMedia text:
                scope.Losses.Changed(path, "this format has no documents of text: it was sent as text");
                return new TextPart(text.Text) { Cache = media.Cache };
            case FileMedia when !scope.KnowsFiles:
                scope.Losses.Dropped(path, "a file that was uploaded to another provider");
                return null;
            case UrlMedia when media.Kind == MediaKind.Document && !scope.Dialect.IsMistral && !scope.Vendor.TakesDocumentUrls:
                scope.Losses.Dropped(path, "this format takes documents only as bytes");
                return null;
            case UrlMedia when media.Kind == MediaKind.Audio && !scope.Dialect.IsMistral:
                scope.Losses.Dropped(path, "this format takes sound only as bytes");
                return null;
            case not FileMedia when media.Kind == MediaKind.Video && !scope.Vendor.TakesVideo:
                scope.Losses.Dropped(path, "this provider takes no video");
                return null;
            default:
                Part kept = media with { Notes = null };
                return kept;
        }
    }

    private static string Name(Part part) => part is RawPart raw ? raw.Type : part.GetType().Name;
}
