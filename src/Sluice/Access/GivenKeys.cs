using System.Collections.Frozen;
using Sluice.Engine;
using Sluice.Errors;
using Sluice.Storage;

namespace Sluice.Access;

/// <summary>
/// Finds keys whose secret an administrator chose, such as those of another gateway that clients keep. They may look like anything, so that all of their hashes are in
/// memory: a text that is none of them costs a hash, and the store no question. Where there is no such key nothing is hashed.
/// </summary>
internal sealed class GivenKeys(IKeyStore keys)
{
    private volatile Known? _known;

    /// <summary>Whether it is known without asking that there is none.</summary>
    public bool AreNone(long revision) => _known is { Hashes.Count: 0 } known && known.Revision == revision;

    /// <summary>The first of what a client presented that is one of them; <see langword="null"/> where none is, or the store could not say.</summary>
    /// <param name="headers">The client's headers.</param>
    /// <param name="queryKey">The query parameter <c>key</c>.</param>
    /// <param name="pepper">With which keys are hashed.</param>
    /// <param name="revision">The keys' revision, asked for before.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async ValueTask<(string? Key, GatewayError? Error)> FindAsync(IClientHeaders headers, string? queryKey, byte[] pepper, long revision, CancellationToken cancellationToken)
    {
        var known = _known;
        if (known?.Revision != revision)
        {
            var hashes = await keys.GivenAsync(cancellationToken).ConfigureAwait(false);
            if (!hashes.IsSuccess) return (null, hashes.Error);
            _known = known = new Known(revision, hashes.Value.Select(h => KeyHash.From(h.Span)).ToFrozenSet());
        }
        if (known.Hashes.Count == 0) return default;
        foreach (string text in PresentedKey.All(headers, queryKey))
        {
            if (KeyHash.Of(text, pepper) is { } hash && known.Hashes.Contains(hash)) return (text, null);
        }
        return default;
    }

    private sealed record Known(long Revision, FrozenSet<KeyHash> Hashes);
}
