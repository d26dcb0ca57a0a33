using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.Logging;
using Sluice.Configuration;
using Sluice.Engine;
using Sluice.Explaining;
using Sluice.Gateway.Endpoints;
using Sluice.Gateway.Hosting;
using Sluice.Gateway.Http;
using Sluice.Wire;

namespace Sluice.Gateway.Tests;

/// <summary>A server on a free port that keeps what it is sent and answers as told, with a gateway before it.</summary>
internal sealed class FakeUpstream : IAsyncDisposable
{
    private readonly WebApplication _server;
    private readonly Func<FakeRequest, CancellationToken, Task<FakeAnswer>> _answer;
    private GatewayHost? _gateway;

    private FakeUpstream(WebApplication server, Func<FakeRequest, CancellationToken, Task<FakeAnswer>> answer) => (_server, _answer) = (server, answer);

    public List<FakeRequest> Requests { get; } = [];

    public string Address => _server.Urls.Single();

    public HttpClient Client { get; } = new() { Timeout = TimeSpan.FromSeconds(30) };

    public static Task<FakeUpstream> StartAsync(Func<FakeRequest, FakeAnswer> answer, Action<HttpsConnectionAdapterOptions>? https = null) => StartAsync((request, _) => Task.FromResult(answer(request)), https);

    public static Task<FakeUpstream> StartAsync(Func<FakeRequest, Task<FakeAnswer>> answer) => StartAsync((request, _) => answer(request));

    /// <summary>Starts a server.</summary>
    /// <param name="answer">What it answers; the token is cancelled when the gateway hangs up.</param>
    /// <param name="https">How it speaks TLS; <see langword="null"/> for plain HTTP.</param>
    public static async Task<FakeUpstream> StartAsync(Func<FakeRequest, CancellationToken, Task<FakeAnswer>> answer, Action<HttpsConnectionAdapterOptions>? https = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        if (https is null) builder.WebHost.UseUrls("http://127.0.0.1:0");
        else builder.WebHost.UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel => kestrel.Listen(System.Net.IPAddress.Loopback, 0, listen => listen.UseHttps(https)));
        var fake = new FakeUpstream(builder.Build(), answer);
        fake._server.Run(fake.ServeAsync);
        await fake._server.StartAsync(TestContext.Current.CancellationToken);
        return fake;
    }

    /// <summary>Starts a gateway; <c>URL</c> in the settings stands for this server.</summary>
    public async Task GatewayAsync(string yaml, GatewayHostOptions? options = null, string server = "max_nesting: 64", IReadOnlyDictionary<string, string>? variables = null)
    {
        var result = ConfigurationLoader.LoadText($"server: {{ listen: \"127.0.0.1:0\", {server} }}\n{yaml.Replace("URL", Address, StringComparison.Ordinal)}", "test", new BareEnvironment(variables?.ToDictionary(v => v.Key, v => v.Value.Replace("URL", Address, StringComparison.Ordinal)) ?? []));
        _gateway = await GatewayHost.StartAsync(result.Config ?? throw new InvalidOperationException(string.Join('\n', result.Faults)), options);
        Client.BaseAddress = _gateway.Address;
    }

    /// <summary>The gateway's configuration and connections.</summary>
    public Routing.GatewayState State => _gateway!.State;

    /// <summary>What would be sent for a request, without sending it.</summary>
    public CallExplanation Explain(string path, string body)
    {
        var route = InboundRoute.Match(path.Split('?')[0])!.Value;
        var request = new WireRequest { Path = path.Split('?')[0], PathModel = route.PathModel, Body = System.Text.Encoding.UTF8.GetBytes(body) };
        var inbound = new InboundCall { Format = route.Format, Request = request, RequestId = "explain", Headers = new HttpClientHeaders(new HeaderDictionary()), Aborted = CancellationToken.None };
        return new CallExplainer(_gateway!.State, TimeProvider.System, new Random(1)).Explain(inbound, all: true);
    }

    public Task<HttpResponseMessage> ChatAsync(string model, bool stream = false)
    {
        string body = $$"""{"model":"{{model}}","stream":{{(stream ? "true" : "false")}},"messages":[{"role":"user","content":"Hi"}]}""";
        return Client.PostAsync("/v1/chat/completions", new StringContent(body, System.Text.Encoding.UTF8, "application/json"), TestContext.Current.CancellationToken);
    }

    /// <summary>Sends a JSON body to the gateway.</summary>
    public Task<HttpResponseMessage> PostJsonAsync(string path, string body, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(body, System.Text.Encoding.UTF8, "application/json") };
        foreach (var (name, value) in headers) request.Headers.Add(name, value);
        return Client.SendAsync(request, TestContext.Current.CancellationToken);
    }

    /// <summary>Stops the gateway, as a signal would.</summary>
    public Task StopAsync() => _gateway!.StopAsync();

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        if (_gateway is not null)
        {
            await _gateway.StopAsync();
            await _gateway.DisposeAsync();
        }
        await _server.DisposeAsync();
    }

    private async Task ServeAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        string target = context.Features.Get<IHttpRequestFeature>()!.RawTarget;
        var headers = context.Request.Headers.ToDictionary(h => h.Key, h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase);
        var request = new FakeRequest(context.Request.Method, target, headers, body.ToArray()) { ClientCertificate = context.Connection.ClientCertificate?.Subject };
        lock (Requests) Requests.Add(request);
        var answer = await _answer(request, context.RequestAborted);
        context.Response.StatusCode = answer.Status;
        context.Response.ContentType = answer.Type;
        foreach (var (name, value) in answer.Headers) context.Response.Headers[name] = value;
        for (int at = 0; at < answer.Body.Length; at += answer.Piece)
        {
            await context.Response.Body.WriteAsync(answer.Body.AsMemory(at, Math.Min(answer.Piece, answer.Body.Length - at)));
            if (answer.Piece < answer.Body.Length) await context.Response.Body.FlushAsync();
        }
        if (answer.Rest is not { } rest) return;
        await context.Response.Body.FlushAsync();
        if (!await rest(context.Response.Body, context.RequestAborted)) context.Abort();
    }

    private sealed class BareEnvironment(Dictionary<string, string> variables) : IEnvironment
    {
        public IReadOnlyDictionary<string, string> Variables => variables;

        public string WorkingDirectory => Path.GetTempPath();
    }
}

internal sealed record FakeRequest(string Method, string Target, IReadOnlyDictionary<string, string> Headers, byte[] Body)
{
    public string? ClientCertificate { get; init; }

    public string Text => System.Text.Encoding.UTF8.GetString(Body);
}

internal sealed record FakeAnswer(int Status, string Type, byte[] Body)
{
    /// <summary>Writes what comes after <see cref="Body"/>, which is sent before; false breaks the connection.</summary>
    public Func<Stream, CancellationToken, Task<bool>>? Rest { get; init; }

    public static FakeAnswer Events(string events) => new(200, "text/event-stream", System.Text.Encoding.UTF8.GetBytes(events));

    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();
    /// <summary>How many bytes are sent at a time.</summary>
    public int Piece { get; init; } = int.MaxValue / 2;

    public static FakeAnswer Json(string json, int status = 200) => new(status, "application/json", System.Text.Encoding.UTF8.GetBytes(json));
}
