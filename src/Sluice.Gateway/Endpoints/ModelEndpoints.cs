using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Sluice.Access;
using Sluice.Errors;
using Sluice.Formats;
using Sluice.Formats.Json;
using Sluice.Formats.OllamaChat;
using Sluice.Gateway.Http;
using Sluice.Models;
using Sluice.Routing;
using Sluice.Wire;

namespace Sluice.Gateway.Endpoints;

/// <summary>The model lists of the four dialects: routes first, then what each provider offers. A caller sees only what its key may use.</summary>
internal sealed class ModelEndpoints(GatewayState state, TimeProvider time, CallerCheck callers)
{
    /// <summary>Answers if the path is one of a model list; false where it is not.</summary>
    public async ValueTask<bool> TryHandleAsync(HttpContext context, string path)
    {
        if (!Paths.Contains(path) && !Array.Exists(Prefixes, p => path.StartsWith(p.Path, StringComparison.Ordinal))) return false;
        // A verb of Gemini's that is not served: no model's name is meant.
        if (HttpMethods.IsPost(context.Request.Method) && path.LastIndexOf(':') > path.LastIndexOf('/') && !Paths.Contains(path)) return false;
        if (await EndpointMethods.TryRefuseAsync(context, path == "/api/show" ? HttpMethods.Post : EndpointMethods.Read)) return true;
        var caller = await callers.OfAsync(context);
        if (caller.Error is { } refusal)
        {
            await ErrorResponse.WriteAsync(context, Dialect.Of(context.Request), refusal);
            return true;
        }
        var rules = caller.Caller?.Rules;
        switch (path)
        {
            case "/v1/models" or "/models": await ListAsync(context, rules, IsAnthropic(context) ? ModelJson.AnthropicList : ModelJson.OpenAIList); return true;
            case "/v1beta/models": await ListAsync(context, rules, ModelJson.GeminiList); return true;
            case "/api/tags": await ListAsync(context, rules, OllamaModelJson.Tags); return true;
            case "/api/ps": await WriteAsync(context, static w => { w.WriteStartObject(); w.WriteStartArray("models"u8); w.WriteEndArray(); w.WriteEndObject(); }); return true;
            case "/api/version": await WriteAsync(context, static w => { w.WriteStartObject(); w.WriteString("version"u8, OllamaVersion); w.WriteEndObject(); }); return true;
            case "/api/show": await ShowAsync(context, rules); return true;
            default: return await TryOneAsync(context, path, rules);
        }
    }

    /// <summary>The Ollama release whose API this gateway answers like; clients compare it with what they need.</summary>
    private const string OllamaVersion = "0.12.6";

    private const int MaxShowBody = 64 * 1024;

    private static readonly HashSet<string> Paths = new(StringComparer.Ordinal) { "/v1/models", "/models", "/v1beta/models", "/api/tags", "/api/ps", "/api/version", "/api/show" };

    private static readonly (string Path, bool IsGemini)[] Prefixes = [("/v1/models/", false), ("/models/", false), ("/v1beta/models/", true)];

    private static bool IsAnthropic(HttpContext context) => context.Request.Headers.ContainsKey("anthropic-version");

    private async ValueTask<bool> TryOneAsync(HttpContext context, string path, CallerRules? rules)
    {
        foreach (var (prefix, isGemini) in Prefixes)
        {
            if (!path.StartsWith(prefix, StringComparison.Ordinal)) continue;
            string name = Uri.UnescapeDataString(path[prefix.Length..]);
            var resolved = await ResolveAsync(name, null, rules, context.RequestAborted);
            if (!resolved.IsSuccess)
            {
                await ErrorResponse.WriteAsync(context, Dialect.Of(context.Request), resolved.Error);
                return true;
            }
            Action<Utf8JsonWriter, ModelCard, DateTimeOffset> write = isGemini ? ModelJson.Gemini : IsAnthropic(context) ? ModelJson.Anthropic : ModelJson.OpenAI;
            await WriteOneAsync(context, resolved.Value, name, write);
            return true;
        }
        return false;
    }

    // What a key may not use is not there for it.
    private async ValueTask<Outcome<RouteModel>> ResolveAsync(string name, string? alias, CallerRules? rules, CancellationToken cancellationToken)
    {
        var resolved = await state.Current.FindAsync(name, alias, cancellationToken);
        return resolved.IsSuccess && rules?.Shows(resolved.Value) == false ? new GatewayError(ErrorKind.NotFound, $"there is no model '{resolved.Value.Name}' for this key") { Param = "model", Code = "model_not_found" } : resolved;
    }

    private async Task ListAsync(HttpContext context, CallerRules? rules, Action<Utf8JsonWriter, IReadOnlyList<ModelCard>, DateTimeOffset> write)
    {
        var cards = await ModelShelf.AllAsync(state.Current, state.Models, rules, context.RequestAborted);
        var now = time.GetUtcNow();
        await WriteAsync(context, w => write(w, cards, now));
    }

    private Task WriteOneAsync(HttpContext context, RouteModel route, string asked, Action<Utf8JsonWriter, ModelCard, DateTimeOffset> write)
    {
        var card = ModelShelf.One(state.Current, state.Models, route, asked);
        var now = time.GetUtcNow();
        return WriteAsync(context, w => write(w, card, now));
    }

    private async Task ShowAsync(HttpContext context, CallerRules? rules)
    {
        var format = WireFormats.Find(WireFormatId.OllamaChat)!;
        using var body = new RequestBody();
        if (await body.ReadAsync(context, MaxShowBody) is { } unread)
        {
            await ErrorResponse.WriteAsync(context, format, unread);
            return;
        }
        var members = JsonMembers.Scan(body.Memory, state.Current.Config.Server.MaxNesting, out var fault);
        string? name = members?.GetString("model"u8) ?? members?.GetString("name"u8);
        if (name is null)
        {
            await ErrorResponse.WriteAsync(context, format, new GatewayError(ErrorKind.InvalidRequest, fault?.Sentence ?? "'model' is missing"));
            return;
        }
        var resolved = await ResolveAsync(name, OllamaNames.WithoutLatest(name), rules, context.RequestAborted);
        if (!resolved.IsSuccess) await ErrorResponse.WriteAsync(context, format, resolved.Error);
        else await WriteOneAsync(context, resolved.Value, name, OllamaModelJson.Show);
    }

    private static async Task WriteAsync(HttpContext context, Action<Utf8JsonWriter> write)
    {
        var body = new System.Buffers.ArrayBufferWriter<byte>();
        JsonOutput.Write(body, write, static (w, action) => action(w));
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = body.WrittenCount;
        await context.Response.Body.WriteAsync(body.WrittenMemory, context.RequestAborted);
    }
}
