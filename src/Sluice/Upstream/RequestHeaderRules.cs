using System.Net.Http.Headers;
using Sluice.Configuration;
using Sluice.Engine;

namespace Sluice.Upstream;

/// <summary>Rules for the headers sent to a target, compiled once. A target without rules has none of these.</summary>
internal sealed class RequestHeaderRules
{
    private readonly HeaderNames? _forward;
    private readonly HeaderNames? _allowOnly;
    private readonly HeaderNames? _drop;
    private readonly KeyValuePair<string, string>[] _add;
    private readonly KeyValuePair<string, string>[] _set;
    private readonly UpstreamAuthenticator _authenticator;

    private RequestHeaderRules(HeaderRulesConfig config, UpstreamAuthenticator authenticator)
    {
        _forward = config.Forward.Count > 0 ? new HeaderNames(config.Forward) : null;
        _allowOnly = config.AllowOnly is { } allowed ? new HeaderNames(allowed) : null;
        _drop = config.Drop.Count > 0 ? new HeaderNames(config.Drop) : null;
        _add = [.. config.Add];
        _set = [.. config.Set];
        _authenticator = authenticator;
    }

    /// <summary>Compiles rules; <see langword="null"/> where none is written.</summary>
    public static RequestHeaderRules? Of(HeaderRulesConfig config, UpstreamAuthenticator authenticator) => config.IsEmpty ? null : new(config, authenticator);

    /// <summary>Takes over what the client sent and may pass. What the gateway itself has put in stays.</summary>
    public void Forward(HttpRequestMessage message, IClientHeaders client)
    {
        if (_forward is null && _allowOnly is null) return;
        // A header that Connection names is one of that connection (RFC 9110, section 7.6.1).
        var named = client.Get("Connection") is { } connection ? new HeaderNames(connection.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)) : null;
        foreach (var (name, value) in client.All)
        {
            if ((_forward?.Contains(name) != true && _allowOnly?.Contains(name) != true) || HeaderNames.OfConnection.Contains(name) || HeaderNames.OfCredentials.Contains(name)) continue;
            if (named?.Contains(name) == true || _authenticator.Uses(name) || message.Headers.NonValidated.Contains(name) || !HeaderText.IsPlain(value)) continue;
            message.Headers.TryAddWithoutValidation(name, value);
        }
    }

    /// <summary>Applies the rules to everything but the credential and the headers of the body.</summary>
    public void Apply(HttpRequestMessage message)
    {
        var headers = message.Headers;
        if (_allowOnly is not null || _drop is not null) Take(headers);
        foreach (var (name, value) in _add)
        {
            if (!headers.NonValidated.Contains(name)) Put(message, name, value);
        }
        foreach (var (name, value) in _set)
        {
            headers.Remove(name);
            Put(message, name, value);
        }
    }

    private void Take(HttpRequestHeaders headers)
    {
        List<string>? taken = null;
        foreach (var (name, _) in headers.NonValidated)
        {
            if (_authenticator.Uses(name)) continue;
            if (_allowOnly?.Contains(name) == false || _drop?.Contains(name) == true) (taken ??= []).Add(name);
        }
        if (taken is null) return;
        foreach (string name in taken) headers.Remove(name);
    }

    // .NET keeps some names, such as Content-Language and Expires, with the body.
    private static void Put(HttpRequestMessage message, string name, string value)
    {
        if (message.Headers.TryAddWithoutValidation(name, value) || message.Content is not { } content) return;
        content.Headers.Remove(name);
        content.Headers.TryAddWithoutValidation(name, value);
    }
}
