using Microsoft.AspNetCore.Http;
using Sluice.Engine;

namespace Sluice.Gateway.Http;

/// <summary>The client's headers as Kestrel has them.</summary>
internal sealed class HttpClientHeaders(IHeaderDictionary headers) : IClientHeaders
{
    public IEnumerable<KeyValuePair<string, string>> All => headers.Select(h => new KeyValuePair<string, string>(h.Key, h.Value.ToString()));

    public string? Get(string name) => headers.TryGetValue(name, out var values) ? values.ToString() : null;
}
