using System.Net.Http.Headers;
using Sluice.Engine.Buffers;
using Sluice.Errors;
using Sluice.Routing;
using Sluice.Wire;

namespace Sluice.Upstream;

/// <summary>Reads a provider's error answer.</summary>
internal static class UpstreamErrors
{
    private const string ShouldRetryHeader = "x-should-retry";
    private static readonly string[] RequestIdHeaders = ["x-request-id", "request-id", "apim-request-id", "mistral-correlation-id", "x-amzn-requestid", "inference-id"];

    public static async ValueTask<GatewayError> ReadAsync(int status, HttpResponseMessage answer, Stream body, IWireFormat format, ProviderModel provider, int maxBody, TimeProvider time, AttemptTimer timer)
    {
        if (status is < 400 or > 599) return NoAnswer(status, answer, provider);
        using var buffer = new PooledBuffer();
        int count;
        while (buffer.Length < maxBody && (count = await body.ReadAsync(buffer.GetMemory(4096), timer.Token).ConfigureAwait(false)) > 0) buffer.Advance(count);
        var error = format.DecodeError(status, provider.Authenticator.WithoutFetched(provider.Border.BackFromError(buffer.Written)));
        return error with
        {
            Provider = provider.Name,
            // Some servers say it with 413, 422 or 500; clients look for it under 400.
            Status = error.Kind == ErrorKind.ContextTooLong ? 400 : error.Status is >= 400 and <= 599 ? error.Status : status,
            ShouldRetry = answer.Headers.NonValidated.TryGetValues(ShouldRetryHeader, out var again) ? again.ToString() switch { "true" => true, "false" => false, _ => null } : null,
            RetryAfter = RetryAfter.Read(answer.Headers, provider.Vendor.LimitHeaders, time) ?? error.RetryAfter ?? (error.Kind == ErrorKind.RateLimited ? OfLimit(error, answer, provider, time) : null),
            UpstreamRequestId = RequestId(answer.Headers) is { } id ? provider.Border.Back(id) : null,
            Guidance = error.Guidance ?? provider.Guidance(error.Kind),
        };
    }

    // A call may be larger than what is left: then nothing is used up, and the text may say more than the headers.
    private static TimeSpan? OfLimit(GatewayError error, HttpResponseMessage answer, ProviderModel provider, TimeProvider time) =>
        RetryAfter.FromMessage(error.Message) ?? RetryAfter.Longest(answer.Headers, provider.Vendor.LimitHeaders, time);

    /// <summary>The error of a status that is neither success nor failure. A redirect is not followed: it would take the request, and the key, where nobody has sent them.</summary>
    public static GatewayError NoAnswer(int status, HttpResponseMessage answer, ProviderModel provider) =>
        new(ErrorKind.MalformedAnswer, status is > 300 and < 400 and not 304
            ? $"provider '{provider.Name}' answered with a redirect (status {status}), which is not followed: set base_url to the address that it leads to"
            : $"provider '{provider.Name}' answered with status {status}, which is no answer to a call")
        {
            Provider = provider.Name,
            Status = 502,
            Code = status is > 300 and < 400 and not 304 ? "redirect" : "unexpected_status",
            UpstreamRequestId = RequestId(answer.Headers),
        };

    /// <summary>The id by which the provider knows a call; <see langword="null"/> where it gave none.</summary>
    public static string? RequestId(HttpResponseHeaders headers)
    {
        foreach (string name in RequestIdHeaders)
        {
            if (headers.NonValidated.TryGetValues(name, out var values)) return values.ToString();
        }
        return null;
    }
}
