using System.Text.Json;
using Sluice.Errors;
using Sluice.Providers;
using Sluice.Routing;
using Sluice.Upstream;

namespace Sluice.Models;

/// <summary>Asks a provider for its models.</summary>
internal static class ModelListClient
{
    private const int MaxPages = 20;
    private const int MaxBody = 16 * 1024 * 1024;
    private static TimeSpan Patience { get; } = TimeSpan.FromSeconds(15);

    public static async Task<ProviderModels> FetchAsync(ProviderModel provider, TimeProvider time, CancellationToken cancellationToken)
    {
        if (provider.Vendor.Models is not { } list) return new ProviderModels(provider.Name, [], new GatewayError(ErrorKind.NotFound, $"{provider.Vendor.Name} lists no models; name them under 'models'"), default);
        using var timer = new AttemptTimer(time, Patience, Patience, Patience, cancellationToken);
        var models = new List<string>();
        var limits = new Dictionary<string, ListedLimits>(StringComparer.Ordinal);
        try
        {
            string? next = null;
            for (int page = 0; page < MaxPages; page++)
            {
                var (error, after) = await PageAsync(provider, list, next, models, limits, time, timer).ConfigureAwait(false);
                if (error is not null) return new ProviderModels(provider.Name, [], error, default);
                if (after is null || after == next) break;
                next = after;
            }
            return new ProviderModels(provider.Name, models, null, default) { Limits = limits };
        }
        catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException or JsonException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var error = e is JsonException
                ? new GatewayError(ErrorKind.MalformedAnswer, $"provider '{provider.Name}' answered its model list with something that is no JSON") { Provider = provider.Name }
                : UpstreamFailures.Describe(e, provider.Name, timer, provider.Config.Timeouts with { FirstToken = Patience, Idle = Patience, Total = Patience });
            return new ProviderModels(provider.Name, [], error, default);
        }
    }

    private static async Task<(GatewayError? Error, string? Next)> PageAsync(ProviderModel provider, VendorModelList list, string? next, List<string> models, Dictionary<string, ListedLimits> limits, TimeProvider time, AttemptTimer timer)
    {
        using var message = new HttpRequestMessage(HttpMethod.Get, provider.Address.Models(next));
        UpstreamMessage.SetVersion(message);
        provider.Authenticator.Apply(message, null, provider.Keys.Choose("", default).Key);
        foreach (var (name, value) in provider.Vendor.Headers) message.Headers.TryAddWithoutValidation(name, value);
        if (await provider.Authenticator.SignAsync(message, time, timer.Token).ConfigureAwait(false) is { } unauthenticated) return (unauthenticated, null);
        using var answer = await provider.Client.SendAsync(message, timer.Token).ConfigureAwait(false);
        var body = await answer.Content.ReadAsStreamAsync(timer.Token).ConfigureAwait(false);
        await using var _ = body.ConfigureAwait(false);
        if (!answer.IsSuccessStatusCode)
        {
            var format = provider.ChatFormat ?? (Wire.IWireFormat)provider.Native(provider.Vendor.PrimaryFormat)!;
            return (await UpstreamErrors.ReadAsync((int)answer.StatusCode, answer, body, format, provider, 64 * 1024, time, timer).ConfigureAwait(false), null);
        }
        using var buffer = new Engine.Buffers.PooledBuffer();
        int count;
        while ((count = await body.ReadAsync(buffer.GetMemory(4096), timer.Token).ConfigureAwait(false)) > 0)
        {
            buffer.Advance(count);
            if (buffer.Length > MaxBody) return (new GatewayError(ErrorKind.MalformedAnswer, $"the model list of provider '{provider.Name}' is larger than 16 MiB"), null);
        }
        using var document = JsonDocument.Parse(buffer.Written);
        return (null, Read(document.RootElement, list, models, limits));
    }

    // As servers spell them: OpenRouter and Together, vLLM, Groq, Mistral, Gemini, Anthropic.
    private static readonly string[] ContextMembers = ["context_length", "max_model_len", "context_window", "max_context_length", "inputTokenLimit", "max_input_tokens"];
    private static readonly string[] OutputMembers = ["max_completion_tokens", "max_output_tokens", "outputTokenLimit", "max_tokens"];

    private static long? Number(JsonElement item, string[] names)
    {
        foreach (string name in names)
        {
            if (item.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out long number) && number > 0) return number;
        }
        return null;
    }

    private static string? Read(JsonElement root, VendorModelList list, List<string> models, Dictionary<string, ListedLimits> limits)
    {
        var items = list.Items.Length == 0 || root.ValueKind == JsonValueKind.Array ? root : root.TryGetProperty(list.Items, out var inner) ? inner : default;
        if (items.ValueKind != JsonValueKind.Array) return null;
        foreach (var item in items.EnumerateArray())
        {
            if (item.ValueKind != JsonValueKind.Object || !item.TryGetProperty(list.Id, out var id) || id.GetString() is not { Length: > 0 } name) continue;
            if (list.IdPrefix is { } prefix && name.StartsWith(prefix, StringComparison.Ordinal)) name = name[prefix.Length..];
            models.Add(name);
            var said = new ListedLimits(Number(item, ContextMembers), Number(item, OutputMembers));
            if (said != default) limits[name] = said;
        }
        if (list.Next is not { } member || root.ValueKind != JsonValueKind.Object) return null;
        if (list.More is { } more && !(root.TryGetProperty(more, out var flag) && flag.ValueKind == JsonValueKind.True)) return null;
        return root.TryGetProperty(member, out var next) && next.ValueKind == JsonValueKind.String && next.GetString() is { Length: > 0 } after ? after : null;
    }
}
