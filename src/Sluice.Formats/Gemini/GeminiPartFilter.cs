using Sluice.Chat;
using Sluice.Wire;

namespace Sluice.Formats.Gemini;

/// <summary>Decides what of a part can be said in this format to a provider, and reports the rest.</summary>
internal static class GeminiPartFilter
{
    /// <summary>The part as it can be written; <see langword="null"/> where nothing of it can.</summary>
    public static Part? Admit(Part part, string path, TranslationContext context)
    {
        var losses = context.Losses;
        losses.Unknown(part.Notes, WireFormatId.GeminiGenerate, path);
        if (part.Cache is not null) losses.Dropped($"{path}.cache", "Gemini caches prompts by itself and has no markers");
        return part switch
        {
            ReasoningPart p => Reasoning(p, path, losses),
            TextPart p => Text(p, path, losses),
            RefusalPart p => Refusal(p, path, losses),
            MediaPart p => Media(p, path, losses),
            ToolCallPart p => Call(p, path, losses),
            ToolResultPart p => Result(p, path, context),
            RawPart { Format: var format } when format == WireFormatId.GeminiGenerate => part,
            ServerToolCallPart or ServerToolResultPart when part.Notes?.Format == WireFormatId.GeminiGenerate => part,
            RawPart p => Drop($"'{p.Type}' is known to {p.Format} only"),
            ServerToolCallPart p => Drop($"the provider's own tool '{p.Name}' was called at another provider"),
            ServerToolResultPart p => Drop($"the provider's own tool '{p.Name}' ran at another provider"),
            _ => Drop("Gemini has no such content"),
        };

        Part? Drop(string reason)
        {
            losses.Dropped(path, reason);
            return null;
        }
    }

    /// <summary>The part without a signature that is not Google's.</summary>
    public static Part WithoutForeignSignature(Part part, string path, LossReport losses)
    {
        if (part.Signature is not { Family: not "gemini" }) return part;
        losses.Dropped($"{path}.signature", "made by another model family");
        return part with { Signature = null };
    }

    private static ReasoningPart? Reasoning(ReasoningPart part, string path, LossReport losses)
    {
        if (part.Signature is { Family: "gemini" }) return part;
        losses.Dropped(path, part.Signature is null ? "Gemini takes no thoughts back without its signature" : "made by another model family");
        return null;
    }

    private static Part? Text(TextPart part, string path, LossReport losses)
    {
        if (part.Citations.Count > 0) losses.Dropped($"{path}.citations", "Gemini takes no citations back");
        var kept = WithoutForeignSignature(part, path, losses);
        return part.Text.Length == 0 && kept.Signature is null ? null : kept;
    }

    private static TextPart? Refusal(RefusalPart part, string path, LossReport losses)
    {
        if (part.Text.Length == 0) return null;
        losses.Changed(path, "Gemini has no refusals apart from text");
        return new TextPart(part.Text);
    }

    private static MediaPart? Media(MediaPart part, string path, LossReport losses)
    {
        if (part.Source is FileMedia file && !GeminiMedia.IsGoogleFile(file.FileId))
        {
            losses.Dropped(path, "a file that was uploaded to another provider");
            return null;
        }
        if (part.Detail is not (null or "auto")) losses.Dropped($"{path}.detail", "Gemini has no such setting for one picture");
        if (part.Title is not null) losses.Dropped($"{path}.title", "Gemini takes no file names");
        if (part.CitationsEnabled == true) losses.Dropped($"{path}.citations", "Gemini cites only what its own tools find");
        if (part.Transcript is not null) losses.Dropped($"{path}.transcript", "Gemini takes no transcripts beside sound");
        return part with { Title = null, Signature = part.Signature is { Family: "gemini" } ? part.Signature : null };
    }

    private static Part Call(ToolCallPart part, string path, LossReport losses)
    {
        if (!part.IsCustom && !string.IsNullOrWhiteSpace(part.Arguments) && !GeminiArguments.IsObject(part.Arguments))
        {
            losses.Changed($"{path}.arguments", "arguments that are no JSON object went into a member 'input'");
        }
        return WithoutForeignSignature(part, path, losses);
    }

    private static ToolResultPart Result(ToolResultPart part, string path, TranslationContext context)
    {
        var content = new List<Part>(part.Content.Count);
        for (int i = 0; i < part.Content.Count; i++)
        {
            string at = $"{path}.content[{i}]";
            switch (Admit(part.Content[i], at, context))
            {
                case null:
                    break;
                case (TextPart or MediaPart) and var inner:
                    content.Add(inner);
                    break;
                default:
                    context.Losses.Dropped(at, "Gemini takes only text and media as a tool's result");
                    break;
            }
        }
        return part with { Content = content, Signature = null };
    }
}
