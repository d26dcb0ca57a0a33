using System.Text;
using Sluice.Configuration;
using Sluice.Engine;
using Sluice.Providers;
using Sluice.Routing;

namespace Sluice.Upstream;

/// <summary>Puts a provider's credential on a request, in the way that the vendor or the configuration says.</summary>
internal sealed class UpstreamAuthenticator
{
    private static readonly string[] ClientCredentials = ["authorization", "x-api-key", "api-key", "x-goog-api-key"];

    // Shorter keys are placeholders ("test"), and words that an error may well use.
    private const int MinMasked = 6;
    private readonly ProviderState _state;
    private readonly VendorAuthScheme _scheme;
    private readonly bool _passthrough;
    private readonly string? _name;
    private readonly string _prefix;
    private readonly string[] _keys;

    private static ReadOnlySpan<byte> MaskBytes => "***"u8;

    private UpstreamAuthenticator(ProviderModel provider)
    {
        var own = provider.Config.Auth;
        _state = provider.State;
        _passthrough = own?.Scheme == AuthScheme.Passthrough;
        _scheme = own?.Scheme switch
        {
            AuthScheme.Bearer => VendorAuthScheme.Bearer,
            AuthScheme.Header => VendorAuthScheme.Header,
            AuthScheme.Query => VendorAuthScheme.Query,
            AuthScheme.None => VendorAuthScheme.None,
            _ => provider.Vendor.Auth.Scheme,
        };
        _name = own?.Name ?? provider.Vendor.Auth.Name;
        _prefix = own?.Prefix ?? "";
        _keys = [.. provider.Config.ApiKeys.Select(k => k.Value.Reveal())];
    }

    public static UpstreamAuthenticator For(ProviderModel provider) => new(provider);

    /// <summary>Authenticates a message.</summary>
    public void Apply(HttpRequestMessage message, CallContext? call)
    {
        if (_passthrough)
        {
            PassThrough(message, call);
            return;
        }
        if (_keys.Length == 0) return;
        string key = _keys.Length == 1 ? _keys[0] : _keys[_state.TakeKeyTurn() % _keys.Length];
        switch (_scheme)
        {
            case VendorAuthScheme.Bearer:
                message.Headers.TryAddWithoutValidation("Authorization", $"Bearer {key}");
                break;
            case VendorAuthScheme.Header:
                message.Headers.TryAddWithoutValidation(_name ?? "Authorization", _prefix + key);
                break;
            case VendorAuthScheme.Query:
                var address = message.RequestUri!;
                message.RequestUri = new Uri($"{address.AbsoluteUri}{(address.Query.Length > 0 ? '&' : '?')}{_name ?? "key"}={Uri.EscapeDataString(key)}");
                break;
            default:
                break;
        }
    }

    /// <summary>Whether a header carries the credential.</summary>
    public bool Uses(string name)
    {
        if (_passthrough) return ClientCredentials.Contains(name, StringComparer.OrdinalIgnoreCase);
        string? own = _keys.Length == 0 ? null : _scheme switch
        {
            VendorAuthScheme.Bearer => "Authorization",
            VendorAuthScheme.Header => _name ?? "Authorization",
            _ => null,
        };
        return string.Equals(own, name, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>Takes the provider's keys out of what it answered: some quote the key that they refuse.</summary>
    public ReadOnlyMemory<byte> Mask(ReadOnlyMemory<byte> body)
    {
        foreach (string key in _keys)
        {
            byte[] secret = Encoding.UTF8.GetBytes(key);
            while (secret.Length >= MinMasked && body.Span.IndexOf(secret) is >= 0 and var at)
            {
                body = (byte[])[.. body.Span[..at], .. MaskBytes, .. body.Span[(at + secret.Length)..]];
            }
        }
        return body;
    }

    private static void PassThrough(HttpRequestMessage message, CallContext? call)
    {
        foreach (string name in ClientCredentials)
        {
            if (call?.Inbound.Headers.Get(name) is { } value) message.Headers.TryAddWithoutValidation(name, value);
        }
    }
}
