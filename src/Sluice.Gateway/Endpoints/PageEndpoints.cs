using Microsoft.AspNetCore.Http;

namespace Sluice.Gateway.Endpoints;

/// <summary>What a person finds here: <c>/</c> says where to go, <c>/openapi.json</c> describes the gateway's own surface.</summary>
internal static class PageEndpoints
{
    private const string Document = "openapi.json";

    public static async ValueTask<bool> TryHandleAsync(HttpContext context, string path)
    {
        if (path is not ("/" or "/" + Document)) return false;
        if (await EndpointMethods.TryRefuseAsync(context, EndpointMethods.Read)) return true;
        switch (path)
        {
            case "/":
                context.Response.ContentType = "text/plain; charset=utf-8";
                await context.Response.WriteAsync(Welcome(context.Request), context.RequestAborted);
                return true;
            default:
                await WriteDocumentAsync(context);
                return true;
        }
    }

    private static async Task WriteDocumentAsync(HttpContext context)
    {
        await using var document = typeof(PageEndpoints).Assembly.GetManifestResourceStream(Document)!;
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = document.Length;
        // Browsers' tools that show it come from elsewhere; there is nothing secret in it.
        context.Response.Headers.AccessControlAllowOrigin = "*";
        if (!HttpMethods.IsHead(context.Request.Method)) await document.CopyToAsync(context.Response.Body, context.RequestAborted);
    }

    private static string Welcome(HttpRequest request)
    {
        string url = $"{request.Scheme}://{request.Host}";
        return $"""
            Sluice is running.

            Base URL for SDKs:  {url}/v1  (OpenAI)
                                {url}  (Anthropic, Google, Ollama)
            Models:             {url}/v1/models
            State:              {url}/health
            Every endpoint:     {url}/openapi.json

            """;
    }
}
