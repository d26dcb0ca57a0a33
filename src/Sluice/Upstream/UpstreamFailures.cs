using System.Net.Sockets;
using System.Security.Authentication;
using Sluice.Engine;
using Sluice.Errors;

namespace Sluice.Upstream;

/// <summary>Turns what the transport throws into errors as values.</summary>
internal static class UpstreamFailures
{
    /// <summary>The error of a failed exchange with a provider.</summary>
    public static GatewayError Describe(Exception exception, string provider, AttemptTimer timer, Configuration.TimeoutsConfig timeouts)
    {
        if (timer.IsStopped) return EngineStop.Error;
        if (exception is SlowClientException) return new GatewayError(ErrorKind.Canceled, exception.Message) { Provider = provider, Code = "client_too_slow" };
        if (timer.HasExpired)
        {
            var limit = timer.Expired switch { "first_token" => timeouts.FirstToken, "idle" => timeouts.Idle, _ => timeouts.Total };
            string what = timer.Expired switch
            {
                "first_token" => "sent nothing within",
                "idle" => "sent nothing more for",
                _ => "did not finish within",
            };
            return new GatewayError(ErrorKind.Timeout, $"provider '{provider}' {what} {Seconds(limit)} (timeout.{timer.Expired})") { Provider = provider, Status = 504, Code = timer.Expired };
        }
        return exception switch
        {
            OperationCanceledException { InnerException: TimeoutException } =>
                new GatewayError(ErrorKind.Timeout, $"provider '{provider}' could not be connected to within {Seconds(timeouts.Connect)} (timeout.connect)") { Provider = provider, Status = 504, Code = "connect" },
            OperationCanceledException => new GatewayError(ErrorKind.Canceled, "the client went away") { Provider = provider },
            _ => new GatewayError(ErrorKind.Network, $"provider '{provider}' {Reason(exception)}") { Provider = provider, Code = Code(exception) },
        };
    }

    // Only our own words and the system's name of the fault: an exception's text may hold an address with credentials.
    private static string Reason(Exception exception) => Code(exception) switch
    {
        "dns" => "was not found: its host name does not resolve",
        "refused" => "refused the connection; is it running at its base_url?",
        "tls" => "failed the TLS handshake; check its certificate or tls.ca_file",
        "reset" => "broke the connection",
        "ended" => "ended the answer too early",
        _ => "could not be reached",
    };

    private static string Code(Exception exception)
    {
        for (Exception? e = exception; e is not null; e = e.InnerException)
        {
            switch (e)
            {
                case AuthenticationException: return "tls";
                case SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain }: return "dns";
                case SocketException { SocketErrorCode: SocketError.ConnectionRefused }: return "refused";
                case SocketException { SocketErrorCode: SocketError.ConnectionReset or SocketError.ConnectionAborted or SocketError.Shutdown }: return "reset";
                case HttpIOException { HttpRequestError: HttpRequestError.ResponseEnded }: return "ended";
                case HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError }: return "dns";
                case HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError }: return "tls";
                default: break;
            }
        }
        return "network";
    }

    private static string Seconds(TimeSpan time) => time.TotalSeconds >= 1 ? $"{time.TotalSeconds:0.###} s" : $"{time.TotalMilliseconds:0.###} ms";
}
