using Sluice.Wire;

namespace Sluice.Formats.Gemini;

/// <summary>What the address says: <c>/v1beta/models/{model}:{method}?alt=sse</c>.</summary>
internal static class GeminiPath
{
    public static bool IsStream(string path) => path.EndsWith(":streamGenerateContent", StringComparison.Ordinal);

    public static bool IsBatch(string path) => path.EndsWith(":batchEmbedContents", StringComparison.Ordinal);

    /// <summary>True for <c>alt=sse</c>; without it a stream is one JSON array.</summary>
    public static bool WantsEvents(string query) => query.Split('&').Contains("alt=sse", StringComparer.OrdinalIgnoreCase);

    /// <summary>The model, without <c>models/</c>; <see langword="null"/> where the path has none.</summary>
    public static string? Model(WireRequest request)
    {
        string? model = request.PathModel ?? FromPath(request.Path);
        return model is not null && model.StartsWith("models/", StringComparison.Ordinal) ? model["models/".Length..] : model;
    }

    private static string? FromPath(string path)
    {
        int start = path.LastIndexOf("/models/", StringComparison.Ordinal), colon = path.LastIndexOf(':');
        return start < 0 || colon < start ? null : Uri.UnescapeDataString(path[(start + "/models/".Length)..colon]);
    }
}
