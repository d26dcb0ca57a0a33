using System.Net.Http.Headers;
using Sluice.Configuration;
using Sluice.Engine;

namespace Sluice.Upstream;

/// <summary>Which of a provider's headers reach the client, and what rules make of an answer's headers. Compiled once.</summary>
internal sealed class ResponseHeaderRules
{
    // What client libraries read: their limits, and how long the provider worked.
    private static readonly HeaderNames ByDefault = new("x-ratelimit-*", "anthropic-ratelimit-*", "openai-processing-ms", "openai-version");

    // Ours, or said by the provider about its own host: cookies, origins, redirects inside a proxy before us.
    private static readonly HeaderNames Never = new(
        "set-cookie", "set-cookie2", "www-authenticate", "authentication-info", "alt-svc", "strict-transport-security", "access-control-*", "cache-control",
        "location", "refresh", "clear-site-data", "x-accel-*", "x-sendfile", "x-request-id", "request-id", "retry-after", "retry-after-ms");

    private static readonly HeaderNames Kept = new("retry-after", "retry-after-ms");
    private readonly HeaderNames? _forward;
    private readonly HeaderNames? _allowOnly;
    private readonly HeaderNames? _drop;
    private readonly KeyValuePair<string, string>[] _add;
    private readonly KeyValuePair<string, string>[] _set;

    private ResponseHeaderRules(HeaderRulesConfig config)
    {
        _forward = config.Forward.Count > 0 ? new HeaderNames(config.Forward) : null;
        _allowOnly = config.AllowOnly is { } allowed ? new HeaderNames(allowed) : null;
        _drop = config.Drop.Count > 0 ? new HeaderNames(config.Drop) : null;
        _add = [.. config.Add];
        _set = [.. config.Set];
    }

    /// <summary>Compiles rules; <see langword="null"/> where none is written: then the default list holds.</summary>
    public static ResponseHeaderRules? Of(HeaderRulesConfig config) => config.IsEmpty ? null : new(config);

    /// <summary>Takes over what a provider's answer carries and may pass.</summary>
    public static void Forward(ResponseHeaderRules? rules, HttpResponseHeaders answer, UpstreamBorder border, AnswerHead head)
    {
        foreach (var (name, values) in answer.NonValidated)
        {
            if (!ByDefault.Contains(name) && (rules?.Names(name) != true || HeaderNames.OfConnection.Contains(name) || Never.Contains(name))) continue;
            string value = values.ToString();
            if (HeaderText.IsPlain(value)) head.Headers.Add(new(name, value.Length < SecretMask.MinLength ? value : border.Back(value)));
        }
    }

    /// <summary>Applies the rules to everything but content type, length, request id and when to come back.</summary>
    public void Apply(AnswerHead head)
    {
        var headers = head.Headers;
        if (_allowOnly is not null || _drop is not null)
        {
            headers.RemoveAll(h => !Kept.Contains(h.Key) && (_allowOnly?.Contains(h.Key) == false || _drop?.Contains(h.Key) == true));
        }
        foreach (var added in _add)
        {
            if (!headers.Exists(h => Same(h, added))) headers.Add(added);
        }
        foreach (var set in _set)
        {
            headers.RemoveAll(h => Same(h, set));
            headers.Add(set);
        }
    }

    // What alone may pass is asked for as well.
    private bool Names(string name) => _forward?.Contains(name) == true || _allowOnly?.Contains(name) == true;

    private static bool Same(KeyValuePair<string, string> one, KeyValuePair<string, string> other) => string.Equals(one.Key, other.Key, StringComparison.OrdinalIgnoreCase);
}
