using System.Net;
using System.Text;
using static Sluice.Gateway.Tests.SimulatedGateway;

namespace Sluice.Gateway.Tests;

/// <summary>What a provider keeps is for the key that made it, though the provider knows one key only.</summary>
public sealed class StateOwnerTests
{
    private const string Settings = """
        defaults: { retry: { max_attempts: 1 } }
        providers:
          res: { type: openai-responses, base_url: "URL/res/v1", api_key: k }
          two: { type: openai-responses, base_url: "URL/two/v1", api_key: k }
          ant: { type: anthropic, base_url: "URL/ant", api_key: k }
          chat: { type: openai-compatible, base_url: "URL/chat/v1", api_key: k }
        models:
          both: { strategy: round_robin, targets: [two/m, res/m] }
          hedged: { targets: [res/m, two/m], hedge: { after: 1ms, max_share: 1, max_spend: 1 } }
          canary: { targets: [chat/m], canary: { model: res/m, percent: 100 } }
          shadowed: { targets: [chat/m], shadow: { model: res/m, percent: 100 } }
        keys: { required: true, POLICY }
        """;

    public static TheoryData<string> Ways =>
    [
        "\"input\":\"x\",\"previous_response_id\":\"resp_A\"",
        "\"input\":\"x\",\"previous_response_id\":\"resp\\u005fA\"",
        "\"input\":\"x\",\"previous\\u005fresponse_id\":\"resp_A\"",
        "\"input\":\"x\",\"conversation\":\"conv_A\"",
        "\"input\":\"x\",\"conversation\":{\"id\":\"conv_A\"}",
        "\"input\":[{\"type\":\"item_reference\",\"id\":\"msg_A\"}]",
        "\"input\":[{\"role\":\"user\",\"content\":\"x\"},{\"id\":\"msg_A\"}]",
        "\"input\":[{\"id\":\"msg_A\",\"type\":null}]",
        "\"input\":[{\"id\":\"msg_A\",\"id\":\"rs_A\",\"type\":\"item_reference\"}]",
        "\"input\":[{\"i\\u0064\":\"msg\\u005fA\",\"type\":\"item_reference\"}]",
        "\"input\":[{\"type\":\"reasoning\",\"id\":\"rs_A\",\"summary\":[]}]",
        "\"input\":\"x\",\"tools\":[{\"type\":\"code_interpreter\",\"container\":\"cntr_A\"}]",
        "\"input\":[{\"type\":\"code_interpreter_call\",\"id\":\"ci_x\",\"container_id\":\"cntr_A\",\"code\":\"1\",\"outputs\":[],\"status\":\"completed\"}],\"tools\":[{\"type\":\"code_interpreter\",\"container\":{\"type\":\"auto\"}}]",
    ];

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task WhatAnotherKeyMade_Is404_AndItsOwnersGoesOn(string way)
    {
        foreach (bool stream in new[] { false, true })
        {
            foreach (string policy in new[] { "unknown_state: allow", "unknown_state: refuse" })
            {
                await using var gateway = await StartAsync(policy);
                string owner = await gateway.KeyAsync(), other = await gateway.KeyAsync();
                await MakeAsync(gateway, owner, stream);
                int before = gateway.Upstream.Requests.Count;

                using var foreign = await gateway.PostAsync("/v1/responses", $$"""{"model":"res/m",{{way}}}""", other);
                int after = gateway.Upstream.Requests.Count;
                using var own = await gateway.PostAsync("/v1/responses", $$"""{"model":"res/m",{{way}}}""", owner);

                ((int)foreign.StatusCode).ShouldBe(404, await TextAsync(foreign));
                (await TextAsync(foreign)).ShouldContain("not found");
                after.ShouldBe(before);
                ((int)own.StatusCode).ShouldBe(200, await TextAsync(own));
            }
        }
    }

