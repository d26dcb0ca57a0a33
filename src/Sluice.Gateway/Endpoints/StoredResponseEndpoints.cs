using System.Buffers;
using System.Globalization;
using Microsoft.AspNetCore.Http;
using Sluice.Conversations;
using Sluice.Engine;
using Sluice.Errors;
using Sluice.Formats;
using Sluice.Gateway.Http;
using Sluice.Routing;
using Sluice.Upstream;
using Sluice.Wire;

namespace Sluice.Gateway.Endpoints;

/// <summary>Stored Responses: <c>GET</c> and <c>DELETE /v1/responses/{id}</c>, and its input items. Those of upstreams that keep nothing themselves are here, others are asked for where they are.</summary>
internal sealed class StoredResponseEndpoints(CallEngine engine, GatewayState state, CallerCheck callers, TimeProvider time)
{
    private const string Prefix = "/v1/responses/";
    private const string ItemsSuffix = "/input_items";

    public async ValueTask<bool> TryHandleAsync(HttpContext context, string path)
    {
        if (!path.StartsWith(Prefix, StringComparison.Ordinal)) return false;
        bool items = path.EndsWith(ItemsSuffix, StringComparison.Ordinal);
        string id = items ? path[Prefix.Length..^ItemsSuffix.Length] : path[Prefix.Length..];
        bool get = HttpMethods.IsGet(context.Request.Method);
        if (id.Length == 0 || id.Contains('/') || !(get || (HttpMethods.IsDelete(context.Request.Method) && !items))) return false;
        var caller = await callers.OfAsync(context);
        if (caller.Error is { } refusal)
        {
            await ErrorResponse.WriteAsync(context, WireFormats.Find(WireFormatId.OpenAIResponses)!, refusal);
            return true;
        }
        // Calls without a key share one drawer; each key has its own.
        string owner = caller.Caller?.KeyId ?? "";
        var store = engine.Memory.Responses;
        if (store.Find(owner, id) is not { } stored)
        {
            await PassOnAsync(context, owner, id, path);
            return true;
        }
        if (items) await WriteItemsAsync(context, stored);
        else if (get) await WriteAsync(context, stored.Json);
        else await DeleteAsync(context, store, owner, id);
        return true;
    }

    // What the provider says of its own response is the answer, errors too.
    private async Task PassOnAsync(HttpContext context, string owner, string id, string path)
    {
        var home = engine.Memory.Homes.Find(owner, id);
        var provider = home is null ? null : state.Current.Providers.FirstOrDefault(p => p.Name == home.Provider);
        if (provider?.Native(WireFormatId.OpenAIResponses) is null)
        {
            await ErrorResponse.WriteAsync(context, WireFormats.Find(WireFormatId.OpenAIResponses)!, ResponseStore.NotFound(id));
            return;
        }
        if (context.Request.Query.TryGetValue("stream", out var stream) && stream == "true")
        {
            await ErrorResponse.WriteAsync(context, WireFormats.Find(WireFormatId.OpenAIResponses)!, new GatewayError(ErrorKind.InvalidRequest, "a stored response is given whole only: leave out 'stream'") { Param = "stream" });
            return;
        }
        var method = HttpMethods.IsGet(context.Request.Method) ? HttpMethod.Get : HttpMethod.Delete;
        string suffix = $"/{Uri.EscapeDataString(id)}{(path.EndsWith(ItemsSuffix, StringComparison.Ordinal) ? ItemsSuffix : "")}";
        var asked = await StoredResponseClient.SendAsync(provider, home!, method, suffix, context.Request.QueryString.Value ?? "", time, context.RequestAborted);
        if (!asked.IsSuccess)
        {
            await ErrorResponse.WriteAsync(context, WireFormats.Find(WireFormatId.OpenAIResponses)!, asked.Error);
            return;
        }
        if (method == HttpMethod.Delete && asked.Value.Status is >= 200 and < 300) engine.Memory.Homes.Forget(owner, id);
        context.Response.StatusCode = asked.Value.Status;
        context.Response.Headers["x-sluice-provider"] = provider.Name;
        await WriteAsync(context, asked.Value.Body, asked.Value.Type);
    }

    private static Task WriteItemsAsync(HttpContext context, StoredResponse stored)
    {
        var query = context.Request.Query;
        int limit = int.TryParse(query["limit"], NumberStyles.None, CultureInfo.InvariantCulture, out int wanted) ? Math.Clamp(wanted, 1, 100) : 20;
        var body = new ArrayBufferWriter<byte>();
        stored.WriteInputItems(body, limit, query["order"] == "asc", query["after"].FirstOrDefault());
        return WriteAsync(context, body.WrittenMemory);
    }

    private static Task DeleteAsync(HttpContext context, ResponseStore store, string owner, string id)
    {
        store.Delete(owner, id);
        var body = new ArrayBufferWriter<byte>();
        Formats.Json.JsonOutput.Write(body, id, static (w, deleted) =>
        {
            w.WriteStartObject();
            w.WriteString("id"u8, deleted);
            w.WriteString("object"u8, "response"u8);
            w.WriteBoolean("deleted"u8, true);
            w.WriteEndObject();
        });
        return WriteAsync(context, body.WrittenMemory);
    }

    private static async Task WriteAsync(HttpContext context, ReadOnlyMemory<byte> json, string type = "application/json")
    {
        context.Response.ContentType = type;
        context.Response.ContentLength = json.Length;
        await context.Response.Body.WriteAsync(json, context.RequestAborted);
    }
}
