using System.Text.Json;
using Sluice.Chat;
using Sluice.Errors;
using Sluice.Formats.Json;
using Sluice.Wire;

namespace Sluice.Formats.Shared;

/// <summary>Watches an embeddings answer that passes through unchanged: one body that has its usage or not.</summary>
internal sealed class EmbeddingTap : IAnswerTap
{
    private readonly byte[] _usageMark;
    private readonly Func<JsonElement, Usage?> _usage;
    private readonly Func<JsonElement, GatewayError> _error;

    /// <summary>Makes a tap.</summary>
    /// <param name="usageMark">A text without which the body has no usage.</param>
    /// <param name="usage">Reads the usage from the root.</param>
    /// <param name="error">Reads an error from a root that has the member <c>error</c>.</param>
    public EmbeddingTap(ReadOnlySpan<byte> usageMark, Func<JsonElement, Usage?> usage, Func<JsonElement, GatewayError> error) =>
        (_usageMark, _usage, _error) = (usageMark.ToArray(), usage, error);

    /// <inheritdoc/>
    public Usage? Usage { get; private set; }

    /// <inheritdoc/>
    public string? Model { get; private set; }

    /// <inheritdoc/>
    public GatewayError? Error { get; private set; }

    /// <inheritdoc/>
    public long OutputCharacters => 0;

    /// <inheritdoc/>
    public AnswerSignal Observe(in StreamFrame frame)
    {
        var data = frame.Data.Span;
        if (data.IndexOf(_usageMark) < 0 && data.IndexOf("\"error\""u8) < 0) return JsonText.Judge(data, AnswerSignal.Content | AnswerSignal.End);
        try
        {
            using var document = JsonDocument.Parse(frame.Data, new JsonDocumentOptions { MaxDepth = 128 });
            var root = document.RootElement;
            if (root.Get("error"u8) is not null)
            {
                Error = _error(root);
                return AnswerSignal.Error;
            }
            Usage = _usage(root);
            Model = root.Text("model"u8);
            return AnswerSignal.Content | AnswerSignal.End;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // JSON that is only too deep, or no Unicode, goes to the client as it is.
            return JsonText.Judge(data, AnswerSignal.None);
        }
    }
}
