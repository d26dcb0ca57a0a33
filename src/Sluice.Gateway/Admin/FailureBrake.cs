using System.Net;
using System.Net.Sockets;
using Sluice.Resilience.Limits;

namespace Sluice.Gateway.Admin;

/// <summary>Slows down who guesses the admin key: ten wrong ones from an address, then one every six seconds. Thread-safe.</summary>
internal sealed class FailureBrake(TimeProvider time)
{
    private const int PerMinute = 10;
    private const int MostAddresses = 10_000;
    private readonly Lock _gate = new();
    private readonly Dictionary<IPAddress, TokenBucket> _buckets = [];

    /// <summary>Counts a wrong key.</summary>
    /// <returns>How long to wait; zero where there were not too many yet.</returns>
    public TimeSpan Take(IPAddress? address)
    {
        lock (_gate)
        {
            var bucket = Of(address);
            var wait = bucket.WaitFor(1);
            if (wait <= TimeSpan.Zero) bucket.Take(1);
            return wait;
        }
    }

    private TokenBucket Of(IPAddress? address)
    {
        var origin = Origin(address);
        if (_buckets.TryGetValue(origin, out var bucket)) return bucket;
        // Who has so many addresses is not held up by this; the length of the key does that.
        if (_buckets.Count >= MostAddresses) _buckets.Clear();
        bucket = new TokenBucket(time);
        bucket.SetRate(PerMinute, 1);
        return _buckets[origin] = bucket;
    }

    // One customer has a whole /64 of IPv6.
    private static IPAddress Origin(IPAddress? address)
    {
        if (address is null) return IPAddress.None;
        if (address.IsIPv4MappedToIPv6) return address.MapToIPv4();
        if (address.AddressFamily != AddressFamily.InterNetworkV6) return address;
        byte[] bytes = address.GetAddressBytes();
        Array.Clear(bytes, 8, 8);
        return new IPAddress(bytes);
    }
}
