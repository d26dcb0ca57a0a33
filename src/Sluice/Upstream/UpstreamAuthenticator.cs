using System.Text;
using Sluice.Access;
using Sluice.Configuration;
using Sluice.Engine;
using Sluice.Errors;
using Sluice.Providers;
using Sluice.Resilience.Keys;
using Sluice.Routing;
using Sluice.Upstream.Identity;

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
    private readonly Func<AwsKeys, SigV4Signer>? _signer;
    private readonly AwsKeys? _fixedKeys;
    private readonly RefreshedCredential<AwsKeys>? _keys;
    private readonly RefreshedCredential<string>? _tokens;
    private readonly string? _organization;

    private UpstreamAuthenticator(ProviderModel provider, IdentityHttp http)
    {
        var own = provider.Config.Auth;
        _passthrough = own?.Scheme == AuthScheme.Passthrough;
        _scheme = own?.Scheme switch
        {
            AuthScheme.Bearer => VendorAuthScheme.Bearer,
            AuthScheme.Header => VendorAuthScheme.Header,
            AuthScheme.Query => VendorAuthScheme.Query,
            AuthScheme.None => VendorAuthScheme.None,
            AuthScheme.Entra => VendorAuthScheme.Entra,
            _ => provider.Vendor.Auth.Scheme,
        };
        _name = own?.Name ?? provider.Vendor.Auth.Name;
        _prefix = own?.Prefix ?? "";
        _hasKeys = provider.Config.ApiKeys.Count > 0;
        _provider = provider.Name;
        _isOwn = provider.Address.IsOwn;
        _organization = provider.Config.Organization;
        var aws = provider.Config.Aws;
        var environment = IdentityEnvironment.Of(provider.Config);
        switch (_scheme)
        {
            case VendorAuthScheme.SigV4:
                string region = aws?.Region ?? "us-east-1";
                _signer = keys => new SigV4Signer(keys.AccessKeyId, keys.SecretAccessKey, keys.SessionToken, region, "bedrock");
                if (aws is { AccessKeyId: { } id, SecretAccessKey: { } secret }) _fixedKeys = new AwsKeys(id, secret.Reveal(), aws.SessionToken?.Reveal());
                else if (Aws(TimeProvider.System).IsNamed || _isOwn) _keys = new RefreshedCredential<AwsKeys>(_provider, (time, cancelled) => Aws(time).FetchAsync(cancelled));
                AwsIdentity Aws(TimeProvider time) => new(_provider, aws?.Profile, region, environment, http, time);
                break;
            case VendorAuthScheme.GoogleOAuth:
                if (Google(TimeProvider.System).IsNamed || _isOwn) _tokens = new RefreshedCredential<string>(_provider, (time, cancelled) => Google(time).FetchAsync(cancelled));
                GoogleIdentity Google(TimeProvider time) => new(_provider, provider.Config.CredentialsFile, environment, http, time);
                break;
            case VendorAuthScheme.Entra:
                var entra = provider.Config.Entra ?? new EntraConfig();
                _tokens = new RefreshedCredential<string>(_provider, (time, cancelled) => new EntraIdentity(_provider, entra, environment, http, time).FetchAsync(cancelled));
                break;
        }
        _border = provider.Border;
    }

    public static UpstreamAuthenticator For(ProviderModel provider, IdentityHttp http) => new(provider, http);

    /// <summary>Puts a cloud's credential on a message that is otherwise complete: a signature covers its address and body.</summary>
    /// <returns>Why there is no credential; <see langword="null"/> where the message may be sent.</returns>
    public ValueTask<GatewayError?> SignAsync(HttpRequestMessage message, TimeProvider time, CancellationToken cancellationToken)
    {
        // A header rule of the user's may have given the credential.
        if (!SignsLate || message.Headers.NonValidated.Contains("Authorization")) return default;
        if (_fixedKeys is null) return _keys is not null ? SignWithAsync(_keys, message, time, cancellationToken) : BearAsync(_tokens!, message, time, cancellationToken);
        Sign(message, _fixedKeys, time);
        return default;
    }

    private void Sign(HttpRequestMessage message, AwsKeys keys, TimeProvider time) =>
        _signer!(keys).Sign(message, message.Content is BodyContent content ? content.Body.Span : default, time.GetUtcNow());

    private async ValueTask<GatewayError?> SignWithAsync(RefreshedCredential<AwsKeys> source, HttpRequestMessage message, TimeProvider time, CancellationToken cancellationToken)
    {
        var keys = await source.GetAsync(time, cancellationToken).ConfigureAwait(false);
        if (!keys.IsSuccess) return keys.Error;
        Sign(message, keys.Value, time);
        return null;
    }

    private static async ValueTask<GatewayError?> BearAsync(RefreshedCredential<string> source, HttpRequestMessage message, TimeProvider time, CancellationToken cancellationToken)
    {
        var token = await source.GetAsync(time, cancellationToken).ConfigureAwait(false);
        if (!token.IsSuccess) return token.Error;
        message.Headers.TryAddWithoutValidation("Authorization", $"Bearer {token.Value}");
        return null;
    }

    /// <summary>Whether the client's own credential is passed on, so that no key of the provider is chosen.</summary>
    public bool IsPassthrough => _passthrough;

    /// <summary>True where the credential is put on last, by <see cref="SignAsync"/>.</summary>
    public bool SignsLate => !_passthrough && !_hasKeys && (_fixedKeys is not null || _keys is not null || _tokens is not null);

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
            case VendorAuthScheme.Bearer or VendorAuthScheme.SigV4 or VendorAuthScheme.GoogleOAuth or VendorAuthScheme.Entra:
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

    /// <summary>An error of the provider's without the credential that was fetched for it: AWS quotes the headers that it calculated a signature over.</summary>
    public ReadOnlyMemory<byte> WithoutFetched(ReadOnlyMemory<byte> error)
    {
        string[] fetched = _tokens?.Current is { } token ? [token] : _keys?.Current is { } keys ? [keys.SecretAccessKey, keys.SessionToken ?? ""] : [];
        if (fetched.Length == 0) return error;
        string text = Encoding.UTF8.GetString(error.Span);
        string masked = SecretMask.Of(fetched).Mask(text);
        return masked == text ? error : Encoding.UTF8.GetBytes(masked);
    }

    private static void PassThrough(HttpRequestMessage message, CallContext? call)
    {
        foreach (string name in ClientCredentials)
        {
            if (call?.Inbound.Headers.Get(name) is { } value) message.Headers.TryAddWithoutValidation(name, value);
        }
    }
}