    [Theory]
    [InlineData("hedged")]
    [InlineData("canary")]
    [InlineData("shadowed")]
    [InlineData("both")]
    public async Task WhatAnotherKeyMade_ReachesNoTargetOfARoute(string route)
    {
        await using var gateway = await StartAsync("unknown_state: allow");
        string owner = await gateway.KeyAsync(), other = await gateway.KeyAsync();
        await MakeAsync(gateway, owner, stream: false);
        int before = gateway.Upstream.Requests.Count;

        using var answer = await gateway.PostAsync("/v1/responses", $$"""{"model":"{{route}}","input":"x","previous_response_id":"resp_A"}""", other);

        ((int)answer.StatusCode).ShouldBe(404, await TextAsync(answer));
        (await TextAsync(answer)).ShouldContain("previous_response_not_found");
        gateway.Upstream.Requests.Count.ShouldBe(before);
    }

    [Theory]
    [InlineData("", 404)]
    [InlineData("unknown_state: refuse", 404)]
    [InlineData("unknown_state: allow", 200)]
    public async Task WhatNobodyKnows_FollowsTheSetting(string policy, int status)
    {
        await using var gateway = await StartAsync(policy);
        string key = await gateway.KeyAsync();
        foreach (string way in new[] { "\"input\":\"x\",\"previous_response_id\":\"resp_Z\"", "\"input\":\"x\",\"conversation\":\"conv_Z\"", "\"input\":[{\"type\":\"item_reference\",\"id\":\"msg_Z\"}]", "\"input\":\"x\",\"tools\":[{\"type\":\"code_interpreter\",\"container\":\"cntr_Z\"}]" })
        {
            using var answer = await gateway.PostAsync("/v1/responses", $$"""{"model":"res/m",{{way}}}""", key);

            ((int)answer.StatusCode).ShouldBe(status, await TextAsync(answer));
        }
    }

    [Theory]
    [InlineData("\"input\":[{\"type\":\"message\",\"id\":\"msg_Z\",\"role\":\"assistant\",\"content\":[{\"type\":\"output_text\",\"text\":\"x\",\"annotations\":[]}],\"status\":\"completed\"}]")]
    [InlineData("\"input\":[{\"role\":\"user\",\"content\":\"x\",\"id\":\"msg_Z\"}]")]
    [InlineData("\"input\":[{\"type\":\"reasoning\",\"id\":\"rs_A\",\"summary\":[],\"encrypted_content\":\"abc\"}]")]
    [InlineData("\"input\":[{\"type\":\"reasoning\",\"id\":\"rs_Z\",\"summary\":[]}]")]
    [InlineData("\"input\":\"x\",\"previous_response_id\":null")]
    [InlineData("\"input\":\"resp_A item_reference\",\"metadata\":{\"id\":\"resp_A\"}")]
    public async Task WhatARequestHoldsItself_Passes(string way)
    {
        await using var gateway = await StartAsync("");
        string owner = await gateway.KeyAsync(), other = await gateway.KeyAsync();
        await MakeAsync(gateway, owner, stream: false);

        using var answer = await gateway.PostAsync("/v1/responses", $$"""{"model":"res/m",{{way}}}""", other);

        ((int)answer.StatusCode).ShouldBe(200, await TextAsync(answer));
    }

    [Theory]
    [InlineData("\"previous_response_id\":\"resp_A\",\"previous_response_id\":null", HttpStatusCode.OK)]
    [InlineData("\"previous_response_id\":null,\"previous_response_id\":\"resp_A\"", HttpStatusCode.NotFound)]
    [InlineData("\"Previous_Response_Id\":\"resp_A\"", HttpStatusCode.OK)]
    public async Task NameThatStandsTwice_ReachesNoProvider(string way, HttpStatusCode expected)
    {
        await using var gateway = await StartAsync("");
        string owner = await gateway.KeyAsync(), other = await gateway.KeyAsync();
        await MakeAsync(gateway, owner, stream: false);
        int before = gateway.Upstream.Requests.Count;

        using var answer = await gateway.PostAsync("/v1/responses", $$"""{"model":"res/m","input":"x",{{way}}}""", other);

        answer.StatusCode.ShouldBe(expected, await TextAsync(answer));
        gateway.Upstream.Requests.Skip(before).ShouldAllBe(r => !r.Text.Contains("resp_A"));
    }

