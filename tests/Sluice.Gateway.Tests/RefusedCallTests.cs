using System.Net;
using System.Text;
using static Sluice.Gateway.Tests.SimulatedGateway;

namespace Sluice.Gateway.Tests;

/// <summary>Calls that are refused, at whatever point, have their line in the log and are counted, and no key is in it.</summary>
public sealed class RefusedCallTests
{
    private const string Json = "logging: { format: json }\nbudgets: { total: 0 }";

    [Fact]
    public async Task EachRefusal_HasOneLine_AndIsCounted()
    {
        await using var gateway = await KeyedGateway.StartAsync(Json);
        var good = await gateway.CreateAsync("""{"name":"ada","limits":{"rpm":1},"models":["sim-openai/*"]}""");
        var spent = await gateway.CreateAsync("""{"name":"bob"}""");
        var revoked = await gateway.CreateAsync("""{"name":"eve"}""");
        await gateway.Keys.RevokeAsync("eve", null, new Access.Administration.Administrator("cli"), TestContext.Current.CancellationToken);
        var expected = new Dictionary<string, string>();

        await AskAsync(null, "sim-openai/large", 401, "authentication");
        await AskAsync("sk-mistyped-or-foreign", "sim-openai/large", 401, "authentication");
        await AskAsync(revoked.Secret, "sim-openai/large", 401, "authentication");
        await AskAsync(good.Secret, "sim-gemini/large", 403, "permission");
        await AskAsync(good.Secret, "no-such-model", 404, "not_found");
        await AskAsync(spent.Secret, "other", 402, "budget_spent");
        using (var one = await gateway.CallAsync(good.Secret)) Expect(one, 200, "");
        await AskAsync(good.Secret, "sim-openai/large", 429, "rate_limited");
        using (var large = await gateway.Client.SendAsync(Request(good.Secret, new string(' ', 300_000)), TestContext.Current.CancellationToken)) Expect(large, 413, "too_large");

        var metrics = await TextAsync(await gateway.GetAsync("/metrics", good.Secret));
        metrics.ShouldContain("sluice_calls_total{format=\"openai-chat\",lane=\"none\",outcome=\"authentication\",status=\"401\"} 3\n");
        metrics.ShouldContain("sluice_calls_total{format=\"openai-chat\",lane=\"none\",outcome=\"too_large\",status=\"413\"} 1\n");

        var lines = await gateway.LinesAsync();
        var calls = lines.Where(l => l.GetProperty("event").GetString() == "call").ToDictionary(l => l.GetProperty("request_id").GetString()!, l => $"{l.GetProperty("status").GetInt32()} {(l.TryGetProperty("error", out var error) ? error.GetString() : "")}");
        calls.ShouldBe(expected, ignoreOrder: true);
        foreach (var key in new[] { good, spent, revoked }) Encoding.UTF8.GetString(gateway.Log.ToArray()).ShouldNotContain(key.Secret);

        async Task AskAsync(string? key, string model, int status, string kind)
        {
            using var answer = await gateway.CallAsync(key, model);
            Expect(answer, status, kind);
        }

        void Expect(HttpResponseMessage answer, int status, string kind)
        {
            ((int)answer.StatusCode).ShouldBe(status);
            expected.Add(Header(answer, "x-request-id")!, $"{status} {kind}");
        }
    }

    [Fact]
    public async Task ClientThatLeaves_BeforeItsRequestIsRead_HasALine()
    {
        await using var gateway = await KeyedGateway.StartAsync(Json, required: false);
        using (var client = new System.Net.Sockets.TcpClient())
        {
            await client.ConnectAsync(gateway.Client.BaseAddress!.Host, gateway.Client.BaseAddress.Port, TestContext.Current.CancellationToken);
            await client.GetStream().WriteAsync("POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 1000\r\nExpect: 100-continue\r\n\r\n"u8.ToArray(), TestContext.Current.CancellationToken);
            // This is said when the gateway begins to read the body.
            var buffer = new byte[100];
            int read = await client.GetStream().ReadAsync(buffer, TestContext.Current.CancellationToken);
            Encoding.ASCII.GetString(buffer, 0, read).ShouldStartWith("HTTP/1.1 100");
            client.Client.LingerState = new System.Net.Sockets.LingerOption(true, 0);
        }
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (!(await TextAsync(await gateway.GetAsync("/metrics", null))).Contains("sluice_calls_total{", StringComparison.Ordinal)) await Task.Delay(20, patience.Token);

        // Whether its end or its leaving is seen first.
        (await gateway.LinesAsync()).Single(l => l.GetProperty("event").GetString() == "call").GetProperty("status").GetInt32().ShouldBeOneOf(400, 499);
    }

    [Fact]
    public async Task LabelsOfAKey_CannotBeChangedByItsClient()
    {
        await using var gateway = await KeyedGateway.StartAsync();
        var key = await gateway.CreateAsync("""{"labels":{"team":"search","project":"x"}}""");
        var request = Request(key.Secret, $$"""{"model":"sim-openai/large","metadata":{"team":"forged","mine":"1",{{string.Join(',', Enumerable.Range(0, 30).Select(i => $"\"m{i}\":\"v\""))}}},"messages":[{"role":"user","content":"Hi"}]}""");
        request.Headers.TryAddWithoutValidation("x-sluice-labels", "project=forged,own=2");
        using var answer = await gateway.Client.SendAsync(request, TestContext.Current.CancellationToken);

        answer.StatusCode.ShouldBe(HttpStatusCode.OK, await TextAsync(answer));
        var labels = (await gateway.Store.EntriesAsync()).ShouldHaveSingleItem().Labels;
        (labels["team"], labels["project"], labels["own"], labels["mine"]).ShouldBe(("search", "x", "2", "1"));
        labels.Count.ShouldBe(16);
    }

    private static HttpRequestMessage Request(string key, string body)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions") { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + key);
        return request;
    }
}
