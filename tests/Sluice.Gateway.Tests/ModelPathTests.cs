using System.Net.Sockets;
using System.Text;
using Sluice.Configuration;
using static Sluice.Gateway.Tests.SimulatedGateway;

namespace Sluice.Gateway.Tests;

/// <summary>A model's name leads nowhere but to that model, wherever it stands and whatever it holds.</summary>
public sealed class ModelPathTests
{
    private const string Settings = """
        defaults: { retry: { max_attempts: 1 } }
        providers:
          gem: { type: gemini, base_url: "URL", api_key: k }
          vtx: { type: vertex, base_url: "URL/v1/projects/p1/locations/us/", project: p1, location: us, api_key: k }
          az: { type: azure, base_url: "URL", api_key: k }
          bed: { type: bedrock, base_url: "URL", region: us-east-1, api_key: k }
          chat: { type: openai-compatible, base_url: "URL/v1", api_key: k }
          ant: { type: anthropic, base_url: "URL", api_key: k }
          oll: { type: ollama, base_url: "URL" }
          res: { type: openai-responses, base_url: "URL/v1", api_key: k }
        """;

    private static readonly string[] Providers = ["gem", "vtx", "az", "bed", "chat", "ant", "oll", "res"];

    private static readonly string[] Tails =
    [
        "..", ".", "", "x/../models/y", "x/./y", "x//y", "/x", "x/", "%2e%2e", "x/%2e%2e/y", "x%2f..%2fy", "x%252f..", "..%5cx", "x\\..\\y", "x?y=1", "x#y", "x\ty", "x\u0000y", "x\r\ny", "..;/y", "x/ .. /y", "x\u202ey",
    ];

    private static readonly (string Path, string Members)[] Bodies =
    [
        ("/v1/chat/completions", "\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]"),
        ("/v1/completions", "\"prompt\":\"Hi\""),
        ("/v1/embeddings", "\"input\":\"Hi\""),
        ("/v1/responses", "\"input\":\"Hi\""),
        ("/v1/messages", "\"max_tokens\":5,\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]"),
        ("/v1/messages/count_tokens", "\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]"),
        ("/api/chat", "\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]"),
        ("/api/generate", "\"prompt\":\"Hi\""),
        ("/api/embed", "\"input\":\"Hi\""),
    ];

    [Fact]
    public async Task NameInABody_ThatLeavesItsPath_Is400AtEveryProviderInEveryDialect()
    {
        await using var upstream = await StartAsync();
        var passed = new List<string>();
        foreach (var (path, rest) in Bodies)
        {
            foreach (string name in Names)
            {
                using var answer = await upstream.Client.PostAsync(path, Json($"{{\"model\":{Quoted(name)},{rest}}}"), TestContext.Current.CancellationToken);
                if ((int)answer.StatusCode != 400) passed.Add($"{path} {name}: {(int)answer.StatusCode}");
            }
        }

        passed.ShouldBeEmpty();
        upstream.Requests.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("x-sluice-targets")]
    [InlineData("models")]
    public async Task NameInTheClientsOwnList_ThatLeavesItsPath_Is400(string place)
    {
        await using var upstream = await StartAsync();
        bool isHeader = place == "x-sluice-targets";
        var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions")
        {
            Content = Json($$"""{"model":"gem/x",{{(isHeader ? "" : "\"models\":[\"gem/x/../y\"],")}}"messages":[{"role":"user","content":"Hi"}]}"""),
        };
        if (isHeader) request.Headers.Add(place, "gem/x/../y");

        using var answer = await upstream.Client.SendAsync(request, TestContext.Current.CancellationToken);

        ((int)answer.StatusCode).ShouldBe(400, await TextAsync(answer));
        upstream.Requests.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("POST", "/v1beta/models/{0}:generateContent")]
    [InlineData("POST", "/v1beta/models/{0}:streamGenerateContent?alt=sse")]
    [InlineData("POST", "/v1beta/models/{0}:countTokens")]
    [InlineData("POST", "/v1beta/models/{0}:embedContent")]
    [InlineData("POST", "/v1beta/models/{0}:batchEmbedContents")]
    [InlineData("POST", "/v1beta/tunedModels/{0}:generateContent")]
    [InlineData("POST", "/v1/models/{0}:generateContent")]
    [InlineData("GET", "/v1beta/models/{0}")]
    [InlineData("GET", "/v1/models/{0}")]
    public async Task NameInAPath_ThatLeavesItsPath_Is400(string method, string path)
    {
        await using var upstream = await StartAsync();
        string[] spellings = ["gem/..%2f..%2fx", "gem/..%252f..%252fx", "gem/%2e%2e%2fx", "gem/%252e%252e/x", "gem/a/../x", "gem/a/./x", "gem/a/%2e%2e/x", "gem//x", "gem/a%5c..%5cx", "gem/a%3fx", "gem/a%23x", "gem/a%09x", "gem/..", "gem%2f..", "..%2fx"];
        var passed = new List<string>();
        foreach (string spelling in spellings)
        {
            // A slash-less folded name ends elsewhere than at the endpoint: 404 is as good there.
            string status = await RawAsync(upstream, method, string.Format(System.Globalization.CultureInfo.InvariantCulture, path, spelling));
            if (status != "400") passed.Add($"{spelling}: {status}");
        }

        passed.ShouldBeEmpty();
        upstream.Requests.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("g-..", 400)]
    [InlineData("g-x/../y", 400)]
    [InlineData("g-..%2fx", 400)]
    [InlineData("g-gemini", 200)]
    public async Task WhatAPatternsStarStandsFor_IsHeldToTheSame(string model, int status)
    {
        await using var upstream = await FakeUpstream.StartAsync(_ => FakeAnswer.Json("""{"candidates":[{"content":{"role":"model","parts":[{"text":"Hi"}]},"finishReason":"STOP"}]}"""));
        await upstream.GatewayAsync(Settings + "\nmodels: { \"g-*\": \"gem/*\" }");

        using var answer = await upstream.ChatAsync(model);

        ((int)answer.StatusCode).ShouldBe(status, await TextAsync(answer));
        upstream.Requests.Count.ShouldBe(status == 200 ? 1 : 0);
    }

