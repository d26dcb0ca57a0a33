using System.Text.Json;

namespace Sluice.TestKit;

/// <summary>The recorded exchanges beside the checkout (<c>../shared/corpus</c>).</summary>
public static class Corpus
{
    private static readonly Lazy<IReadOnlyList<Exchange>> All = new(Load);

    /// <summary>The exchanges of a wire format, as the recordings name it; empty where the corpus is absent.</summary>
    public static IReadOnlyList<Exchange> Of(string wireFormat) => [.. All.Value.Where(e => e.WireFormat == wireFormat)];

    private static List<Exchange> Load()
    {
        var exchanges = new List<Exchange>();
        if (!RepositoryPaths.HasCorpus) return exchanges;
        string root = Path.Combine(RepositoryPaths.Shared, "corpus");
        foreach (string folder in Directory.GetDirectories(root).Order(StringComparer.Ordinal))
        {
            foreach (string file in Directory.GetFiles(folder, "*.json").Order(StringComparer.Ordinal))
            {
                var document = JsonDocument.Parse(File.ReadAllBytes(file)).RootElement;
                int number = 0;
                foreach (var exchange in document.GetProperty("exchanges").EnumerateArray())
                {
                    exchanges.Add(new Exchange($"{Path.GetFileName(folder)}/{Path.GetFileNameWithoutExtension(file)}[{number++}]", exchange));
                }
            }
        }
        return exchanges;
    }
}

/// <summary>One recorded request with its answer.</summary>
/// <param name="Id">File and position.</param>
/// <param name="Json">The record.</param>
public sealed record Exchange(string Id, JsonElement Json)
{
    /// <summary>The wire format.</summary>
    public string WireFormat => Json.GetProperty("wireFormat").GetString()!;

    /// <summary>Who answered.</summary>
    public string Provider => Json.GetProperty("provider").GetString()!;

    /// <summary>The model that was asked; empty where not recorded.</summary>
    public string Model => Json.TryGetProperty("model", out var m) ? m.GetString() ?? "" : "";

    /// <summary>The request's path with query.</summary>
    public string Path => Json.GetProperty("request").GetProperty("path").GetString()!;

    /// <summary>The request body as JSON text; <see langword="null"/> where there is none.</summary>
    public string? RequestBody => Json.GetProperty("request").TryGetProperty("body", out var b) ? b.GetRawText() : null;

    /// <summary>The HTTP status of the answer.</summary>
    public int Status => Json.GetProperty("response").GetProperty("status").GetInt32();

    /// <summary>The answer's JSON body; <see langword="null"/> for a stream or text.</summary>
    public string? ResponseBody => Json.GetProperty("response").TryGetProperty("body", out var b) ? b.GetRawText() : null;

    /// <summary>The answer's SSE text; <see langword="null"/> for a whole answer.</summary>
    public string? Sse => Json.GetProperty("response").TryGetProperty("sse", out var s) ? s.GetString() : null;

    /// <summary>The bytes of an Amazon event stream; <see langword="null"/> elsewhere.</summary>
    public byte[]? EventStream => Json.GetProperty("response").TryGetProperty("bodyBase64", out var s) ? s.GetBytesFromBase64() : null;

    /// <inheritdoc/>
    public override string ToString() => Id;
}
