using Sluice.Errors;

namespace Sluice.Upstream.Identity;

/// <summary>A credential that expires.</summary>
/// <param name="Value">The credential.</param>
/// <param name="Expires">When it is no longer good; <see langword="null"/> where that is not told.</param>
internal sealed record Expiring<T>(T Value, DateTimeOffset? Expires);

/// <summary>
/// A credential of a cloud: fetched once for all calls that wait, renewed in the background before it expires, so that calls wait only for the first. While
/// the one in hand is good a renewal that fails is tried again later and harms nobody; a failure is not kept.
/// </summary>
/// <param name="provider">The provider's name, for messages.</param>
/// <param name="fetch">Fetches a credential.</param>
internal sealed class RefreshedCredential<T>(string provider, Func<TimeProvider, CancellationToken, Task<Outcome<Expiring<T>>>> fetch)
    where T : class
{
    private static readonly TimeSpan Margin = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan UnknownLifetime = TimeSpan.FromMinutes(15);
    private readonly Lock _gate = new();
    private volatile Held? _held;
    private Task<Outcome<T>>? _fetching;

    /// <summary>The credential in hand, good or not; <see langword="null"/> before the first.</summary>
    public T? Current => _held?.Value;

    /// <summary>A credential that is good now.</summary>
    public ValueTask<Outcome<T>> GetAsync(TimeProvider time, CancellationToken cancellationToken)
    {
        var held = _held;
        var now = time.GetUtcNow();
        if (held is not null && now < held.RenewAt) return new ValueTask<Outcome<T>>(held.Value);
        var fetching = Fetch(time);
        if (held is not null && now < held.Expires) return new ValueTask<Outcome<T>>(held.Value);
        // One caller that leaves must not fail the others: the fetch has a limit of its own.
        return new ValueTask<Outcome<T>>(fetching.WaitAsync(cancellationToken));
    }

    private Task<Outcome<T>> Fetch(TimeProvider time)
    {
        lock (_gate)
        {
            if (_fetching is { IsCompleted: false } under) return under;
            // Another call may have renewed it while this one looked.
            if (_held is { } held && time.GetUtcNow() < held.RenewAt) return Task.FromResult<Outcome<T>>(held.Value);
            return _fetching = Task.Run(() => FetchAsync(time), CancellationToken.None);
        }
    }

    private async Task<Outcome<T>> FetchAsync(TimeProvider time)
    {
        using var limit = new CancellationTokenSource(Patience, time);
        Outcome<Expiring<T>> outcome;
        try
        {
            outcome = await fetch(time, limit.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException or IOException)
        {
            outcome = new GatewayError(ErrorKind.Network, $"provider '{provider}': the service that gives its credential did not answer") { Provider = provider };
        }
        var now = time.GetUtcNow();
        if (outcome.IsSuccess)
        {
            var fresh = outcome.Value;
            var lifetime = (fresh.Expires ?? (now + UnknownLifetime)) - now;
            var margin = lifetime / 10 < Margin ? lifetime / 10 : Margin;
            _held = new Held(fresh.Value, now + lifetime - margin, now + lifetime);
            return fresh.Value;
        }
        if (_held is { } old && now < old.Expires) _held = old with { RenewAt = now + RetryAfter };
        return outcome.Error;
    }

    private sealed record Held(T Value, DateTimeOffset RenewAt, DateTimeOffset Expires);
}
