using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Sluice.Simulator.Tests;

/// <summary>A running simulator and a client for it.</summary>
internal sealed class Simulated : IAsyncDisposable
{
    private Simulated(SimulatorServer server, HttpClient client) => (Server, Client) = (server, client);

    public HttpClient Client { get; }

    public SimulatorServer Server { get; }

    public SimulatorRecorder Requests => Server.Requests;

    public static async Task<Simulated> StartAsync(SimulatorOptions? options = null)
    {
        options ??= new SimulatorOptions();
        var server = await SimulatorServer.StartAsync(options);
        var client = new HttpClient { BaseAddress = server.BaseAddress, Timeout = TimeSpan.FromSeconds(60) };
        if (options.Http2)
            (client.DefaultRequestVersion, client.DefaultVersionPolicy) = (new Version(2, 0), HttpVersionPolicy.RequestVersionExact);
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "some-key");
        client.DefaultRequestHeaders.Add("x-api-key", "some-key");
        client.DefaultRequestHeaders.Add("anthropic-version", "2023-06-01");
        client.DefaultRequestHeaders.Add("x-goog-api-key", "some-key");
        return new Simulated(server, client);
    }

    public static HttpRequestMessage Post(string path, string json, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(json, Encoding.UTF8, "application/json") };
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        return request;
    }

    /// <summary>The whole answer, with its status asserted.</summary>
    public async Task<JsonElement> SendAsync(string path, string json, int status = 200, params (string Name, string Value)[] headers)
    {
        using var request = Post(path, json, headers);
        (request.Version, request.VersionPolicy) = (Client.DefaultRequestVersion, Client.DefaultVersionPolicy);
        using var response = await Client.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        ((int)response.StatusCode).ShouldBe(status, text);
        return JsonDocument.Parse(text).RootElement;
    }

    public async Task<JsonElement> GetAsync(string path, int status = 200)
    {
        using var response = await Client.GetAsync(path);
        ((int)response.StatusCode).ShouldBe(status);
        return JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement;
    }

    /// <summary>The events of a stream: name and data, <c>[DONE]</c> as text.</summary>
    public async Task<List<StreamedEvent>> StreamAsync(string path, string json, params (string Name, string Value)[] headers)
    {
        using var response = await Client.SendAsync(Post(path, json, headers), HttpCompletionOption.ResponseHeadersRead);
        var text = await response.Content.ReadAsStringAsync();
        ((int)response.StatusCode).ShouldBe(200, text);
        return StreamedEvent.Parse(text);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await Server.DisposeAsync();
    }
}

/// <summary>One event of a stream, SSE or a line of NDJSON.</summary>
internal sealed record StreamedEvent(string? Name, string Data)
{
    public JsonElement Json => JsonDocument.Parse(Data).RootElement;

    public static List<StreamedEvent> Parse(string text)
    {
        var events = new List<StreamedEvent>();
        foreach (var block in text.Replace("\r\n", "\n", StringComparison.Ordinal).Split(text.StartsWith('{') ? "\n" : "\n\n", StringSplitOptions.RemoveEmptyEntries))
        {
            string? name = null;
            var data = block.StartsWith('{') ? block : "";
            foreach (var line in block.Split('\n'))
            {
                if (line.StartsWith("event: ", StringComparison.Ordinal))
                    name = line[7..];
                else if (line.StartsWith("data: ", StringComparison.Ordinal))
                    data += line[6..];
            }

            events.Add(new StreamedEvent(name, data));
        }

        return events;
    }
}
