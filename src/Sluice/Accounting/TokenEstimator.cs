using Sluice.Chat;

namespace Sluice.Accounting;

/// <summary>
/// Estimates tokens of a request that comes as objects, where no tokenizer is at hand: by the script of the text, because tokenizers spend one token on
/// about four Latin letters but on about one ideograph. Media count as a usual picture or page does. Requests that come as bytes: <see cref="BodyTokens"/>.
/// </summary>
public static class TokenEstimator
{
    private const int MessageOverhead = 4;

    /// <summary>Estimates the input of a request.</summary>
    public static long Estimate(ChatRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        double total = 3;
        foreach (var message in request.Messages)
        {
            total += MessageOverhead;
            foreach (var part in message.Parts) total += Part(part);
        }
        foreach (var tool in request.Tools)
        {
            total += tool switch
            {
                FunctionTool f => 8 + Text(f.Name) + Text(f.Description) + (f.Parameters.Utf8.Length / 4.5),
                CustomTool c => 8 + Text(c.Name) + Text(c.Description),
                HostedTool h => h.Json.Utf8.Length / 4.5,
                _ => 0,
            };
        }
        if (request.AnswerFormat is { } format) total += format.Schema.Utf8.Length / 4.5;
        return (long)Math.Ceiling(total);
    }

    /// <summary>Estimates the tokens of a text.</summary>
    public static double Text(string? text) => text is null ? 0 : TextTokens.Of(text);

    private static double Part(Part part) => part switch
    {
        TextPart p => Text(p.Text),
        ReasoningPart p => Text(p.Text),
        RefusalPart p => Text(p.Text),
        ToolCallPart p => 8 + Text(p.Name) + Text(p.Arguments),
        ToolResultPart p => 4 + p.Content.Sum(Part),
        MediaPart { Source: TextMedia text } => Text(text.Text),
        MediaPart p => p.Kind == MediaKind.Image ? MediaTokens.Image : p.Kind == MediaKind.Audio ? MediaTokens.Sound : MediaTokens.Page,
        RawPart p => p.Json.Utf8.Length / 4.5,
        ServerToolCallPart p => p.Input.Utf8.Length / 4.5,
        ServerToolResultPart p => p.Content.Utf8.Length / 4.5,
        _ => 0,
    };
}
