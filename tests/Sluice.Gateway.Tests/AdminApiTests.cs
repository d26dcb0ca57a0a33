using System.Net;
using System.Text;
using System.Text.Json;
using Sluice.TestKit;
using static Sluice.Gateway.Tests.SimulatedGateway;

namespace Sluice.Gateway.Tests;

/// <summary>The administration API: who may, keys from making to revoking, and what it shows.</summary>
public sealed class AdminApiTests
{
    [Theory]
    [InlineData("keys")]
    [InlineData("config")]
    [InlineData("nowhere")]
    public async Task WithoutTheAdminKey_NothingIsAnswered(string path)
    {
        await using var gateway = await KeyedGateway.StartAsync();
        string virtualKey = (await gateway.CreateAsync()).Secret;

        foreach (string key in new[] { "", "wrong", virtualKey, Access.KeyFormat.NewAdminKey() })
        {
            using var answer = await gateway.AdminAsync("GET", path, key: key);
            answer.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
            (await JsonAsync(answer)).GetProperty("error").GetProperty("type").GetString().ShouldBe("authentication");
        }
    }

    [Fact]
    public async Task Guesses_AreHeldUp_ForAWhile_AndTheRightKeyNever()
    {
        var time = new ManualTime();
        await using var gateway = await KeyedGateway.StartAsync(time: time);

        var guesses = await Task.WhenAll(Enumerable.Range(0, 30).Select(i => gateway.AdminAsync("GET", "health", key: $"guess-{i}")));

        guesses.Count(a => a.StatusCode == HttpStatusCode.Unauthorized).ShouldBe(10);
        guesses.Where(a => a.StatusCode == HttpStatusCode.TooManyRequests).ShouldAllBe(a => a.Headers.RetryAfter!.Delta == TimeSpan.FromSeconds(6));
        (await gateway.AdminAsync("GET", "health", key: "guess")).StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        time.Advance(TimeSpan.FromSeconds(6));
        (await gateway.AdminAsync("GET", "health", key: "guess")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        for (int i = 0; i < 20; i++) (await gateway.AdminAsync("GET", "health")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task AdminKey_OfTheConfiguration_IsTaken_AndNoneIsMade()
    {
        await using var gateway = await KeyedGateway.StartAsync("admin: { key: the-admin-key }");

        gateway.AdminKey.ShouldBe("");
        (await gateway.AdminAsync("GET", "health", key: "the-admin-key")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await gateway.AdminAsync("GET", "health", key: "the-admin-kez")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task AdminKey_ThatWasMade_IsNoKeyForCalls_AndInNoList()
    {
        await using var gateway = await KeyedGateway.StartAsync();

        gateway.AdminKey.ShouldStartWith("sluice-admin-");
        (await gateway.CallAsync(gateway.AdminKey)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await JsonAsync(await gateway.AdminAsync("GET", "keys"))).GetProperty("data").GetArrayLength().ShouldBe(0);
        (await gateway.AdminAsync("GET", "keys/admin")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await gateway.AdminAsync("DELETE", "keys/admin")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await gateway.AdminAsync("POST", "keys", """{"name":"admin"}""")).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Key_FromMakingToRevoking()
    {
        await using var gateway = await KeyedGateway.StartAsync();

        using var made = await gateway.AdminAsync("POST", "keys", """
            {"name":"search-web","group":"search","models":["chat"],"limits":{"rpm":60,"tpm":100000},"budget":{"daily":5.00},"expires_at":"30d","labels":{"team":"search"},"addresses":["127.0.0.1"]}
            """);
        made.StatusCode.ShouldBe(HttpStatusCode.Created, await TextAsync(made));
        made.Headers.ETag!.Tag.ShouldBe("\"v1\"");
        made.Headers.CacheControl!.NoStore.ShouldBeTrue();
        var key = await JsonAsync(made);
        string id = key.GetProperty("id").GetString()!, secret = key.GetProperty("key").GetString()!;
        made.Headers.Location!.ToString().ShouldBe($"/admin/api/keys/{id}");
        key.GetProperty("groups").EnumerateArray().Select(g => g.GetString()).ShouldBe(["search", "company"]);
        key.GetProperty("budget").GetProperty("daily").GetDecimal().ShouldBe(5m);
        (await gateway.CallAsync(secret, "chat")).StatusCode.ShouldBe(HttpStatusCode.OK);

        using var read = await gateway.AdminAsync("GET", "keys/search-web");
        (await TextAsync(read)).ShouldNotContain(secret);

        using var patched = await gateway.AdminAsync("PATCH", $"keys/{id}", """{"models":["sim-openai/*"],"limits":{"tpm":null},"expires_at":null}""", match: "\"v1\"");
        patched.StatusCode.ShouldBe(HttpStatusCode.OK, await TextAsync(patched));
        patched.Headers.ETag!.Tag.ShouldBe("\"v2\"");
        var now = await JsonAsync(patched);
        now.GetProperty("name").GetString().ShouldBe("search-web");
        now.GetProperty("limits").GetProperty("rpm").GetInt32().ShouldBe(60);
        now.GetProperty("limits").TryGetProperty("tpm", out _).ShouldBeFalse();
        now.TryGetProperty("expires_at", out _).ShouldBeFalse();
        (await gateway.AdminAsync("PATCH", $"keys/{id}", """{"models":["other"]}""", match: "\"v1\"")).StatusCode.ShouldBe(HttpStatusCode.PreconditionFailed);

        using var rotated = await gateway.AdminAsync("POST", $"keys/{id}/rotate", """{"grace":"1h"}""");
        string next = (await JsonAsync(rotated)).GetProperty("key").GetString()!;
        (await gateway.CallAsync(next)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await gateway.CallAsync(secret)).StatusCode.ShouldBe(HttpStatusCode.OK);

        using var revoked = await gateway.AdminAsync("DELETE", $"keys/{id}");
        (await JsonAsync(revoked)).GetProperty("state").GetString().ShouldBe("revoked");
        (await gateway.CallAsync(next)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await gateway.CallAsync(secret)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await gateway.AdminAsync("POST", $"keys/{id}/rotate")).StatusCode.ShouldBe(HttpStatusCode.Conflict);
    }

    [Theory]
    [InlineData("""{"group":"serach"}""", "did you mean 'search'?")]
    [InlineData("""{"providers":["sim-opnai"]}""", "did you mean 'sim-openai'?")]
    [InlineData("""{"models":["sim-opnai/large"]}""", "did you mean 'sim-openai'?")]
    [InlineData("""{"routes":["chatt"]}""", "did you mean 'chat'?")]
    [InlineData("""{"limits":{"rmp":5}}""", "did you mean 'rpm'?")]
    [InlineData("""{"limits":{"rpm":"5"}}""", "without quotes")]
    [InlineData("""{"limits":{"rpm":-5}}""", "out of range")]
    [InlineData("""{"expires_at":"2020-01-01"}""", "is past")]
    [InlineData("""{"expires_at":"soon"}""", "how long from now")]
    [InlineData("""{"addresses":["10.0.0.0/33"]}""", "10.0.0.0/8")]
    [InlineData("""{"name":"key_1"}""", "not beginning with 'key_'")]
    [InlineData("""[]""", "not a JSON object")]
    [InlineData("""{"name":""", "not JSON")]
    public async Task BadSettings_AreToldWithWhatWouldBeRight(string json, string words)
    {
        await using var gateway = await KeyedGateway.StartAsync();

        using var answer = await gateway.AdminAsync("POST", "keys", json);

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await JsonAsync(answer)).GetProperty("error").GetProperty("message").GetString()!.ShouldContain(words);
    }

    [Fact]
    public async Task TakenName_IsConflict_AndUnknownKey_NamesTheNearest()
    {
        await using var gateway = await KeyedGateway.StartAsync();
        await gateway.AdminAsync("POST", "keys", """{"name":"search-web"}""");

        (await gateway.AdminAsync("POST", "keys", """{"name":"search-web"}""")).StatusCode.ShouldBe(HttpStatusCode.Conflict);
        using var answer = await gateway.AdminAsync("GET", "keys/serch-web");
        answer.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await TextAsync(answer)).ShouldContain("search-web");
    }

    [Fact]
    public async Task List_HasPagesAndFilters()
    {
        await using var gateway = await KeyedGateway.StartAsync();
        for (int i = 0; i < 5; i++) await gateway.CreateAsync($$"""{"name":"k{{i}}","group":"{{(i % 2 == 0 ? "company" : "tight")}}"}""");

        var first = await JsonAsync(await gateway.AdminAsync("GET", "keys?limit=3"));
        var second = await JsonAsync(await gateway.AdminAsync("GET", $"keys?limit=3&after={first.GetProperty("next_after").GetString()}"));
        var tight = await JsonAsync(await gateway.AdminAsync("GET", "keys?group=tight&state=active"));

        Names(first).ShouldBe(["k0", "k1", "k2"]);
        Names(second).ShouldBe(["k3", "k4"]);
        second.GetProperty("has_more").GetBoolean().ShouldBeFalse();
        Names(tight).ShouldBe(["k1", "k3"]);
        using var wrong = await gateway.AdminAsync("GET", "keys?state=lost");
        wrong.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await TextAsync(wrong)).ShouldContain("one of active, expired, revoked");
    }

    [Fact]
    public async Task Acts_AreWrittenDown_WithWhoAndWhatChanged_AndNoSecret()
    {
        await using var gateway = await KeyedGateway.StartAsync();
        string secret = (await JsonAsync(await gateway.AdminAsync("POST", "keys", """{"name":"web","budget":{"daily":1,"webhook":"https://hooks.example/planted-token-123"}}"""))).GetProperty("key").GetString()!;
        await gateway.AdminAsync("PATCH", "keys/web", """{"limits":{"rpm":5}}""");
        await gateway.AdminAsync("DELETE", "keys/web");

        using var answer = await gateway.AdminAsync("GET", "audit?limit=3");
        string text = await TextAsync(answer);
        var acts = JsonDocument.Parse(text).RootElement.GetProperty("data").EnumerateArray().ToArray();
        acts.Select(a => a.GetProperty("act").GetString()).ShouldBe(["key.revoke", "key.update", "key.create"]);
        acts.ShouldAllBe(a => a.GetProperty("actor").GetString() == "admin" && a.GetProperty("address").GetString() == "127.0.0.1" && a.GetProperty("request_id").GetString()!.StartsWith("req_"));
        acts[1].GetProperty("detail").GetProperty("after").GetProperty("limits").GetProperty("rpm").GetInt32().ShouldBe(5);
        string log = Encoding.UTF8.GetString(gateway.Log.ToArray());
        log.ShouldContain("key.revoke");
        foreach (string sink in new[] { text, log })
        {
            sink.ShouldNotContain(secret);
            sink.ShouldNotContain("planted-token-123");
            sink.ShouldNotContain(gateway.AdminKey);
        }
    }

    [Fact]
    public async Task Configuration_IsShownMasked_WithOrigins()
    {
        await using var gateway = await KeyedGateway.StartAsync("admin: { key: the-admin-key }");

        string shown = await TextAsync(await gateway.AdminAsync("GET", "config", key: "the-admin-key"));
        string origins = await TextAsync(await gateway.AdminAsync("GET", "config?origin=true", key: "the-admin-key"));

        shown.ShouldContain("sim-gemini");
        shown.ShouldNotContain("upstream-key-1");
        shown.ShouldNotContain("the-admin-key");
        origins.ShouldContain("\"origin\"");
        origins.ShouldNotContain("upstream-key-1");
    }

    [Fact]
    public async Task State_OfProvidersRoutesGroupsAndStore()
    {
        await using var gateway = await KeyedGateway.StartAsync();

        (await TextAsync(await gateway.AdminAsync("GET", "providers"))).ShouldContain("sim-anthropic");
        (await TextAsync(await gateway.AdminAsync("GET", "routes"))).ShouldContain("sim-gemini/large");
        (await TextAsync(await gateway.AdminAsync("GET", "groups"))).ShouldContain("\"parent\":\"company\"");
        (await JsonAsync(await gateway.AdminAsync("GET", "health"))).GetProperty("store").GetString().ShouldBe("ok");
        (await JsonAsync(await gateway.AdminAsync("POST", "config/reload"))).GetProperty("reloaded").GetBoolean().ShouldBeTrue();
        (await gateway.GetAsync("/metrics", gateway.AdminKey)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("PUT", "keys/web", 405)]
    [InlineData("DELETE", "keys", 405)]
    [InlineData("GET", "nothing", 404)]
    [InlineData("GET", "keys/a/b/c/d/e", 404)]
    public async Task WrongMethodOrPath(string method, string path, int status)
    {
        await using var gateway = await KeyedGateway.StartAsync();
        ((int)(await gateway.AdminAsync(method, path)).StatusCode).ShouldBe(status);
    }

    [Fact]
    public async Task OwnListener_ServesAdministration_AndNothingElse()
    {
        await using var gateway = await KeyedGateway.StartAsync("""admin: { listen: "127.0.0.1:0" }""");
        string key = (await gateway.CreateAsync()).Secret;

        gateway.AdminAddress.ShouldNotBe(gateway.Client.BaseAddress);
        (await gateway.AdminAsync("GET", "health")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await gateway.GetAsync("/admin/api/health", gateway.AdminKey)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await gateway.CallAsync(key)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await gateway.GetAsync(new Uri(gateway.AdminAddress, "/v1/models").ToString(), key)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await gateway.GetAsync(new Uri(gateway.AdminAddress, "/health/live").ToString(), null)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task SwitchedOff_ThereIsNoAdministration()
    {
        await using var gateway = await KeyedGateway.StartAsync("admin: { enabled: false, key: the-admin-key }");
        (await gateway.AdminAsync("GET", "health", key: "the-admin-key")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task LargeBody_IsRefused()
    {
        await using var gateway = await KeyedGateway.StartAsync();
        using var answer = await gateway.AdminAsync("POST", "keys", $$"""{"name":"{{new string('x', 300_000)}}"}""");
        answer.StatusCode.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
    }

    private static IEnumerable<string?> Names(JsonElement list) => list.GetProperty("data").EnumerateArray().Select(k => k.GetProperty("name").GetString());

    [Fact]
    public async Task Spend_TellsWhatKeysUsed_AndWhatIsWrongWithAQuestion()
    {
        await using var gateway = await KeyedGateway.StartAsync();
        var key = await gateway.CreateAsync("""{"name":"ada"}""");
        (await gateway.CallAsync(key.Secret)).StatusCode.ShouldBe(HttpStatusCode.OK);

        using var answer = await gateway.AdminAsync("GET", "spend?by=key&since=1d");

        var report = await JsonAsync(answer);
        report.GetProperty("total").GetProperty("calls").GetInt32().ShouldBe(1);
        var group = report.GetProperty("groups").EnumerateArray().ShouldHaveSingleItem();
        group.GetProperty("key").GetString().ShouldBe("ada");
        group.GetProperty("input_tokens").GetInt64().ShouldBeGreaterThan(0);
        foreach (var (query, named) in new[] { ("by=colour", "by"), ("since=soon", "since"), ("time_zone=Mars", "time_zone"), ("by=label", "label_name"), ("colour=red", "colour") })
        {
            using var refused = await gateway.AdminAsync("GET", "spend?" + query);
            refused.StatusCode.ShouldBe(HttpStatusCode.BadRequest, query);
            (await JsonAsync(refused)).GetProperty("error").GetProperty("param").GetString().ShouldBe(named);
        }
    }
}