    [Fact]
    public async Task ConversationKeptElsewhere_IsToldAsLost_ByTargetsThatKnowNone()
    {
        await using var gateway = await StartAsync("");
        string owner = await gateway.KeyAsync();
        await MakeAsync(gateway, owner, stream: false);

        using var answer = await gateway.PostAsync("/v1/responses", """{"model":"chat/m","input":"x","conversation":"conv_A"}""", owner);

        ((int)answer.StatusCode).ShouldBe(200, await TextAsync(answer));
        Header(answer, "x-sluice-dropped")!.ShouldContain("conversation");
        gateway.Upstream.Requests[^1].Text.ShouldNotContain("conv_A");
    }

    [Fact]
    public async Task RefusalOfAnothers_ReadsAsThatOfNothing()
    {
        await using var gateway = await StartAsync("");
        string owner = await gateway.KeyAsync(), other = await gateway.KeyAsync();
        await MakeAsync(gateway, owner, stream: false);

        using var foreign = await gateway.PostAsync("/v1/responses", """{"model":"res/m","input":"x","previous_response_id":"resp_A"}""", other);
        using var nothing = await gateway.PostAsync("/v1/responses", """{"model":"res/m","input":"x","previous_response_id":"resp_Z"}""", other);

        (await TextAsync(foreign)).Replace("resp_A", "resp_Z", StringComparison.Ordinal).ShouldBe(await TextAsync(nothing));
    }

    [Theory]
    [InlineData("GET", "")]
    [InlineData("DELETE", "")]
    [InlineData("GET", "/input_items")]
    [InlineData("POST", "/cancel")]
    public async Task StoredResponse_OfAnotherKey_Is404_AndStays(string method, string rest)
    {
        await using var gateway = await StartAsync("unknown_state: allow");
        string owner = await gateway.KeyAsync(), other = await gateway.KeyAsync();
        await MakeAsync(gateway, owner, stream: false);
        int before = gateway.Upstream.Requests.Count;

        using var foreign = await gateway.SendAsync(method, $"/v1/responses/resp_A{rest}", null, other);
        int after = gateway.Upstream.Requests.Count;
        using var own = await gateway.SendAsync("GET", "/v1/responses/resp_A", null, owner);

        ((int)foreign.StatusCode).ShouldBe(404);
        after.ShouldBe(before);
        ((int)own.StatusCode).ShouldBe(200);
    }

    [Fact]
    public async Task ProviderThatTellsAnothersId_TakesNothingOver()
    {
        await using var gateway = await StartAsync("unknown_state: allow");
        string owner = await gateway.KeyAsync(), other = await gateway.KeyAsync();
        await MakeAsync(gateway, owner, stream: false);
        // The same id, told to another key by a provider of its choice.
        using var told = await gateway.PostAsync("/v1/responses", """{"model":"two/m","input":"make A"}""", other);
        told.EnsureSuccessStatusCode();

        using var wrong = await gateway.PostAsync("/v1/responses", """{"model":"res/m","input":"x","previous_response_id":"resp_A"}""", other);
        using var right = await gateway.PostAsync("/v1/responses", """{"model":"both","input":"x","previous_response_id":"resp_A"}""", owner);

        ((int)wrong.StatusCode).ShouldBe(400);
        Header(right, "x-sluice-provider").ShouldBe("res");
    }

