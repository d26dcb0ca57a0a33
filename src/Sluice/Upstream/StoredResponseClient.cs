using Sluice.Conversations;
using Sluice.Errors;
using Sluice.Providers;
using Sluice.Routing;
using Sluice.Wire;

namespace Sluice.Upstream;

/// <summary>Asks the provider that stored a response for it: <c>GET</c>, <c>DELETE</c>, its input items, and to cancel it.</summary>
internal static class StoredResponseClient
{
    /// <summary>Largest answer that is taken, 64 MiB, as of calls.</summary>
    private const int MaxAnswer = 64 * 1024 * 1024;

    /// <summary>Sends the request and reads the whole answer, whatever its status.</summary>
    /// <param name="provider">Who stored it.</param>
    /// <param name="home">By which key.</param>
    /// <param name="method">GET, DELETE or POST; a POST has an empty body.</param>
    /// <param name="suffix">What follows the path of the Responses endpoint: <c>/resp_1</c>, <c>/resp_1/input_items</c>, <c>/resp_1/cancel</c>, escaped.</param>
    /// <param name="query">The client's query with its question mark, of which no credential goes up; empty for none.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">The client's leaving.</param>
    public static async Task<Outcome<StoredAnswer>> SendAsync(ProviderModel provider, StateHome home, HttpMethod method, string suffix, string query, TimeProvider time, CancellationToken cancellationToken)
    {
        var timeouts = provider.Config.Timeouts;
        using var timer = new AttemptTimer(time, timeouts.FirstToken, timeouts.Idle, timeouts.Total, cancellationToken);
        try
        {
            using var message = new HttpRequestMessage(method, Address(provider, suffix, query));
            if (method == HttpMethod.Post) message.Content = new ByteArrayContent([]);
            UpstreamMessage.SetVersion(message);
            var key = provider.Keys.Keys.FirstOrDefault(k => k.Name == home.KeyName) ?? provider.Keys.Choose("", default).Key;
            provider.Authenticator.Apply(message, null, key);
            foreach (var (name, value) in provider.Vendor.Headers) message.Headers.TryAddWithoutValidation(name, value);
            if (await provider.Authenticator.SignAsync(message, time, timer.Token).ConfigureAwait(false) is { } unauthenticated) return unauthenticated;
            using var answer = await provider.Client.SendAsync(message, timer.Token).ConfigureAwait(false);
            if ((int)answer.StatusCode is not (>= 200 and <= 299 or >= 400 and <= 599)) return UpstreamErrors.NoAnswer((int)answer.StatusCode, answer, provider);
            var body = await answer.Content.ReadAsStreamAsync(timer.Token).ConfigureAwait(false);
            await using var _ = body.ConfigureAwait(false);
            using var whole = new MemoryStream();
            byte[] piece = new byte[16 * 1024];
            int count;
            while ((count = await body.ReadAsync(piece, timer.Token).ConfigureAwait(false)) > 0)
            {
                timer.Progress();
                whole.Write(piece, 0, count);
                if (whole.Length > MaxAnswer) return new GatewayError(ErrorKind.MalformedAnswer, $"the answer of provider '{provider.Name}' is larger than {MaxAnswer / (1024 * 1024)} MiB") { Provider = provider.Name };
            }
            byte[] told = whole.ToArray();
            var shown = answer.IsSuccessStatusCode ? provider.Border.Back(told) : provider.Border.BackFromError(told);
            return new StoredAnswer((int)answer.StatusCode, provider.Border.Back(answer.Content.Headers.ContentType?.ToString() ?? "application/json"), shown);
        }
        catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return UpstreamFailures.Describe(e, provider.Name, timer, timeouts);
        }
    }

    private static Uri Address(ProviderModel provider, string suffix, string query)
    {
        // A query of the address itself (Azure's api-version) stays in front of the client's.
        var endpoint = provider.Address.Of(WireFormatId.OpenAIResponses, "");
        string own = endpoint.Query, asked = provider.Border.Query(query);
        if (own.Length > 1 && asked.Length > 1) asked = $"&{asked[1..]}";
        return ExactUri.Of($"{endpoint.GetLeftPart(UriPartial.Authority)}{endpoint.AbsolutePath}{suffix}{own}{asked}");
    }
}

/// <summary>What a provider answered.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Type">The content type.</param>
/// <param name="Body">The body.</param>
internal sealed record StoredAnswer(int Status, string Type, ReadOnlyMemory<byte> Body);
