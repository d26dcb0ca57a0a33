using System.Net;
using Sluice.Engine;
using Sluice.Engine.Continuing;
using Sluice.Providers;
using Sluice.Resilience.Keys;
using Sluice.Wire;

namespace Sluice.Upstream;

/// <summary>Makes the HTTP request of an attempt; a cloud's credential is put on last, by <see cref="UpstreamAuthenticator.SignAsync"/>.</summary>
internal static class UpstreamMessage
{
    // Headers of a client that change what its request means to a server of the same dialect. All others stay behind.
    private static readonly string[] AnthropicHeaders = ["anthropic-beta", "anthropic-version"];
    private static readonly string[] OpenAIHeaders = ["openai-beta"];

    /// <summary>Makes the request.</summary>
    /// <param name="attempt">The attempt.</param>
    /// <param name="key">The provider's key; <see langword="null"/> for none.</param>
    /// <param name="request">What it sends.</param>
    /// <param name="withRules">False to leave the user's header rules out, so that what they do can be told.</param>
    public static HttpRequestMessage Create(Attempt attempt, ProviderKey? key, PreparedRequest request, bool withRules = true)
    {
        var (call, target) = (attempt.Call, attempt.Target);
        var rules = withRules ? target.RequestHeaders : null;
        var kind = request.IsBatch ? EndpointKind.Batch : call.Head.Stream ? EndpointKind.Stream : EndpointKind.Whole;
        var address = target.Address(request.Format.Id, kind);
        if (attempt.Continues is not null) address = Prefills.Address(address, target.Provider.Vendor.Prefill);
        var message = new HttpRequestMessage(HttpMethod.Post, address) { Content = new BodyContent(request.Body) };
        SetVersion(message);
        target.Provider.Authenticator.Apply(message, call, key);
        if (request.Lane != Lane.Translated) ForwardDialect(message, call, request.Format.Id);
        foreach (var (name, value) in request.Headers) message.Headers.TryAddWithoutValidation(name, value);
        rules?.Forward(message, call.Inbound.Headers);
        foreach (var (name, value) in target.Provider.Vendor.Headers)
        {
            if (!message.Headers.NonValidated.Contains(name)) message.Headers.TryAddWithoutValidation(name, value);
        }
        if (target.Formats.Rule?.HeaderValues is { } values) Filter(message, values, attempt);
        attempt.Follower?.Propagate(message);
        target.Provider.Authenticator.Check(message, call);
        rules?.Apply(message);
        return message;
    }

    /// <summary>HTTP/2 where TLS negotiates it, HTTP/1.1 elsewhere.</summary>
    public static void SetVersion(HttpRequestMessage message)
    {
        bool secure = string.Equals(message.RequestUri!.Scheme, Uri.UriSchemeHttps, StringComparison.Ordinal);
        message.Version = secure ? HttpVersion.Version20 : HttpVersion.Version11;
        message.VersionPolicy = HttpVersionPolicy.RequestVersionOrLower;
    }

    private static void Filter(HttpRequestMessage message, VendorHeaderValues values, Attempt attempt)
    {
        if (!message.Headers.NonValidated.TryGetValues(values.Name, out var list)) return;
        string text = string.Join(',', list);
        message.Headers.Remove(values.Name);
        string vendor = attempt.Target.Provider.Vendor.Name;
        string? kept = values.Filter(text, refused => (attempt.Losses ??= new Wire.LossReport()).Dropped($"{values.Name}.{refused}", $"{vendor} does not take '{refused}'"));
        if (kept is not null) message.Headers.TryAddWithoutValidation(values.Name, kept);
    }

    private static void ForwardDialect(HttpRequestMessage message, CallContext call, WireFormatId format)
    {
        string[] names = format.Value switch
        {
            "anthropic-messages" or "anthropic-count-tokens" => AnthropicHeaders,
            "openai-chat" or "openai-responses" => OpenAIHeaders,
            _ => [],
        };
        foreach (string name in names)
        {
            if (call.Inbound.Headers.Get(name) is { } value) message.Headers.TryAddWithoutValidation(name, value);
        }
    }
}