    [Theory]
    [InlineData("gem/models/gemini-x", "/v1beta/models/gemini-x:generateContent")]
    [InlineData("gem/tunedModels/mine-1", "/v1beta/tunedModels/mine-1:generateContent")]
    [InlineData("bed/arn:aws:bedrock:us-east-1:1:inference-profile/us.x-v1:0", "/model/arn%3Aaws%3Abedrock%3Aus-east-1%3A1%3Ainference-profile%2Fus.x-v1%3A0/converse")]
    [InlineData("chat/hf.co/owner/model.v1:Q4_K_M", "/v1/chat/completions")]
    [InlineData("chat/..x/...", "/v1/chat/completions")]
    public async Task NameInPlainSegments_GoesWhereItSays(string model, string target)
    {
        await using var upstream = await StartAsync();

        using var answer = await upstream.ChatAsync(model);

        upstream.Requests.ShouldHaveSingleItem().Target.ShouldBe(target, await TextAsync(answer));
    }

    [Theory]
    [InlineData("models: { r: { targets: [gem/a/../b] } }", "models.r.targets[0]")]
    [InlineData("models: { r: { targets: [gem/a], shadow: { model: gem/.., percent: 1 } } }", "models.r.shadow.model")]
    [InlineData("models: { r: { targets: [gem/a], canary: { model: gem//a, percent: 1 } } }", "models.r.canary.model")]
    [InlineData("models: { r: gem/%2e%2e }", "models.r")]
    [InlineData("providers: { gem: { type: gemini, api_key: k, models: [a, b/../c] } }", "providers.gem.models")]
    [InlineData("providers: { gem: { type: gemini, api_key: k, deployments: { a: ../c } } }", "providers.gem.deployments")]
    public void ConfiguredName_ThatLeavesItsPath_IsAFault(string yaml, string place)
    {
        if (!yaml.StartsWith("providers", StringComparison.Ordinal)) yaml = "providers: { gem: { type: gemini, api_key: k } }\n" + yaml;

        var result = ConfigurationLoader.LoadText(yaml, "test", new ProcessEnvironment());

        result.Config.ShouldBeNull();
        result.Faults.ShouldContain(f => f.Path.StartsWith(place, StringComparison.Ordinal), string.Join('\n', result.Faults));
    }

    [Theory]
    [InlineData("..%2f..%2fmodels")]
    [InlineData("%2e%2e%2fx")]
    [InlineData("resp_1%3fx")]
    [InlineData("resp_1%23x")]
    [InlineData("resp_1%5cx")]
    [InlineData("resp_1%252fx")]
    public async Task IdOfAStoredResponse_ThatLeavesItsPath_Is400(string id)
    {
        await using var upstream = await StartAsync();
        foreach (var (method, rest) in new[] { ("GET", ""), ("DELETE", ""), ("GET", "/input_items"), ("POST", "/cancel") }) (await RawAsync(upstream, method, $"/v1/responses/{id}{rest}")).ShouldBe("400");
        upstream.Requests.ShouldBeEmpty();
    }

    private static IEnumerable<string> Names => Providers.SelectMany(p => Tails.Select(t => $"{p}/{t}")).Concat(Tails.Where(t => t.Length > 0));

    private static async Task<FakeUpstream> StartAsync()
    {
        var upstream = await FakeUpstream.StartAsync(_ => FakeAnswer.Json("{}"));
        await upstream.GatewayAsync(Settings);
        return upstream;
    }

    // As it is spelled: a client library would fold and escape it.
    private static async Task<string> RawAsync(FakeUpstream upstream, string method, string target)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(upstream.Client.BaseAddress!.Host, upstream.Client.BaseAddress.Port, TestContext.Current.CancellationToken);
        string body = method == "POST" ? "{\"contents\":[]}" : "";
        string request = $"{method} {target} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\nConnection: close\r\n\r\n{body}";
        await client.GetStream().WriteAsync(Encoding.Latin1.GetBytes(request), TestContext.Current.CancellationToken);
        using var reader = new StreamReader(client.GetStream());
        string answer = await reader.ReadToEndAsync(TestContext.Current.CancellationToken);
        return answer.Split(' ')[1];
    }

    private static string Quoted(string name) => System.Text.Json.JsonSerializer.Serialize(name);

    private static StringContent Json(string body) => new(body, Encoding.UTF8, "application/json");
}
