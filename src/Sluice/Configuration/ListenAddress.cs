using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;

namespace Sluice.Configuration;

/// <summary>A host and a port to listen on: <c>127.0.0.1:4000</c>, <c>[::1]:4000</c>, <c>localhost:4000</c>, <c>0.0.0.0:80</c>.</summary>
/// <param name="Host">An IP address, <c>localhost</c>, or <c>*</c> for every address.</param>
/// <param name="Port">0 to 65535; 0 lets the system choose.</param>
public sealed record ListenAddress(string Host, int Port)
{
    /// <summary><c>127.0.0.1:4000</c>.</summary>
    public static ListenAddress Default { get; } = new("127.0.0.1", 4000);

    /// <summary>Whether only this machine can reach the address.</summary>
    public bool IsLoopback =>
        string.Equals(Host, "localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(Host, out var address) && IPAddress.IsLoopback(address));

    /// <summary>Reads <c>host:port</c>; a port alone means loopback.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out ListenAddress? address)
    {
        address = null;
        if (string.IsNullOrWhiteSpace(text)) return false;
        var colon = text.LastIndexOf(':');
        var host = colon < 0 ? "127.0.0.1" : text[..colon];
        if (!ushort.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port)) return false;
        if (host is ['[', .., ']']) host = host[1..^1];
        else if (host.Contains(':', StringComparison.Ordinal)) return false;
        if (host.Length == 0) host = "*";
        if (host != "*" && !host.Equals("localhost", StringComparison.OrdinalIgnoreCase) && !IPAddress.TryParse(host, out _)) return false;
        address = new ListenAddress(host, port);
        return true;
    }

    /// <inheritdoc />
    public override string ToString() =>
        Host.Contains(':', StringComparison.Ordinal) ? string.Create(CultureInfo.InvariantCulture, $"[{Host}]:{Port}") : string.Create(CultureInfo.InvariantCulture, $"{Host}:{Port}");
}
