using System.Net;

namespace Sluice.Access;

/// <summary>Addresses and networks that a key may be used from.</summary>
internal sealed class AddressList
{
    private readonly IPNetwork[] _networks;

    private AddressList(IPNetwork[] networks) => _networks = networks;

    /// <summary>Reads a list; <see langword="null"/> where any address may.</summary>
    public static AddressList? Of(IReadOnlyList<string>? addresses) => addresses is null ? null : new AddressList([.. addresses.Select(a => TryParse(a, out var network) ? network : default)]);

    /// <summary>Reads an address or a network: <c>10.0.0.0/8</c>, <c>2001:db8::/32</c>, <c>192.0.2.7</c>.</summary>
    public static bool TryParse(string text, out IPNetwork network)
    {
        if (IPNetwork.TryParse(text, out network)) return true;
        if (!IPAddress.TryParse(text, out var address) || text.Contains('%')) return false;
        address = Plain(address);
        network = new IPNetwork(address, address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetwork ? 32 : 128);
        return true;
    }

    /// <summary>Whether an address is in one of them; an unknown one is in none.</summary>
    public bool Contains(IPAddress? address)
    {
        if (address is null) return false;
        address = Plain(address);
        foreach (var network in _networks)
        {
            if (network != default && network.Contains(address)) return true;
        }
        return false;
    }

    // A socket for both families says ::ffff:10.0.0.1.
    private static IPAddress Plain(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
}
