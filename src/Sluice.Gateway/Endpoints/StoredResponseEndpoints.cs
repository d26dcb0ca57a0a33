using System.Buffers;
using System.Globalization;
using Microsoft.AspNetCore.Http;
using Sluice.Accounting.Ledger;
using Sluice.Configuration;
using Sluice.Conversations;
using Sluice.Engine;
using Sluice.Errors;
using Sluice.Formats;
using Sluice.Gateway.Http;
using Sluice.Routing;
using Sluice.Upstream;
using Sluice.Wire;

namespace Sluice.Gateway.Endpoints;

/// <summary>
/// Stored Responses: <c>GET</c> and <c>DELETE /v1/responses/{id}</c>, its input items and <c>POST .../cancel</c>. Those of upstreams that keep nothing themselves are
/// here, others are asked for where they are.
/// </summary>
internal sealed class StoredResponseEndpoints(CallEngine engine, LedgerGuard? ledger, GatewayState state, CallerCheck callers, TimeProvider time)
{
    private const string Prefix = "/v1/responses/";
    private const string Items = "/input_items";
    private const string Cancel = "/cancel";

    private static IWireFormat Format { get; } = WireFormats.Find(WireFormatId.OpenAIResponses)!;

    public async ValueTask<bool> TryHandleAsync(HttpContext context, string path)
    {
        if (!path.StartsWith(Prefix, StringComparison.Ordinal)) return false;
        int slash = path.IndexOf('/', Prefix.Length);
        string id = slash < 0 ? path[Prefix.Length..] : path[Prefix.Length..slash], part = slash < 0 ? "" : path[slash..];
        string? methods = part switch { "" => "GET, DELETE", Items => HttpMethods.Get, Cancel => HttpMethods.Post, _ => null };
        // What is posted below /v1/responses/ is an endpoint of another name.
        if (id.Length == 0 || methods is null || (part.Length == 0 && HttpMethods.IsPost(context.Request.Method))) return false;
        if (await EndpointMethods.TryRefuseAsync(context, methods)) return true;
        id = Uri.UnescapeDataString(id);
        var caller = await callers.OfAsync(context);
        var error = caller.Error ?? Unserved(context, part) ?? Misnamed(id);
        // Calls without a key share one drawer; each key has its own.
        string owner = caller.Caller?.KeyId ?? "";
        if (error is not null) await ErrorResponse.WriteAsync(context, Format, error);
        else if (engine.Memory.Responses.Find(owner, id) is { } stored) await AnswerAsync(context, owner, stored, part);
        else await PassOnAsync(context, owner, id, part);
        return true;
    }

    // No provider makes such ids, and one of them may read another path out of it.
    private static GatewayError? Misnamed(string id) =>
        id.Contains('/') || ModelName.Fault(id) is not null ? new GatewayError(ErrorKind.InvalidRequest, "the id of the response has signs or segments that no id has") { Param = "response_id" } : null;

    private static GatewayError? Unserved(HttpContext context, string part) =>
        part.Length == 0 && HttpMethods.IsGet(context.Request.Method) && context.Request.Query.TryGetValue("stream", out var stream) && stream == "true"
            ? new GatewayError(ErrorKind.InvalidRequest, "a stored response is given whole only: leave out 'stream'") { Param = "stream" }
            : null;

    private async Task AnswerAsync(HttpContext context, string owner, StoredResponse stored, string part)
    {
        if (part == Items) await WriteItemsAsync(context, stored);
        else if (part == Cancel) await ErrorResponse.WriteAsync(context, Format, new GatewayError(ErrorKind.InvalidRequest, "Only responses created with the background parameter set to true can be cancelled.") { Type = "invalid_request_error" });
        else if (HttpMethods.IsGet(context.Request.Method)) await WriteAsync(context, stored.Json);
        else await DeleteAsync(context, engine.Memory.Responses, owner, stored.Id);
    }

    // What the provider says of its own response is the answer, errors too.
    private async Task PassOnAsync(HttpContext context, string owner, string id, string part)
    {
        var home = engine.Memory.Homes.Find(owner, id);
        var provider = home is null ? null : state.Current.Providers.FirstOrDefault(p => p.Name == home.Provider);
        if (provider?.Native(WireFormatId.OpenAIResponses) is null)
        {
            await ErrorResponse.WriteAsync(context, Format, StoredResponseErrors.NotFound(id));
            return;
        }
        var method = HttpMethod.Parse(context.Request.Method);
        var asked = await StoredResponseClient.SendAsync(provider, home!, method, $"/{Uri.EscapeDataString(id)}{part}", context.Request.QueryString.Value ?? "", time, context.RequestAborted);
        if (!asked.IsSuccess)
        {
            await ErrorResponse.WriteAsync(context, Format, asked.Error);
            return;
        }
        if (method == HttpMethod.Delete && asked.Value.Status is >= 200 and < 300) engine.Memory.Homes.Forget(owner, id);
        await SettleAsync(method, owner, id, part, asked.Value);
        context.Response.StatusCode = asked.Value.Status;
        context.Response.Headers["x-sluice-provider"] = provider.Name;
        await WriteAsync(context, asked.Value.Body, asked.Value.Type);
    }

    // What was made in the background is paid for now that it is known, before its client sees it.
    private async ValueTask SettleAsync(HttpMethod method, string owner, string id, string part, StoredAnswer answer)
    {
        if (ledger is null || answer.Status is < 200 or > 299) return;
        if (method == HttpMethod.Delete) await ledger.ForgetAsync(owner, id);
        else if (part != Items) await ledger.ObserveAsync(owner, id, answer.Body);
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
