using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Sluice.Access;
using Sluice.Errors;
using Sluice.Formats;
using Sluice.Formats.Json;
using Sluice.Gateway.Http;
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
        var caller = await callers.OfAsync(context);
        if (caller.Error is { } refusal)
        {
            await ErrorResponse.WriteAsync(context, Dialect.Of(context.Request), refusal);
            return true;
        }
        var rules = caller.Caller?.Rules;
        switch (path)
        {
            case "/v1/models" or "/models": await ListAsync(context, rules, IsAnthropic(context) ? AnthropicList : OpenAIList); return true;
            case "/v1beta/models": await ListAsync(context, rules, GeminiList); return true;
            case "/api/tags": await ListAsync(context, rules, OllamaTags); return true;
            case "/api/ps": await WriteAsync(context, static w => { w.WriteStartObject(); w.WriteStartArray("models"u8); w.WriteEndArray(); w.WriteEndObject(); }); return true;
            case "/api/version": await WriteAsync(context, static w => { w.WriteStartObject(); w.WriteString("version"u8, OllamaVersion); w.WriteEndObject(); }); return true;
            case "/api/show": await ShowAsync(context, rules); return true;
            default: return await TryOneAsync(context, path, rules);
        }
    }

    /// <summary>The Ollama release whose API this gateway answers like; clients compare it with what they need.</summary>
    private const string OllamaVersion = "0.12.6";

    private static readonly HashSet<string> Paths = new(StringComparer.Ordinal) { "/v1/models", "/models", "/v1beta/models", "/api/tags", "/api/ps", "/api/version", "/api/show" };

    private static readonly (string Path, bool IsGemini)[] Prefixes = [("/v1/models/", false), ("/models/", false), ("/v1beta/models/", true)];

    private static bool IsAnthropic(HttpContext context) => context.Request.Headers.ContainsKey("anthropic-version");

    private async ValueTask<bool> TryOneAsync(HttpContext context, string path, CallerRules? rules)
    {
        foreach (var (prefix, isGemini) in Prefixes)
        {
            if (!path.StartsWith(prefix, StringComparison.Ordinal)) continue;
            string name = Uri.UnescapeDataString(path[prefix.Length..]);
            var resolved = Resolve(name, rules);
            if (!resolved.IsSuccess)
            {
                await ErrorResponse.WriteAsync(context, Dialect.Of(context.Request), resolved.Error);
                return true;
            }
            string owner = resolved.Value.IsNamed ? "sluice" : resolved.Value.Targets[0].Provider.Name;
            var entry = new Entry(name, owner);
            long now = time.GetUtcNow().ToUnixTimeSeconds();
            await WriteAsync(context, w => { if (isGemini) Gemini(w, entry); else if (IsAnthropic(context)) Anthropic(w, entry); else OpenAI(w, entry, now); });
            return true;
        }
        return false;
    }

    // What a key may not use is not there for it.
    private Outcome<RouteModel> Resolve(string name, CallerRules? rules)
    {
        var resolved = state.Current.Resolve(name);
        return resolved.IsSuccess && rules?.Shows(resolved.Value) == false ? new GatewayError(ErrorKind.NotFound, $"there is no model '{resolved.Value.Name}' for this key") { Param = "model", Code = "model_not_found" } : resolved;
    }

    private async Task ListAsync(HttpContext context, CallerRules? rules, Action<Utf8JsonWriter, IReadOnlyList<Entry>> write)
    {
        var gateway = state.Current;
        var entries = gateway.Routes.Where(r => rules?.Shows(r) != false).Select(r => new Entry(r.Name, "sluice")).ToList();
        foreach (var provider in await state.Models.ListAsync(gateway, refresh: false, context.RequestAborted))
        {
            entries.AddRange(provider.Models.Where(m => rules?.Shows(provider.Provider, m) != false).Select(m => new Entry($"{provider.Provider}/{m}", provider.Provider)));
        }
        await WriteAsync(context, w => write(w, entries));
    }

    private async Task ShowAsync(HttpContext context, CallerRules? rules)
    {
        var format = WireFormats.Find(WireFormatId.OllamaChat)!;
        using var body = new RequestBody();
        await body.ReadAsync(context.Request, 64 * 1024, context.RequestAborted);
        var members = JsonMembers.Scan(body.Memory, state.Current.Config.Server.MaxNesting, out var fault);
        string? name = members?.GetString("model"u8) ?? members?.GetString("name"u8);
        if (name is null)
        {
            await ErrorResponse.WriteAsync(context, format, new GatewayError(ErrorKind.InvalidRequest, fault?.Sentence ?? "'model' is missing"));
            return;
        }
        var resolved = Resolve(name, rules);
        if (!resolved.IsSuccess)
        {
            await ErrorResponse.WriteAsync(context, format, resolved.Error);
            return;
        }
        await WriteAsync(context, w => OllamaShow(w, resolved.Value));
    }

    private void OpenAIList(Utf8JsonWriter w, IReadOnlyList<Entry> entries)
    {
        long now = time.GetUtcNow().ToUnixTimeSeconds();
        w.WriteStartObject();
        w.WriteString("object"u8, "list"u8);
        w.WriteStartArray("data"u8);
        foreach (var entry in entries) OpenAI(w, entry, now);
        w.WriteEndArray();
        w.WriteEndObject();
    }

    private static void OpenAI(Utf8JsonWriter w, Entry entry, long created)
    {
        w.WriteStartObject();
        w.WriteString("id"u8, entry.Id);
        w.WriteString("object"u8, "model"u8);
        w.WriteNumber("created"u8, created);
        w.WriteString("owned_by"u8, entry.Owner);
        w.WriteEndObject();
    }

    private void AnthropicList(Utf8JsonWriter w, IReadOnlyList<Entry> entries)
    {
        w.WriteStartObject();
        w.WriteStartArray("data"u8);
        foreach (var entry in entries) Anthropic(w, entry);
        w.WriteEndArray();
        w.WriteBoolean("has_more"u8, false);
        if (entries.Count == 0)
        {
            w.WriteNull("first_id"u8);
            w.WriteNull("last_id"u8);
        }
        else
        {
            w.WriteString("first_id"u8, entries[0].Id);
            w.WriteString("last_id"u8, entries[^1].Id);
        }
        w.WriteEndObject();
    }

    private void Anthropic(Utf8JsonWriter w, Entry entry)
    {
        w.WriteStartObject();
        w.WriteString("type"u8, "model"u8);
        w.WriteString("id"u8, entry.Id);
        w.WriteString("display_name"u8, entry.Id);
        w.WriteString("created_at"u8, time.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture));
        w.WriteEndObject();
    }

    private static void GeminiList(Utf8JsonWriter w, IReadOnlyList<Entry> entries)
    {
        w.WriteStartObject();
        w.WriteStartArray("models"u8);
        foreach (var entry in entries) Gemini(w, entry);
        w.WriteEndArray();
        w.WriteEndObject();
    }

    private static void Gemini(Utf8JsonWriter w, Entry entry)
    {
        w.WriteStartObject();
        w.WriteString("name"u8, $"models/{entry.Id}");
        w.WriteString("displayName"u8, entry.Id);
        w.WriteStartArray("supportedGenerationMethods"u8);
        foreach (string method in new[] { "generateContent", "countTokens", "embedContent" }) w.WriteStringValue(method);
        w.WriteEndArray();
        w.WriteEndObject();
    }

    private void OllamaTags(Utf8JsonWriter w, IReadOnlyList<Entry> entries)
    {
        string now = time.GetUtcNow().ToString("O", System.Globalization.CultureInfo.InvariantCulture);
        w.WriteStartObject();
        w.WriteStartArray("models"u8);
        foreach (var entry in entries)
        {
            w.WriteStartObject();
            w.WriteString("name"u8, entry.Id);
            w.WriteString("model"u8, entry.Id);
            w.WriteString("modified_at"u8, now);
            w.WriteNumber("size"u8, 0);
            w.WriteString("digest"u8, ""u8);
            OllamaDetails(w, entry.Owner);
            w.WriteEndObject();
        }
        w.WriteEndArray();
        w.WriteEndObject();
    }

    private void OllamaShow(Utf8JsonWriter w, RouteModel route)
    {
        w.WriteStartObject();
        w.WriteString("modelfile"u8, ""u8);
        w.WriteString("parameters"u8, ""u8);
        w.WriteString("template"u8, ""u8);
        OllamaDetails(w, route.IsNamed ? "sluice" : route.Targets[0].Provider.Name);
        w.WriteStartObject("model_info"u8);
        w.WriteString("general.basename"u8, route.Name);
        w.WriteEndObject();
        w.WriteStartArray("capabilities"u8);
        w.WriteStringValue("completion"u8);
        w.WriteStringValue("tools"u8);
        w.WriteEndArray();
        w.WriteString("modified_at"u8, time.GetUtcNow().ToString("O", System.Globalization.CultureInfo.InvariantCulture));
        w.WriteEndObject();
    }

    private static void OllamaDetails(Utf8JsonWriter w, string family)
    {
        w.WriteStartObject("details"u8);
        w.WriteString("parent_model"u8, ""u8);
        w.WriteString("format"u8, ""u8);
        w.WriteString("family"u8, family);
        w.WriteStartArray("families"u8);
        w.WriteStringValue(family);
        w.WriteEndArray();
        w.WriteString("parameter_size"u8, ""u8);
        w.WriteString("quantization_level"u8, ""u8);
        w.WriteEndObject();
    }

    private static async Task WriteAsync(HttpContext context, Action<Utf8JsonWriter> write)
    {
        var body = new System.Buffers.ArrayBufferWriter<byte>();
        JsonOutput.Write(body, write, static (w, action) => action(w));
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = body.WrittenCount;
        await context.Response.Body.WriteAsync(body.WrittenMemory, context.RequestAborted);
    }

    private readonly record struct Entry(string Id, string Owner);
}
