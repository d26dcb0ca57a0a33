using System.Text.Json;

namespace Sluice.Cli.Tests.Commands;

public sealed class ExplainCommandTests : IDisposable
{
    private const string Configuration = """
        defaults: { params: { temperature: 0.7 } }
        providers:
          openai: { api_key: sk-proj-planted-openai-key }
          anthropic: { api_key: planted-anthropic-key }
          lab: { type: openai-compatible, base_url: "https://lab.example/v1", api_key: planted-lab-key, headers: { forward: [X-Trace-*], add: { X-Team: search }, set: { X-Lab-Token: planted-token } } }
          old: { type: openai-compatible, base_url: "https://old.example/v1", auth: { query: key }, api_key: planted-old-key }
        models:
          smart: { targets: [anthropic/claude-sonnet-5, lab/big, { model: openai/gpt-5.4, when: { keys: [gold] } }] }
        transforms:
          - { name: cards, on: request, regex: { pattern: '\b\d{16}\b', replace: "[card]" } }
          - { name: tools, on: request, drop: "$.tools[?(@.function.name=='shell')]" }
          - { name: team, on: request, where: { keys: ["team-*"] }, params: { drop: [seed] } }
          - { name: back, on: response, regex: { pattern: foo } }
          - { name: odd, on: request, where: { models: ["*/big"] }, set: { path: "$.seed.x", value: 1 } }
        """;

    private const string Body = """{"model":"smart","seed":7,"messages":[{"role":"user","content":"my card 4111111111111111"}],"tools":[{"type":"function","function":{"name":"shell"}}]}""";

    private readonly CliProcess _cli = new CliProcess().Write("sluice.yaml", Configuration).Write("body.json", Body);

    public void Dispose() => _cli.Dispose();

    [Fact]
    public void Explain_Route_TellsTheOrderEachRuleAndTheExactRequests()
    {
        var (code, output, error) = _cli.Run("explain", "-r", "body.json", "--all", "-H", "X-Trace-Id: 5");

        (code, error).ShouldBe((0, ""));
        output.ShouldBe("""
            format      openai-chat
            model       smart
            route       smart (fallback)
            targets     1. anthropic/claude-sonnet-5
                        2. lab/big
            passed over openai/gpt-5.4: when.keys does not name the caller's key

            == anthropic/claude-sonnet-5, translated from openai-chat to anthropic-messages
            transform   cards (request, regex): changes the request
            transform   tools (request, drop): changes the request
            transform   team (request, params): does not fit this call (where)
            transform   back (response, regex): acts on the answer
            not carried temperature: this model takes only its default sampling
            not carried seed: Anthropic has no such setting

            POST https://api.anthropic.com/v1/messages
            x-api-key: ***
            anthropic-version: 2023-06-01
            Content-Type: application/json
            Content-Length: 101

            {"model":"claude-sonnet-5","messages":[{"role":"user","content":"my card [card]"}],"max_tokens":4096}

            == lab/big, spliced
            transform   cards (request, regex): changes the request
            transform   tools (request, drop): changes the request
            transform   team (request, params): does not fit this call (where)
            transform   back (response, regex): acts on the answer
            transform   odd (request, set): finds nothing to change; cannot apply: what should hold 'x' is no object
            body        model: changed
            body        temperature: put in
            header      X-Trace-Id: put in
            header      X-Team: put in
            header      X-Lab-Token: put in
            not carried odd: what should hold 'x' is no object

            POST https://lab.example/v1/chat/completions
            Authorization: Bearer ***
            X-Trace-Id: 5
            X-Team: search
            X-Lab-Token: ***
            Content-Type: application/json
            Content-Length: 109

            {"model":"big","seed":7,"messages":[{"role":"user","content":"my card [card]"}],"tools":[],"temperature":0.7}

            """.ReplaceLineEndings("\n"));
    }

    [Fact]
    public void Explain_Json_HoldsTheSameAndNoSecret()
    {
        var (code, output, _) = _cli.Run("explain", "-r", "body.json", "--all", "--key-name", "team-a", "--output", "json");

        code.ShouldBe(0);
        output.ShouldNotContain("planted");
        var targets = JsonDocument.Parse(output).RootElement.GetProperty("targets");
        targets[1].GetProperty("transforms").EnumerateArray().Single(r => r.GetProperty("name").GetString() == "team").GetProperty("effect").GetString().ShouldBe("changes the request");
        targets[1].GetProperty("request").GetProperty("body").GetString()!.ShouldNotContain("\"seed\":7");
    }

    [Fact]
    public void Explain_KeyInTheAddress_IsMasked()
    {
        var (code, output, _) = _cli.Write("old.json", """{"model":"old/m","messages":[]}""").Run("explain", "-r", "old.json");

        code.ShouldBe(0);
        output.ShouldContain("key=***");
        output.ShouldNotContain("planted");
    }

    [Theory]
    [InlineData("/v1/messages", """{"model":"anthropic/m","max_tokens":9,"messages":[{"role":"user","content":"4111111111111111"}]}""", "anthropic/m, spliced")]
    [InlineData("/v1/responses", """{"model":"openai/m","input":"4111111111111111"}""", "openai/m, spliced")]
    [InlineData("/v1beta/models/lab/big:streamGenerateContent", """{"contents":[{"parts":[{"text":"4111111111111111"}]}]}""", "lab/big, translated from gemini-generate to openai-chat")]
    [InlineData("/api/chat", """{"model":"anthropic/m","messages":[{"role":"user","content":"4111111111111111"}]}""", "anthropic/m, translated from ollama-chat to anthropic-messages")]
    public void Explain_EveryDialect_IsRead(string path, string body, string expected)
    {
        var (code, output, error) = _cli.Write("other.json", body).Run("explain", "-r", "other.json", "--path", path);

        (code, error).ShouldBe((0, ""));
        output.ShouldContain($"== {expected}\n");
        output.ShouldContain("[card]");
        output.ShouldNotContain("4111111111111111");
    }

    [Fact]
    public void Explain_WhatWouldBeRefused_SaysWhy()
    {
        var (code, output, _) = _cli.Write("lost.json", """{"model":"nowhere/x"}""").Run("explain", "-r", "lost.json");

        code.ShouldBe(1);
        output.ShouldContain("refused     404 model 'nowhere/x' is not known.");
        _cli.Run("explain", "-r", "missing.json").Code.ShouldBe(2);
        _cli.Run("explain", "-r", "lost.json", "--path", "/v2/nothing").ShouldBe((2, "", "sluice: /v2/nothing is no path of the gateway\n"));
        _cli.Run("explain", "-r", "lost.json", "--format", "gemini-generate").ShouldBe((2, "", "sluice: the path of this format names the model; give it with --model\n"));
    }
}