    [Theory]
    [InlineData("\"container\":\"container_A\"", false)]
    [InlineData("\"container\":{\"id\":\"container_A\"}", false)]
    [InlineData("\"container\":\"container_A\"", true)]
    public async Task ContainerOfMessages_IsItsMakersOnly(string way, bool stream)
    {
        await using var gateway = await StartAsync("unknown_state: allow");
        string owner = await gateway.KeyAsync(), other = await gateway.KeyAsync();
        string Body(string more) => $$"""{"model":"ant/m","max_tokens":5,{{more}},"tools":[{"type":"code_execution_20250825","name":"code_execution"}],"messages":[{"role":"user","content":"Hi"}]}""";
        using var made = await gateway.PostAsync("/v1/messages", Body($"\"stream\":{(stream ? "true" : "false")}"), owner);
        made.EnsureSuccessStatusCode();
        await TextAsync(made);

        using var foreign = await gateway.PostAsync("/v1/messages", Body(way), other);
        using var own = await gateway.PostAsync("/v1/messages", Body(way), owner);

        ((int)foreign.StatusCode).ShouldBe(404, await TextAsync(foreign));
        (await TextAsync(foreign)).ShouldContain("not_found_error");
        ((int)own.StatusCode).ShouldBe(200, await TextAsync(own));
    }

    private static Task<KeyedUpstream> StartAsync(string policy) => KeyedUpstream.StartAsync(Settings.Replace("POLICY", policy.Length > 0 ? policy : "groups: {}", StringComparison.Ordinal), Answer);

    private static async Task MakeAsync(KeyedUpstream gateway, string key, bool stream)
    {
        using var made = await gateway.PostAsync("/v1/responses", $$"""{"model":"res/m","input":"make A","stream":{{(stream ? "true" : "false")}}}""", key);
        made.EnsureSuccessStatusCode();
        (await TextAsync(made)).ShouldContain("resp_A");
    }

    private static FakeAnswer Answer(FakeRequest request)
    {
        bool stream = request.Text.Contains("\"stream\":true", StringComparison.Ordinal);
        if (request.Target.StartsWith("/ant/", StringComparison.Ordinal))
        {
            string container = """{"id":"container_A","expires_at":"2027-01-01T00:00:00Z"}""";
            if (!stream) return FakeAnswer.Json($$$"""{"id":"msg_1","type":"message","role":"assistant","model":"m","content":[{"type":"text","text":"Hi"}],"container":{{{container}}},"stop_reason":"end_turn","usage":{"input_tokens":1,"output_tokens":1}}""");
            return FakeAnswer.Events($$$$"""
                event: message_start
                data: {"type":"message_start","message":{"id":"msg_1","type":"message","role":"assistant","model":"m","content":[],"container":null,"usage":{"input_tokens":1,"output_tokens":1}}}

                event: message_delta
                data: {"type":"message_delta","delta":{"stop_reason":"end_turn","container":{{{{container}}}}},"usage":{"output_tokens":1}}

                event: message_stop
                data: {"type":"message_stop"}


                """.ReplaceLineEndings("\n"));
        }
        if (request.Target.StartsWith("/chat/", StringComparison.Ordinal)) return FakeAnswer.Json("""{"id":"1","object":"chat.completion","model":"m","choices":[{"index":0,"message":{"role":"assistant","content":"Hi"},"finish_reason":"stop"}]}""");
        string name = request.Text.Contains("make A", StringComparison.Ordinal) || request.Method == "GET" ? "A" : Guid.NewGuid().ToString("N");
        string response = $$"""{"object":"response","id":"resp_{{name}}","status":"completed","model":"m","conversation":{"id":"conv_{{name}}"},"output":[{"type":"reasoning","id":"rs_{{name}}","summary":[]},{"type":"code_interpreter_call","id":"ci_{{name}}","container_id":"cntr_{{name}}","code":"1","outputs":[],"status":"completed"},{"type":"message","id":"msg_{{name}}","role":"assistant","status":"completed","content":[{"type":"output_text","text":"Hi","annotations":[]}]}]}""";
        if (!stream) return FakeAnswer.Json(response);
        string started = response[..response.IndexOf("\"output\"", StringComparison.Ordinal)] + "\"output\":[]}";
        return new FakeAnswer(200, "text/event-stream", Encoding.UTF8.GetBytes($"event: response.created\ndata: {{\"type\":\"response.created\",\"response\":{started}}}\n\nevent: response.completed\ndata: {{\"type\":\"response.completed\",\"response\":{response}}}\n\n"));
    }
}
