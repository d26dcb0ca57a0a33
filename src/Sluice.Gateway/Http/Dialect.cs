using Microsoft.AspNetCore.Http;
using Sluice.Formats;
using Sluice.Wire;

namespace Sluice.Gateway.Http;

/// <summary>Guesses whose client this is where the path alone does not say it, so that errors come in the right format.</summary>
internal static class Dialect
{
    /// <summary>The format for errors on a path that is no endpoint.</summary>
    public static IWireFormat Of(HttpRequest request)
    {
        string path = request.Path.Value ?? "";
        var id = path.StartsWith("/v1beta", StringComparison.Ordinal) || path.StartsWith("/v1alpha", StringComparison.Ordinal) ? WireFormatId.GeminiGenerate
            : path.StartsWith("/api/", StringComparison.Ordinal) ? WireFormatId.OllamaChat
            : path.StartsWith("/v1/messages", StringComparison.Ordinal) || request.Headers.ContainsKey("anthropic-version") ? WireFormatId.AnthropicMessages
            : WireFormatId.OpenAIChat;
        return WireFormats.Find(id) ?? WireFormats.All[0];
    }
}
