using Sluice.Chat;
using Sluice.Wire;

namespace Sluice.Formats.OpenAIResponses;

/// <summary>Reports of what an answer in this format cannot hold.</summary>
internal static class ResponsesLosses
{
    /// <summary>Reports a part for which there is no item.</summary>
    public static void Unsaid(Part part, string path, LossReport losses)
    {
        string reason = part switch
        {
            RawPart raw => $"only {raw.Format} has {raw.Type}",
            ServerToolCallPart call => $"{WireFormatId.OpenAIResponses} has no item for the provider's tool {call.Name}",
            ServerToolResultPart result => $"{WireFormatId.OpenAIResponses} has no item for the result of the provider's tool {result.Name}",
            MediaPart media => $"{WireFormatId.OpenAIResponses} has no item for {media.Kind} that the model makes",
            _ => $"{WireFormatId.OpenAIResponses} has no item for it",
        };
        losses.Dropped(path, reason);
    }
}
