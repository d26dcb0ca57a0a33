using Sluice.Chat;
using Sluice.Errors;
using Sluice.Formats.Json;

namespace Sluice.Formats.OllamaChat;

/// <summary>Ollama's clients do not say what their pictures are; other formats demand it, and what the bytes do not tell is not made up.</summary>
internal static class OllamaPictures
{
    /// <summary>The request, where every picture's type is known.</summary>
    /// <param name="request">A client's request.</param>
    /// <param name="pathOf">Where the pictures of a message stand.</param>
    public static Outcome<ChatRequest> Check(ChatRequest request, Func<int, string> pathOf)
    {
        for (int i = 0; i < request.Messages.Count; i++)
        {
            int place = 0;
            foreach (var part in request.Messages[i].Parts.SelectMany(static p => p is ToolResultPart result ? result.Content : [p]))
            {
                if (part is not MediaPart { Source: var source }) continue;
                if (source is InlineMedia { MediaType: null or "" })
                {
                    return new WireFormatException($"{pathOf(i)}[{place}]", "is no picture of a known type (PNG, JPEG, GIF, WebP, BMP, TIFF, HEIC, AVIF)").ToRequestError();
                }
                place++;
            }
        }
        return request;
    }
}
