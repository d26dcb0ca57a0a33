using Microsoft.AspNetCore.Http;
using Sluice.Engine;
using Sluice.Engine.Buffers;
using Sluice.Errors;
using Sluice.Gateway.Http;
using Sluice.Wire;

namespace Sluice.Gateway.Endpoints;

/// <summary>Takes in a call of any format and hands it to the engine.</summary>
internal sealed class CallEndpoint(CallEngine engine, RefusedCalls refused, Routing.GatewayState state, CallerCheck callers, AdmissionGate gate, GatewayLifetime lifetime)
{
    private static readonly GatewayError Gone = new(ErrorKind.Canceled, "the client went away before its request was read");

    // Headers that change what a request means to a codec.
    private static readonly string[] MeaningfulHeaders = ["anthropic-beta", "anthropic-version", "openai-beta"];

    public async Task HandleAsync(HttpContext context, InboundRoute route)
    {
        var request = context.Request;
        string requestId = engine.NextRequestId();
        RequestName.Set(context, route.Format, requestId);
        if (!HttpMethods.IsPost(request.Method) && EndpointMethods.Refusal(context, HttpMethods.Post) is { } wrong)
        {
            await ErrorResponse.WriteAsync(context, route.Format, wrong);
            return;
        }
        long started = refused.Now;
        var headers = new HttpClientHeaders(request.Headers);
        var caller = await callers.OfAsync(context, headers);
        var error = caller.Error ?? await EnterAsync(context);
        if (error is null)
        {
            try
            {
                error = await ServeAsync(context, route, requestId, headers, caller);
            }
            finally
            {
                gate.Exit();
            }
        }
        if (error is not null) await RefuseAsync(context, Inbound(context, route, requestId, headers, caller, default, null), error, started);
    }

    // Gives the call to the engine, which answers it; or says why it does not get there.
    private async ValueTask<GatewayError?> ServeAsync(HttpContext context, InboundRoute route, string requestId, HttpClientHeaders headers, Access.CallerResult caller)
    {
        using var buffers = engine.Buffers.Open();
        using var body = new RequestBody(buffers);
        if (await ReadAsync(context, body) is { } error) return error;
        await engine.RunAsync(Inbound(context, route, requestId, headers, caller, body.Memory, buffers), new HttpCallSink(context));
        return null;
    }

    private async Task RefuseAsync(HttpContext context, InboundCall inbound, GatewayError error, long started)
    {
        refused.Tell(inbound, error, started);
        if (error.Kind == ErrorKind.Canceled) context.Abort();
        else await ErrorResponse.WriteAsync(context, inbound.Format, error);
    }

    private static InboundCall Inbound(HttpContext context, InboundRoute route, string requestId, HttpClientHeaders headers, Access.CallerResult caller, ReadOnlyMemory<byte> body, BufferAccount? buffers)
    {
        var request = context.Request;
        return new InboundCall
        {
            Format = route.Format,
            Request = new WireRequest { Path = request.Path.Value!, Query = request.QueryString.HasValue ? request.QueryString.Value![1..] : "", PathModel = route.PathModel, Body = body, Headers = Meaningful(request) },
            RequestId = requestId,
            Headers = headers,
            Caller = caller.Caller,
            GivenKey = caller.GivenKey,
            Aborted = context.RequestAborted,
            OutlivesClient = true,
            Buffers = buffers,
        };
    }

    // Before the body is read: a call that waits holds no memory for it.
    private async ValueTask<GatewayError?> EnterAsync(HttpContext context)
    {
        if (!lifetime.IsReady)
        {
            context.Response.Headers.Connection = "close";
            return new GatewayError(ErrorKind.Overloaded, "the gateway is stopping and takes no new calls") { Status = 503, Code = "gateway_stopping", RetryAfter = TimeSpan.FromSeconds(5) };
        }
        try
        {
            return await gate.EnterAsync(context.RequestAborted);
        }
        catch (OperationCanceledException)
        {
            return Gone;
        }
    }

    private async ValueTask<GatewayError?> ReadAsync(HttpContext context, RequestBody body)
    {
        try
        {
            return await body.ReadAsync(context, state.Current.Config.Server.MaxRequestBody, "server.max_request_body");
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            return Gone;
        }
    }

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
