using Sluice.Engine;

namespace Sluice.Cli.Commands;

/// <summary>Headers as a client would send them.</summary>
internal sealed class ExplainedHeaders(IReadOnlyList<string> lines) : IClientHeaders
{
    private readonly KeyValuePair<string, string>[] _headers =
        [.. lines.Select(line => new KeyValuePair<string, string>(line[..line.IndexOf(':', StringComparison.Ordinal)].Trim(), line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim()))];

    public IEnumerable<KeyValuePair<string, string>> All => _headers;

    /// <summary>Those that change what a request means to a codec.</summary>
    public IReadOnlyDictionary<string, string> Meaningful => _headers
        .Where(h => h.Key.StartsWith("anthropic-", StringComparison.OrdinalIgnoreCase) || h.Key.Equals("openai-beta", StringComparison.OrdinalIgnoreCase))
        .DistinctBy(h => h.Key, StringComparer.OrdinalIgnoreCase)
        .ToDictionary(h => h.Key, h => h.Value, StringComparer.OrdinalIgnoreCase);

    public string? Get(string name)
    {
        string[] values = [.. _headers.Where(h => h.Key.Equals(name, StringComparison.OrdinalIgnoreCase)).Select(h => h.Value)];
        return values.Length == 0 ? null : string.Join(", ", values);
    }
}
