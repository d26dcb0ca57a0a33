using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Sluice.Cli.Hosting;
using Sluice.Errors;

namespace Sluice.Cli.Keys;

/// <summary>Speaks to the administration API of a gateway. Its errors are the gateway's own, or say why there is none.</summary>
internal sealed class AdminClient : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly HttpClient _client;
    private readonly Uri _gateway;

    /// <summary>Makes a client.</summary>
    /// <param name="gateway">The gateway's address, with or without <c>/admin/api</c>.</param>
    /// <param name="key">The admin key.</param>
    public AdminClient(Uri gateway, string key)
    {
        string text = gateway.GetLeftPart(UriPartial.Path).TrimEnd('/');
        const string Api = "/admin/api";
        _gateway = new Uri((text.EndsWith(Api, StringComparison.Ordinal) ? text : text + Api) + "/");
        _client = GatewayHttp.Create(_gateway, key, Patience);
    }

    /// <summary>Sends a request; the JSON object that came back, or what is wrong.</summary>
    public async ValueTask<Outcome<ShownKey>> SendAsync(string method, string path, JsonElement? body, long? version, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(_gateway, path));
        if (body is { } json) request.Content = new StringContent(json.GetRawText(), Encoding.UTF8, "application/json");
        if (version is { } expected) request.Headers.IfMatch.Add(new EntityTagHeaderValue(string.Create(CultureInfo.InvariantCulture, $"\"v{expected}\"")));
        try
        {
            using var answer = await _client.SendAsync(request, cancellationToken);
            return Read(answer.StatusCode, await answer.Content.ReadAsByteArrayAsync(cancellationToken));
        }
        catch (HttpRequestException e)
        {
            return Unreachable($"no gateway answers at {_gateway.GetLeftPart(UriPartial.Authority)}: {Reason(e)}");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return Unreachable($"the gateway at {_gateway.GetLeftPart(UriPartial.Authority)} did not answer within {Patience.TotalSeconds} s");
        }
    }

    public void Dispose() => _client.Dispose();

    private Outcome<ShownKey> Read(HttpStatusCode status, byte[] body)
    {
        if (Object(body) is not { } json) return Strange(status);
        if ((int)status is >= 200 and < 300) return new ShownKey(json);
        // Other endpoints and other servers have errors of their own; the API's has all three.
        if (!json.TryGetProperty("error", out var error) || error.ValueKind != JsonValueKind.Object || Text(error, "code") is not { } code || Text(error, "type") is not { } type || Text(error, "message") is not { } message) return Strange(status);
        return status == HttpStatusCode.NotFound && code is not ("key_not_found" or "no_store") ? Strange(status) : new GatewayError(new ErrorKind(type), message) { Status = (int)status, Code = code, Param = Text(error, "param") };
    }

    private GatewayError Strange(HttpStatusCode status) =>
        new(ErrorKind.MalformedAnswer, $"{_gateway} is no administration API of a gateway (it answers {(int)status}): it may be switched off there (admin.enabled), or have an address of its own (admin.listen)") { Status = 502 };

    private static GatewayError Unreachable(string message) => new(ErrorKind.Network, message) { Status = 502 };

    private static string Reason(HttpRequestException e) => e.HttpRequestError switch
    {
        HttpRequestError.NameResolutionError => "the name is not known",
        HttpRequestError.ConnectionError => "the connection is refused or finds no way; is it running, and is this its address?",
        HttpRequestError.SecureConnectionError => $"TLS: {e.InnerException?.Message ?? e.Message}",
        _ => e.Message,
    };

    private static JsonElement? Object(byte[] body)
    {
        try
        {
            var reader = new Utf8JsonReader(body);
            var json = JsonElement.ParseValue(ref reader);
            return json.ValueKind == JsonValueKind.Object ? json : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string? Text(JsonElement json, string name) => json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
