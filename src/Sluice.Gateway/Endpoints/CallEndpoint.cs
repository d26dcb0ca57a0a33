using Microsoft.AspNetCore.Http;
using Sluice.Engine;
using Sluice.Errors;
using Sluice.Gateway.Http;
using Sluice.Wire;

namespace Sluice.Gateway.Endpoints;

/// <summary>Takes in a call of any format and hands it to the engine.</summary>
internal sealed class CallEndpoint(CallEngine engine, Routing.GatewayState state, CallerCheck callers, AdmissionGate gate, GatewayLifetime lifetime)
{
    // Headers that change what a request means to a codec.
    private static readonly string[] MeaningfulHeaders = ["anthropic-beta", "anthropic-version", "openai-beta"];

    public async Task HandleAsync(HttpContext context, InboundRoute route)
    {
        var request = context.Request;
        string requestId = engine.Ids.Next("req_", 20);
        context.Response.Headers["x-request-id"] = requestId;
        if (route.Format.Id.Value.StartsWith("anthropic", StringComparison.Ordinal)) context.Response.Headers["request-id"] = requestId;
        if (!HttpMethods.IsPost(request.Method))
        {
            context.Response.Headers.Allow = "POST";
            await ErrorResponse.WriteAsync(context, route.Format, new GatewayError(ErrorKind.InvalidRequest, $"{request.Path} takes POST, not {request.Method}") { Status = 405 });
            return;
        }
        var headers = new HttpClientHeaders(request.Headers);
        var caller = await callers.OfAsync(context, headers);
        if (caller.Error is { } refusal)
        {
            await ErrorResponse.WriteAsync(context, route.Format, refusal);
            return;
        }
        if (!await TryEnterAsync(context, route)) return;
        try
        {
            await ServeAsync(context, route, requestId, headers, caller);
        }
        finally
        {
            gate.Exit();
        }
    }

    private async Task ServeAsync(HttpContext context, InboundRoute route, string requestId, HttpClientHeaders headers, Access.CallerResult caller)
    {
        var request = context.Request;
        using var body = new RequestBody();
        if (!await TryReadAsync(context, route, body)) return;
        var inbound = new InboundCall
        {
            Format = route.Format,
            Request = new WireRequest { Path = request.Path.Value!, Query = request.QueryString.HasValue ? request.QueryString.Value![1..] : "", PathModel = route.PathModel, Body = body.Memory, Headers = Meaningful(request) },
            RequestId = requestId,
            Headers = headers,
            Caller = caller.Caller,
            Aborted = context.RequestAborted,
        };
        await engine.RunAsync(inbound, new HttpCallSink(context));
    }

    // Before the body is read: a call that waits holds no memory for it.
    private async ValueTask<bool> TryEnterAsync(HttpContext context, InboundRoute route)
    {
        if (!lifetime.IsReady)
        {
            context.Response.Headers.Connection = "close";
            await ErrorResponse.WriteAsync(context, route.Format, new GatewayError(ErrorKind.Overloaded, "the gateway is stopping and takes no new calls") { Status = 503, Code = "gateway_stopping", RetryAfter = TimeSpan.FromSeconds(5) });
            return false;
        }
        try
        {
            if (await gate.EnterAsync(context.RequestAborted) is not { } refusal) return true;
            await ErrorResponse.WriteAsync(context, route.Format, refusal);
        }
        catch (OperationCanceledException)
        {
            context.Abort();
        }
        return false;
    }

    private async ValueTask<bool> TryReadAsync(HttpContext context, InboundRoute route, RequestBody body)
    {
        long max = state.Current.Config.Server.MaxRequestBody;
        try
        {
            if (await body.ReadAsync(context.Request, max, context.RequestAborted)) return true;
            // What is still to come of a body that is too large is not read: the connection ends with the answer.
            context.Response.Headers.Connection = "close";
            await ErrorResponse.WriteAsync(context, route.Format, new GatewayError(ErrorKind.TooLarge, $"the request body is larger than {Size(max)} (server.max_request_body)") { Code = "request_too_large" });
        }
        catch (BadHttpRequestException e)
        {
            await ErrorResponse.WriteAsync(context, route.Format, new GatewayError(ErrorKind.InvalidRequest, "the request body could not be read") { Status = e.StatusCode });
        }
        catch (OperationCanceledException)
        {
            context.Abort();
        }
        return false;
    }

    private static string Size(long bytes) => bytes % (1 << 20) == 0 ? $"{bytes >> 20} MiB" : bytes % 1024 == 0 ? $"{bytes >> 10} KiB" : $"{bytes} bytes";

    private static IReadOnlyDictionary<string, string> Meaningful(HttpRequest request)
    {
        Dictionary<string, string>? found = null;
        foreach (string name in MeaningfulHeaders)
        {
            if (request.Headers.TryGetValue(name, out var values)) (found ??= new(StringComparer.OrdinalIgnoreCase))[name] = values.ToString();
        }
        return found ?? Empty;
    }

    private static readonly IReadOnlyDictionary<string, string> Empty = new Dictionary<string, string>();
}
