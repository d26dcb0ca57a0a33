using System.Text.Json;
using System.Text.Json.Nodes;

namespace Sluice.Simulator.Tests;

public sealed class SignatureTests
{
    [Theory]
    [InlineData("claude-signed", false)]
    [InlineData("claude", true)]
    public async Task Anthropic_FollowUp_NeedsItsOwnThinking(string model, bool required)
    {
        await using var simulated = await Simulated.StartAsync(new SimulatorOptions { RequireSignatures = required });
        var head = $$""" "model":"{{model}}","max_tokens":4000,"thinking":{"type":"enabled","budget_tokens":1024},"tools":{{Bodies.AnthropicTools}} """;
        var first = await simulated.SendAsync("/anthropic/v1/messages", $$"""{{{head}},"messages":[{"role":"user","content":"hi"}]}""");
        var content = JsonNode.Parse(first.GetProperty("content").GetRawText())!.AsArray();
        var id = content[^1]!["id"]!.GetValue<string>();

        await Next(content, 200);
        await Next([.. content.Skip(1).Select(block => block!.DeepClone())], 400, "Expected `thinking` or `redacted_thinking`, but found `text`");
        var changed = content.DeepClone().AsArray();
        changed[0]!["thinking"] = "Something else.";
        await Next(changed, 400, "messages.1.content.0: Invalid `signature` in `thinking` block");
        var foreign = content.DeepClone().AsArray();
        foreign[0]!["signature"] = "Rm9yZWlnbg==";
        await Next(foreign, 400, "Invalid `signature`");

        async Task Next(JsonArray blocks, int status, string? text = null)
        {
            var answer = await simulated.SendAsync("/anthropic/v1/messages", $$"""
                {{{head}},"messages":[{"role":"user","content":"hi"},{"role":"assistant","content":{{blocks.ToJsonString()}}},{"role":"user","content":[{"type":"tool_result","tool_use_id":"{{id}}","content":"ok"}]}]}
                """, status);
            if (text is not null)
                answer.GetProperty("error").GetProperty("message").GetString()!.ShouldContain(text);
        }
    }

    [Fact]
    public async Task Anthropic_OtherSeed_IsForeign()
    {
        await using var one = await Simulated.StartAsync(new SimulatorOptions { Seed = 1 });
        await using var two = await Simulated.StartAsync(new SimulatorOptions { Seed = 2 });
        const string Head = """ "model":"signed","max_tokens":4000,"thinking":{"type":"enabled","budget_tokens":1024} """;
        var first = await one.SendAsync("/anthropic/v1/messages", $$"""{{{Head}},"messages":[{"role":"user","content":"hi"}]}""");
        var body = $$"""{{{Head}},"messages":[{"role":"user","content":"hi"},{"role":"assistant","content":{{first.GetProperty("content")}}},{"role":"user","content":"more"}]}""";
        await one.SendAsync("/anthropic/v1/messages", body);
        await two.SendAsync("/anthropic/v1/messages", body, 400);
    }

    [Fact]
    public async Task Gemini_FollowUp_NeedsTheSignatureOfItsFirstCall()
    {
        await using var simulated = await Simulated.StartAsync();
        const string Path = "/gemini/v1beta/models/gemini-signed:generateContent";
        var first = await simulated.SendAsync(Path, Bodies.Gemini("several in Rome", $",\"tools\":{Bodies.GeminiTools}"));
        var parts = JsonNode.Parse(first.GetProperty("candidates")[0].GetProperty("content").GetProperty("parts").GetRawText())!.AsArray();
        parts[1]!.AsObject().ContainsKey("thoughtSignature").ShouldBeFalse();
        var signature = parts[0]!["thoughtSignature"]!.GetValue<string>();

        await Next(signature, 200);
        await Next(signature.Replace('+', '-').Replace('/', '_').TrimEnd('='), 200);
        await Next("skip_thought_signature_validator", 400, "Corrupted thought signature.");
        await Next(null, 400, "missing a thought_signature in functionCall parts");
        await Next("Rm9yZWlnbg==", 400, "Corrupted thought signature.");

        async Task Next(string? given, int status, string? text = null)
        {
            parts[0]!.AsObject().Remove("thoughtSignature");
            if (given is not null)
                parts[0]!["thoughtSignature"] = given;
            var answer = await simulated.SendAsync(Path, $$"""
                {"contents":[{"role":"user","parts":[{"text":"several in Rome"}]},{"role":"model","parts":{{parts.ToJsonString()}} },
                 {"role":"user","parts":[{"functionResponse":{"name":"get_weather","response":{"output":"hot"} } },{"functionResponse":{"name":"get_time","response":{"output":"noon"} } }]}]}
                """, status);
            if (text is not null)
                answer.GetProperty("error").GetProperty("message").GetString()!.ShouldContain(text);
        }
    }

