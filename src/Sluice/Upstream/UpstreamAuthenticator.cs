using Sluice.Access;
using Sluice.Configuration;
using Sluice.Engine;
using Sluice.Errors;
using Sluice.Providers;
using Sluice.Resilience.Keys;
using Sluice.Routing;

namespace Sluice.Upstream;

/// <summary>Puts a provider's credential on a request, in the way that the vendor or the configuration says.</summary>
internal sealed class UpstreamAuthenticator
{
    private static readonly string[] ClientCredentials = ["authorization", "x-api-key", "api-key", "x-goog-api-key"];

    private readonly VendorAuthScheme _scheme;
    private readonly bool _passthrough;
    private readonly string? _name;
    private readonly string _prefix;
    private readonly bool _hasKeys;
    private readonly UpstreamBorder _border;
    private readonly string _provider;
    private readonly bool _isOwn;
    private readonly SigV4Signer? _signer;
    private readonly GoogleTokenSource? _tokens;
    private readonly string? _organization;

    private UpstreamAuthenticator(ProviderModel provider)
    {
        var own = provider.Config.Auth;
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
        _hasKeys = provider.Config.ApiKeys.Count > 0;
        _provider = provider.Name;
        _isOwn = provider.Address.IsOwn;
        _organization = provider.Config.Organization;
        var aws = provider.Config.Aws;
        if (_scheme == VendorAuthScheme.SigV4 && aws is { AccessKeyId: { } id, SecretAccessKey: { } secret })
        {
            _signer = new SigV4Signer(id, secret.Reveal(), aws.SessionToken?.Reveal(), aws.Region ?? "us-east-1", "bedrock");
        }
        if (_scheme == VendorAuthScheme.GoogleOAuth && provider.Config.CredentialsFile is { } file) _tokens = new GoogleTokenSource(file, provider.Name, provider.Client);
        _border = provider.Border;
    }

    public static UpstreamAuthenticator For(ProviderModel provider) => new(provider);

    /// <summary>Puts a cloud's credential on a message that is otherwise complete: a signature covers its address and body.</summary>
    /// <returns>Why there is no credential; <see langword="null"/> where the message may be sent.</returns>
    public ValueTask<GatewayError?> SignAsync(HttpRequestMessage message, TimeProvider time, CancellationToken cancellationToken)
    {
        if (_passthrough || _hasKeys || _scheme is not (VendorAuthScheme.SigV4 or VendorAuthScheme.GoogleOAuth)) return default;
        // A header rule of the user's has given the credential.
        if (message.Headers.NonValidated.Contains("Authorization")) return default;
        if (_signer is not null)
        {
            _signer.Sign(message, message.Content is BodyContent content ? content.Body.Span : default, time.GetUtcNow());
            return default;
        }
        if (_tokens is not null) return BearAsync(message, time, cancellationToken);
        // An address of one's own may ask for nothing.
        return _isOwn ? ValueTask.FromResult<GatewayError?>(Missing()) : default;
    }

    private async ValueTask<GatewayError?> BearAsync(HttpRequestMessage message, TimeProvider time, CancellationToken cancellationToken)
    {
        var token = await _tokens!.GetAsync(time, cancellationToken).ConfigureAwait(false);
        if (!token.IsSuccess) return token.Error;
        message.Headers.TryAddWithoutValidation("Authorization", $"Bearer {token.Value}");
        return null;
    }

    private GatewayError Missing() => new(ErrorKind.Authentication, $"provider '{_provider}' has no credentials") { Provider = _provider, Guidance = Lacking };

    private string Lacking => _scheme == VendorAuthScheme.SigV4
        ? "Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY (and AWS_SESSION_TOKEN), or AWS_BEARER_TOKEN_BEDROCK, or write aws or api_key at the provider."
        : "Set GOOGLE_APPLICATION_CREDENTIALS or write credentials_file at the provider: the JSON file of a service account.";

    /// <summary>Whether the client's own credential is passed on, so that no key of the provider is chosen.</summary>
    public bool IsPassthrough => _passthrough;

    /// <summary>True where the credential is put on last, by <see cref="SignAsync"/>.</summary>
    public bool SignsLate => !_passthrough && !_hasKeys && (_signer is not null || _tokens is not null);

    /// <summary>Puts the provider's key on a message, or the client's own credential; nothing where a cloud's is due.</summary>
    public void Apply(HttpRequestMessage message, CallContext? call, ProviderKey? chosen)
    {
        if (_passthrough)
        {
            PassThrough(message, call);
            return;
        }
        if (_organization is not null) message.Headers.TryAddWithoutValidation("OpenAI-Organization", _organization);
        if (chosen?.Value is not { } key) return;
        switch (_scheme)
        {
            case VendorAuthScheme.GoogleOAuth when !key.StartsWith("ya29.", StringComparison.Ordinal):
                message.Headers.TryAddWithoutValidation("x-goog-api-key", key);
                break;
            case VendorAuthScheme.Bearer or VendorAuthScheme.SigV4 or VendorAuthScheme.GoogleOAuth:
                message.Headers.TryAddWithoutValidation("Authorization", $"Bearer {key}");
                break;
            case VendorAuthScheme.Header:
                message.Headers.TryAddWithoutValidation(_name ?? "Authorization", _prefix + key);
                break;
            case VendorAuthScheme.Query:
                var address = message.RequestUri!;
                message.RequestUri = ExactUri.Of($"{address.AbsoluteUri}{(address.Query.Length > 0 ? '&' : '?')}{_name ?? "key"}={Uri.EscapeDataString(key)}");
                break;
            default:
                break;
        }
    }

    /// <summary>Whether a header carries the credential.</summary>
    public bool Uses(string name)
    {
        if (_passthrough) return ClientCredentials.Contains(name, StringComparer.OrdinalIgnoreCase);
        string? own = !_hasKeys ? null : _scheme switch
        {
            VendorAuthScheme.Bearer => "Authorization",
            VendorAuthScheme.Header => _name ?? "Authorization",
            _ => null,
        };
        return string.Equals(own, name, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>Takes out what came from the client and carries a key of this gateway, which opens it and is nobody else's.</summary>
    /// <param name="message">A message before the configuration's own rules.</param>
    /// <param name="call">The call that it serves.</param>
    public void Check(HttpRequestMessage message, CallContext call)
    {
        string? presented = null;
        List<string>? taken = null;
        foreach (var (name, value) in message.Headers.NonValidated)
        {
            if (!_passthrough && Uses(name)) continue;
            presented ??= PresentedKey.Of(call.Inbound) ?? "";
            if (!_border.MayGoUp(value.ToString(), presented)) (taken ??= []).Add(name);
        }
        if (taken is null) return;
        foreach (string name in taken) message.Headers.Remove(name);
    }

    private static void PassThrough(HttpRequestMessage message, CallContext? call)
    {
        foreach (string name in ClientCredentials)
        {
            if (call?.Inbound.Headers.Get(name) is { } value) message.Headers.TryAddWithoutValidation(name, value);
        }
    }
}
