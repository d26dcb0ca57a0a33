using System.Net;
using Sluice.Access;
using Sluice.Access.Administration;
using Sluice.TestKit;
using static Sluice.Gateway.Tests.SimulatedGateway;

namespace Sluice.Gateway.Tests;

/// <summary>Who may call: keys of every kind and state, in every dialect.</summary>
public sealed class VirtualKeyTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public static TheoryData<string> AllDialects => [.. Dialects];

    [Theory]
    [MemberData(nameof(AllDialects))]
    public async Task GoodKey_WhereTheSdkPutsIt_Passes_AndNeverReachesTheProvider(string dialect)
    {
        await using var gateway = await KeyedGateway.StartAsync();
        var key = await gateway.CreateAsync();

        using var answer = await gateway.CallAsync(key.Secret, dialect: dialect);

        answer.StatusCode.ShouldBe(HttpStatusCode.OK, await TextAsync(answer));
        var sent = gateway.Simulator.Requests.All.ShouldHaveSingleItem();
        sent.Headers.Values.ShouldNotContain(v => v.Contains(key.Secret, StringComparison.Ordinal));
        sent.Headers["authorization"].ShouldBe("Bearer upstream-key-1");
    }

    [Theory]
    [MemberData(nameof(AllDialects))]
    public async Task NoKey_Is401InTheDialect_AndSaysHow(string dialect)
    {
        await using var gateway = await KeyedGateway.StartAsync();

        using var answer = await gateway.CallAsync(null, dialect: dialect);

        answer.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        var error = (await JsonAsync(answer)).GetProperty("error");
        string text = error.ValueKind == System.Text.Json.JsonValueKind.String ? error.GetString()! : error.GetProperty("message").GetString()!;
        text.ShouldContain("sluice keys create");
        answer.Headers.WwwAuthenticate.ToString().ShouldBe("Bearer");
        gateway.Simulator.Requests.Received.ShouldBe(0);
    }

    [Fact]
    public async Task WrongKeys_AreToldApart_AndNotRepeated()
    {
        await using var gateway = await KeyedGateway.StartAsync();
        string good = (await gateway.CreateAsync()).Secret;
        string mistyped = good[..^1] + (good[^1] == 'a' ? 'b' : 'a');
        foreach (var (key, words) in new[] { ("sk-proj-abcdefghijkl", "keys of providers and of administration are not taken"), (mistyped, "check sum"), (KeyFormat.NewKey(), "does not know"), (KeyFormat.NewAdminKey(), "admin key") })
        {
            using var answer = await gateway.CallAsync(key);
            answer.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
            string text = await TextAsync(answer);
            text.ShouldContain(words);
            text.ShouldNotContain(key);
        }
        // What cannot be a key does not trouble the store.
        gateway.Store.Lookups.ShouldBe(1);
    }

    [Fact]
    public async Task Key_IsLookedUpOnce_UntilAnyKeyChanges()
    {
        await using var gateway = await KeyedGateway.StartAsync();
        string key = (await gateway.CreateAsync()).Secret;
        for (int i = 0; i < 5; i++) (await gateway.CallAsync(key)).Dispose();
        gateway.Store.Lookups.ShouldBe(1);

        await gateway.CreateAsync();
        (await gateway.CallAsync(key)).Dispose();

        gateway.Store.Lookups.ShouldBe(2);
    }

    [Fact]
    public async Task RevokedKey_IsRefusedFromTheNextCallOn()
    {
        await using var gateway = await KeyedGateway.StartAsync();
        var key = await gateway.CreateAsync("""{"name":"search"}""");
        (await gateway.CallAsync(key.Secret)).StatusCode.ShouldBe(HttpStatusCode.OK);

        await gateway.Keys.RevokeAsync("search", null, new Administrator("cli"), Cancelled);
        using var answer = await gateway.CallAsync(key.Secret);

        answer.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await TextAsync(answer)).ShouldContain("'search' was revoked");
    }

    [Fact]
    public async Task ExpiredKey_IsRefused()
    {
        var time = new ManualTime();
        await using var gateway = await KeyedGateway.StartAsync(time: time);
        string key = (await gateway.CreateAsync("""{"expires_at":"1h"}""")).Secret;
        (await gateway.GetAsync("/v1/models", key)).StatusCode.ShouldBe(HttpStatusCode.OK);

        time.Advance(TimeSpan.FromHours(1));
        using var answer = await gateway.GetAsync("/v1/models", key);

        answer.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await TextAsync(answer)).ShouldContain("expired at 2026-11-20T13:00:00Z");
    }

    [Fact]
    public async Task RotatedKey_IsTakenUntilTheGraceIsOver()
    {
        var time = new ManualTime();
        await using var gateway = await KeyedGateway.StartAsync(time: time);
        var old = await gateway.CreateAsync();
        var rotated = (await gateway.Keys.RotateAsync(old.Record.Id, TimeSpan.FromHours(1), null, new Administrator("cli"), Cancelled)).Value!;

        (await gateway.GetAsync("/v1/models", rotated.Secret)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await gateway.GetAsync("/v1/models", old.Secret)).StatusCode.ShouldBe(HttpStatusCode.OK);
        time.Advance(TimeSpan.FromHours(1));
        (await gateway.GetAsync("/v1/models", old.Secret)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await gateway.GetAsync("/v1/models", rotated.Secret)).StatusCode.ShouldBe(HttpStatusCode.OK);

        // Without a grace the old one ends at once.
        var again = (await gateway.Keys.RotateAsync(old.Record.Id, TimeSpan.Zero, null, new Administrator("cli"), Cancelled)).Value!;
        (await gateway.GetAsync("/v1/models", rotated.Secret)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await gateway.GetAsync("/v1/models", again.Secret)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task BoundKey_IsTakenFromItsAddressesOnly()
    {
        await using var gateway = await KeyedGateway.StartAsync();
        string here = (await gateway.CreateAsync("""{"addresses":["127.0.0.0/8","::1"]}""")).Secret;
        string elsewhere = (await gateway.CreateAsync("""{"addresses":["10.0.0.0/8","2001:db8::/32"]}""")).Secret;

        (await gateway.CallAsync(here)).StatusCode.ShouldBe(HttpStatusCode.OK);
        using var answer = await gateway.CallAsync(elsewhere);

        answer.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await TextAsync(answer)).ShouldContain("may not be used from 127.0.0.1");
    }

    [Fact]
    public async Task KeyOfAGroupThatIsGone_IsRefused()
    {
        await using var gateway = await KeyedGateway.StartAsync();
        var key = await gateway.CreateAsync();
        await gateway.Store.UpdateAsync(key.Record with { Group = "gone", Version = 2 }, 1, Cancelled);

        using var answer = await gateway.CallAsync(key.Secret);

        answer.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await TextAsync(answer)).ShouldContain("'gone', which keys.groups does not have");
    }

    [Fact]
    public async Task Refusal_ComesBeforeTheBodyIsRead()
    {
        await using var gateway = await KeyedGateway.StartAsync();
        using var client = new System.Net.Sockets.TcpClient();
        await client.ConnectAsync(gateway.Client.BaseAddress!.Host, gateway.Client.BaseAddress.Port, Cancelled);
        var stream = client.GetStream();
        // A body is promised and never sent.
        await stream.WriteAsync("POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n"u8.ToArray(), Cancelled);
        var buffer = new byte[512];
        int read = await stream.ReadAsync(buffer, Cancelled).AsTask().WaitAsync(TimeSpan.FromSeconds(10), Cancelled);

        System.Text.Encoding.ASCII.GetString(buffer, 0, read).ShouldStartWith("HTTP/1.1 401");
    }

    [Fact]
    public async Task Passthrough_SendsTheClientsOwnCredential_AndNotTheVirtualKey()
    {
        await using var gateway = await KeyedGateway.StartAsync();
        string key = (await gateway.CreateAsync()).Secret;

        (await gateway.CallAsync("the-clients-own", "own/large", headers: ("x-sluice-key", key))).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await gateway.CallAsync(key, "own/large")).Dispose();

        var sent = gateway.Simulator.Requests.All;
        sent.Count.ShouldBe(2);
        sent[0].Headers["authorization"].ShouldBe("Bearer the-clients-own");
        sent.ShouldAllBe(r => r.Headers.Values.All(v => !v.Contains(key, StringComparison.Ordinal)));
    }

    [Fact]
    public async Task KeyInTheQuery_IsTaken_AsGoogleClientsSendIt()
    {
        await using var gateway = await KeyedGateway.StartAsync();
        string key = (await gateway.CreateAsync()).Secret;

        (await gateway.GetAsync($"/v1beta/models?key={key}", null)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await gateway.GetAsync("/v1beta/models?key=AIzaSyWrong", null)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        System.Text.Encoding.UTF8.GetString(gateway.Log.ToArray()).ShouldNotContain(key);
    }

    [Fact]
    public async Task WhereNoKeyIsNeeded_AnyOtherKeyPasses_AndASpentOneDoesNot()
    {
        await using var open = await KeyedGateway.StartAsync(required: false);
        var key = await open.CreateAsync("""{"name":"search"}""");

        (await open.CallAsync(null)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await open.CallAsync("sk-anything")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await open.CallAsync(key.Secret)).StatusCode.ShouldBe(HttpStatusCode.OK);
        await open.Keys.RevokeAsync("search", null, new Administrator("cli"), Cancelled);
        // It is meant as a key, with the limits that it had: letting it pass as nobody's would lift them.
        (await open.CallAsync(key.Secret)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Theory]
    [InlineData("refuse", HttpStatusCode.ServiceUnavailable)]
    [InlineData("allow", HttpStatusCode.OK)]
    public async Task WhileTheStoreFails_KnownKeysDoAsConfigured_AndUnknownOnesWait(string policy, HttpStatusCode expected)
    {
        await using var gateway = await KeyedGateway.StartAsync(policy: policy);
        string known = (await gateway.CreateAsync()).Secret;
        string unseen = (await gateway.CreateAsync()).Secret;
        (await gateway.CallAsync(known)).StatusCode.ShouldBe(HttpStatusCode.OK);

        gateway.Store.Fails = true;

        (await gateway.CallAsync(known)).StatusCode.ShouldBe(expected);
        using var answer = await gateway.CallAsync(unseen);
        answer.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        answer.Headers.RetryAfter.ShouldNotBeNull();
        gateway.Store.Fails = false;
        (await gateway.CallAsync(unseen)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("/v1/models", 401)]
    [InlineData("/v1beta/models", 401)]
    [InlineData("/api/tags", 401)]
    [InlineData("/v1/responses/resp_1", 401)]
    [InlineData("/metrics", 401)]
    [InlineData("/health/live", 200)]
    [InlineData("/health/ready", 200)]
    public async Task OtherEndpoints_WithoutAKey(string path, int status)
    {
        await using var gateway = await KeyedGateway.StartAsync();
        ((int)(await gateway.GetAsync(path, null)).StatusCode).ShouldBe(status);
    }

    [Fact]
    public async Task Health_NamesProvidersOnlyForThoseWithAKey()
    {
        await using var gateway = await KeyedGateway.StartAsync();
        string key = (await gateway.CreateAsync()).Secret;

        (await TextAsync(await gateway.GetAsync("/health", null))).ShouldBe("""{"status":"ok"}""");
        (await TextAsync(await gateway.GetAsync("/health", key))).ShouldContain("sim-gemini");
    }

    [Fact]
    public async Task StoredResponses_AreTheirOwnersOnly()
    {
        await using var gateway = await KeyedGateway.StartAsync();
        string mine = (await gateway.CreateAsync()).Secret, theirs = (await gateway.CreateAsync()).Secret;
        using var made = await gateway.CallAsync(mine, "sim-anthropic/large", "openai-responses");
        string id = (await JsonAsync(made)).GetProperty("id").GetString()!;

        (await gateway.GetAsync($"/v1/responses/{id}", mine)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await gateway.GetAsync($"/v1/responses/{id}", theirs)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task StoredResponse_ThatTheGatewayKeeps_IsNeitherCancelledNorStreamed()
    {
        await using var gateway = await KeyedGateway.StartAsync();
        string key = (await gateway.CreateAsync()).Secret;
        using var made = await gateway.CallAsync(key, "sim-anthropic/large", "openai-responses");
        string id = (await JsonAsync(made)).GetProperty("id").GetString()!;
        using var cancel = new HttpRequestMessage(HttpMethod.Post, $"/v1/responses/{id}/cancel") { Headers = { { "authorization", $"Bearer {key}" } } };

        using var cancelled = await gateway.Client.SendAsync(cancel, TestContext.Current.CancellationToken);
        using var streamed = await gateway.GetAsync($"/v1/responses/{id}?stream=true", key);

        cancelled.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await JsonAsync(cancelled)).GetProperty("error").GetProperty("message").GetString()!.ShouldContain("background");
        streamed.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await JsonAsync(streamed)).GetProperty("error").GetProperty("param").GetString().ShouldBe("stream");
    }
}
