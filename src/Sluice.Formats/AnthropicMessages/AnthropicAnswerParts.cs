using Sluice.Chat;
using Sluice.Wire;

namespace Sluice.Formats.AnthropicMessages;

/// <summary>Turns the parts of another format's answer into blocks that a client of this format can read; reports the rest.</summary>
internal static class AnthropicAnswerParts
{
    /// <summary>What of a part can be written: none, one block, or a block with a carrier of its signature.</summary>
    public static void Add(Part part, string path, LossReport losses, List<Part> blocks)
    {
        losses.Unknown(part.Notes, AnthropicNames.Id, path);
        switch (part)
        {
            case TextPart { Text: "", Signature: { } signature }:
                blocks.Add(AnthropicCarriers.InPlace(signature));
                break;
            case TextPart { Text: "" }:
                break;
            case TextPart { Signature: { } signature } text:
                blocks.Add(text);
                blocks.Add(AnthropicCarriers.After(signature));
                break;
            case ToolCallPart { Signature: { } signature } call:
                blocks.Add(AnthropicCarriers.Before(signature));
                blocks.Add(call);
                break;
            case ReasoningPart { Text: "", Signature: null }:
                break;
            case TextPart or ToolCallPart or ReasoningPart:
                blocks.Add(part);
                break;
            case RefusalPart { Text.Length: > 0 } refusal:
                blocks.Add(new TextPart(refusal.Text));
                break;
            case RefusalPart:
                break;
            case MediaPart { Transcript: { Length: > 0 } words }:
                losses.Changed(path, "sound was told by its transcript: this format has no sound");
                blocks.Add(new TextPart(words));
                break;
            default:
                losses.Dropped(path, Reason(part));
                break;
        }
    }

    /// <summary>Why a part cannot be a block.</summary>
    public static string Reason(Part part) => part switch
    {
        MediaPart media => $"an answer of this format holds no {media.Kind}",
        ServerToolCallPart or ServerToolResultPart => "the provider's own tool has no like in this format",
        RawPart raw => $"only {raw.Format} has '{raw.Type}'",
        _ => "this format has no such content",
    };
}
