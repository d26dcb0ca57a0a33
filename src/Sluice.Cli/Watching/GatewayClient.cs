using System.Net.Sockets;
using System.Security.Authentication;
using System.Text.Json;
using Sluice.Cli.Hosting;
using Sluice.Errors;

namespace Sluice.Cli.Watching;

/// <summary>Reads what a running gateway says of itself.</summary>
internal sealed class GatewayClient : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private readonly HttpClient _http;

    public GatewayClient(GatewayAddress address)
    {
        _http = GatewayHttp.Create(address.Url, address.Key, Patience);
        Shown = address.Url.GetLeftPart(UriPartial.Authority);
    }

    /// <summary>Where it is asked, for messages.</summary>
    public string Shown { get; }

    /// <summary>The JSON object of a page, whatever its status; or why there is none.</summary>
    public async Task<Outcome<JsonDocument>> GetAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            using var answer = await _http.GetAsync(path, cancellationToken);
            await using var body = await answer.Content.ReadAsStreamAsync(cancellationToken);
            var json = await JsonDocument.ParseAsync(body, cancellationToken: cancellationToken);
            if (json.RootElement is { ValueKind: JsonValueKind.Object } root && root.TryGetProperty("status", out _)) return json;
            json.Dispose();
            return NotOurs(path);
        }
        catch (JsonException)
        {
            return NotOurs(path);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new GatewayError(ErrorKind.Timeout, $"the gateway at {Shown} did not answer within {Patience.TotalSeconds:0} s");
        }
        catch (HttpRequestException e)
        {
            return new GatewayError(ErrorKind.Network, Unreachable(e));
        }
    }

    public void Dispose() => _http.Dispose();

    private GatewayError NotOurs(string path) => new(ErrorKind.MalformedAnswer, $"what answers at {Shown}{path} is no gateway of this kind; check --url");

    private string Unreachable(HttpRequestException e) => e switch
    {
        { InnerException: SocketException { SocketErrorCode: SocketError.ConnectionRefused } } => $"no gateway listens at {Shown}: start it with 'sluice serve', or say with --url where it is",
        { HttpRequestError: HttpRequestError.NameResolutionError } => $"the host of {Shown} is not known; check --url",
        { InnerException: AuthenticationException } => $"the certificate of {Shown} is not trusted here",
        _ => $"the gateway at {Shown} could not be reached; check --url",
    };
}