    [Fact]
    public async Task Responses_FollowUp_NeedsItsReasoningItem()
    {
        await using var simulated = await Simulated.StartAsync();
        const string Path = "/openai/v1/responses";
        const string Head = """ "model":"gpt-signed","store":false,"include":["reasoning.encrypted_content"],"tools":[{"type":"function","name":"get_weather","parameters":""" + Bodies.Weather + "}]";
        var first = await simulated.SendAsync(Path, $$"""{{{Head}},"input":"weather"}""");
        var items = JsonNode.Parse(first.GetProperty("output").GetRawText())!.AsArray();
        var call = items[1]!["call_id"]!.GetValue<string>();

        await Next(items, 200);
        await Next([items[1]!.DeepClone()], 400, "without its required 'reasoning' item");
        var foreign = items.DeepClone().AsArray();
        foreign[0]!["encrypted_content"] = "gAAAAABforeignforeign";
        await Next(foreign, 400, "could not be verified");
        var bare = items.DeepClone().AsArray();
        bare[0]!.AsObject().Remove("encrypted_content");
        await Next(bare, 404, "Items are not persisted when `store` is set to false");

        async Task Next(JsonArray history, int status, string? text = null)
        {
            var answer = await simulated.SendAsync(Path, $$"""
                {{{Head}},"input":[{"role":"user","content":"weather"},{{string.Join(",", history.Select(item => item!.ToJsonString()))}},{"type":"function_call_output","call_id":"{{call}}","output":"hot"}]}
                """, status);
            if (text is not null)
                answer.GetProperty("error").GetProperty("message").GetString()!.ShouldContain(text);
        }
    }

    [Fact]
    public async Task Responses_Stored_NeedsNoPayload()
    {
        await using var simulated = await Simulated.StartAsync();
        var tools = $$"""[{"type":"function","name":"get_weather","parameters":{{Bodies.Weather}}}]""";
        var first = await simulated.SendAsync("/openai/v1/responses", $$"""{"model":"gpt-signed","tools":{{tools}},"input":"weather"}""");
        var call = first.GetProperty("output")[1].GetProperty("call_id").GetString();
        await simulated.SendAsync("/openai/v1/responses", $$"""{"model":"gpt-signed","tools":{{tools}},"previous_response_id":"{{first.GetProperty("id")}}","input":[{"type":"function_call_output","call_id":"{{call}}","output":"hot"}]}""");
    }

    [Theory]
    [InlineData("", 400)]
    [InlineData("""   "reasoning_content":"I thought.", """, 200)]
    public async Task DeepSeek_FollowUp_NeedsReasoningContent(string reasoning, int status)
    {
        await using var simulated = await Simulated.StartAsync();
        var answer = await simulated.SendAsync("/openai/v1/chat/completions", $$$"""
            {"model":"reasoner-signed","messages":[{"role":"user","content":"x"},{"role":"assistant",{{{reasoning}}}"content":"","tool_calls":[{"id":"a","type":"function","function":{"name":"f","arguments":"{}"}}]},{"role":"tool","tool_call_id":"a","content":"y"}]}
            """, status);
        answer.ToString().Contains("Missing `reasoning_content` field", StringComparison.Ordinal).ShouldBe(status == 400);
    }

    [Fact]
    public async Task Unsigned_ForeignReasoning_PassesWhereNothingIsRequired()
    {
        await using var simulated = await Simulated.StartAsync();
        var answer = await simulated.SendAsync("/anthropic/v1/messages", """
            {"model":"c","max_tokens":10,"messages":[{"role":"user","content":"x"},{"role":"assistant","content":[{"type":"thinking","thinking":"t","signature":"Rm9yZWlnbg=="},{"type":"text","text":"y"}]},{"role":"user","content":"z"}]}
            """);
        answer.GetProperty("type").ValueKind.ShouldBe(JsonValueKind.String);
    }
}
