using System.Buffers;
using System.Globalization;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Sluice.Simulator.Anthropic;
using Sluice.Simulator.Answers;
using Sluice.Simulator.Cohere;
using Sluice.Simulator.Faults;
using Sluice.Simulator.Gemini;
using Sluice.Simulator.Mistral;
using Sluice.Simulator.Ollama;
using Sluice.Simulator.OpenAI;

namespace Sluice.Simulator.Hosting;

/// <summary>Takes each request from the server: reads it, asks the vendor for its answer, applies a fault and plays the answer out.</summary>
internal sealed class SimulatorApplication : IHttpApplication<HttpContext>
{
    private readonly Stage stage;
    private readonly IProvider[] providers;
    private readonly ControlEndpoint control;

    public SimulatorApplication(SimulatorOptions options)
    {
        stage = new Stage(options);
        Requests = new SimulatorRecorder(options);
        control = new ControlEndpoint(Faults, stage.Limits, Requests);
        providers = [new OpenAIProvider(), new AnthropicProvider(), new GeminiProvider(), new OllamaProvider(), new CohereProvider(), new MistralProvider()];
    }

    public FaultDesk Faults { get; } = new();

    public SimulatorRecorder Requests { get; }

    public HttpContext CreateContext(IFeatureCollection contextFeatures) => new DefaultHttpContext(contextFeatures);

    public void DisposeContext(HttpContext context, Exception? exception)
    {
    }

    public async Task ProcessRequestAsync(HttpContext context)
    {
        var path = context.Request.Path.Value ?? "/";
        foreach (var provider in providers)
        {
            if (path.Length > provider.Name.Length && path.AsSpan(1).StartsWith(provider.Name, StringComparison.Ordinal)
                && (path.Length == provider.Name.Length + 1 || path[provider.Name.Length + 1] == '/'))
            {
                await ServeAsync(context, provider, path[(provider.Name.Length + 1)..]);
                return;
            }
        }

        await control.ServeAsync(context, path);
    }

    private async Task ServeAsync(HttpContext context, IProvider provider, string path)
    {
        Requests.OnOpened();
        var clientLeft = false;
        byte[]? rented = null;
        try
        {
            var aborted = context.RequestAborted;
            var (body, buffer, tooLarge) = await ReadBodyAsync(context.Request, aborted);
            rented = buffer;
            Record(context.Request, provider, body);
            using var call = new SimulatedCall
            {
                Stage = stage, Request = context.Request, Body = body, Path = path.Length == 0 ? "/" : path,
                ChunkCharacters = Chunk(context.Request, out var pause) ?? stage.Options.ChunkCharacters,
            };
            if (call.Method == "POST")
                call.Limit = stage.Limits.Count(provider.Name, Key(call));
            var reply = call.Limit is { Exceeded: true } limit ? provider.Error(call, new ProviderError(429) { RetryAfterSeconds = limit.ResetSeconds }) : tooLarge ? provider.Error(call, new ProviderError(413)) : provider.Answer(call);
            var directives = Directives.Read(call.UserText);
            var fault = Faults.Decide(provider.Name, call.Method, path, call.Model, call.Header("x-sim-fault"), directives.Fault);
            if (fault is not null)
                Requests.OnFaulted();
            var delay = Milliseconds(call.Header("x-sim-delay")) ?? Milliseconds(directives.DelayMs) ?? stage.Options.FirstTokenDelay;
            var between = pause ?? Milliseconds(directives.PauseMs) ?? stage.Options.ChunkDelay;
            var prepared = FaultSurgery.Apply(provider, call, reply, fault);
            await new ReplyPlayer(context, stage.Options.Time).PlayAsync(prepared, fault, delay, between, aborted);
            clientLeft = aborted.IsCancellationRequested && fault?.Kind is not (FaultKind.Reset or FaultKind.Close);
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException or ConnectionAbortedException or ConnectionResetException or SocketException or BadHttpRequestException)
        {
            clientLeft = true;
            context.Abort();
        }
        finally
        {
            if (rented is not null)
                ArrayPool<byte>.Shared.Return(rented);
            Requests.OnClosed(clientLeft);
        }
    }

    private async ValueTask<(ReadOnlyMemory<byte> Body, byte[]? Rented, bool TooLarge)> ReadBodyAsync(HttpRequest request, CancellationToken ct)
    {
        var limit = stage.Options.MaxRequestBytes;
        if (request.ContentLength > limit)
            return (default, null, true);
        if (request.ContentLength is null && HttpMethods.IsGet(request.Method))
            return (default, null, false);
        var buffer = ArrayPool<byte>.Shared.Rent((int)(request.ContentLength ?? 4096) + 1);
        var length = 0;
        while (true)
        {
            var read = await request.Body.ReadAsync(buffer.AsMemory(length), ct);
            if (read == 0)
                return (buffer.AsMemory(0, length), buffer, false);
            length += read;
            if (length > limit)
                return (default, buffer, true);
            if (length < buffer.Length)
                continue;
            var larger = ArrayPool<byte>.Shared.Rent(buffer.Length * 2);
            buffer.AsSpan(0, length).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(buffer);
            buffer = larger;
        }
    }

    private void Record(HttpRequest request, IProvider provider, ReadOnlyMemory<byte> body)
    {
        Requests.OnReceived();
        if (!Requests.Keeps)
            return;
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, values) in request.Headers)
            headers[name] = values.ToString();
        Requests.Add(new RecordedRequest(
            provider.Name, request.Method, request.Path.Value ?? "/", request.QueryString.Value ?? "", headers, body.ToArray(), stage.Options.Time.GetUtcNow()));
    }

    private static string Key(SimulatedCall call) => Credentials.Bearer(call) ?? call.Header("x-api-key") ?? call.Header("x-goog-api-key") ?? call.Query("key") ?? "";

    /// <summary><c>x-sim-chunk: characters</c> or <c>characters,milliseconds</c>.</summary>
    private static int? Chunk(HttpRequest request, out TimeSpan? pause)
    {
        pause = null;
        if (!request.Headers.TryGetValue("x-sim-chunk", out var values) || values[0] is not { } text)
            return null;
        var comma = text.IndexOf(',', StringComparison.Ordinal);
        if (comma >= 0)
            pause = Milliseconds(text[(comma + 1)..]);
        return int.TryParse(comma < 0 ? text : text[..comma], NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out var size) && size > 0 ? size : null;
    }

    private static TimeSpan? Milliseconds(string? text) =>
        int.TryParse(text, NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out var number) ? Milliseconds(number) : null;

    private static TimeSpan? Milliseconds(int? number) => number is { } given ? TimeSpan.FromMilliseconds(given) : null;
}
