using System.Text;
using System.Text.Json;
using Sluice.Chat;
using Sluice.Formats.Json;
using Sluice.Parameters;
using Sluice.Wire;

namespace Sluice.Tests.Parameters;

public sealed class ParameterRulesTests
{
    private static readonly ChatRequest Request = new() { Model = "x", Messages = [] };

    [Fact]
    public void All_EveryRule_NamesAVendorAReasonAndSomethingToDo()
    {
        ParameterRules.All.Select(r => r.Id).ShouldBeUnique();
        foreach (var rule in ParameterRules.All)
        {
            rule.Vendors.ShouldAllBe(v => Sluice.Providers.Vendors.Find(v) != null, rule.Id);
            rule.Models.ShouldNotBeEmpty(rule.Id);
            rule.Why.ShouldNotBeNullOrWhiteSpace();
            bool acts = rule.Drop.Count + rule.Rename.Count + rule.Clamp.Count + rule.Exclusive.Count + rule.Efforts.Count > 0 || rule.MaxStop is not null || rule.ToolsNeedEffortNone || rule.TakesCacheBreakpoints || rule.Thinking != ThinkingRule.None;
            acts.ShouldBeTrue(rule.Id);
        }
    }

    [Fact]
    public void All_EveryRule_StandsInTheDocumentation()
    {
        string page = File.ReadAllText(Path.Combine(Sluice.TestKit.RepositoryPaths.Root, "docs", "parameter-rules.md"));

        ParameterRules.All.Where(r => !page.Contains($"`{r.Id}`", StringComparison.Ordinal)).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("openai", "gpt-4.1")]
    [InlineData("openrouter", "openai/gpt-5")]
    [InlineData("openai-compatible", "o3")]
    [InlineData("ollama", "qwen3")]
    public void For_ModelThatTakesEverything_HasNothingToDoInOrdinaryBodies(string vendor, string model)
    {
        const string body = """{"model":"m","temperature":1.5,"max_tokens":5,"stop":["a","b"],"n":2,"presence_penalty":1}""";

        Native(vendor, model, "openai-chat", body).Body.ShouldBe(body);
    }

    [Theory]
    // The output limit has another name; where both stand, the newer one stays.
    [InlineData("openai", "gpt-5", "openai-chat", """{"model":"m","max_tokens":5, "x":1}""", """{"model":"m","max_completion_tokens":5, "x":1}""", "max_tokens")]
    [InlineData("azure", "o3-mini", "openai-chat", """{"max_tokens":5,"max_completion_tokens":6}""", """{"max_completion_tokens":6}""", "max_tokens")]
    // Reasoning models take no sampling but the default temperature.
    [InlineData("openai", "gpt-5", "openai-chat", """{"temperature":1,"top_p":0.5}""", """{"temperature":1}""", "top_p")]
    [InlineData("openai", "gpt-5-mini", "openai-chat", """{"temperature":1.0,"user":"u"}""", """{"temperature":1.0,"user":"u"}""", "")]
    [InlineData("openai", "o3", "openai-responses", """{"temperature":0.2,"input":"x"}""", """{"input":"x"}""", "temperature")]
    // They do while they are told not to reason.
    [InlineData("openai", "gpt-5.4", "openai-chat", """{"temperature":0.2}""", """{"temperature":0.2}""", "")]
    [InlineData("openai", "gpt-5.4", "openai-chat", """{"temperature":0.2,"reasoning_effort":"low"}""", """{"reasoning_effort":"low"}""", "temperature")]
    [InlineData("openai", "gpt-5.5", "openai-chat", """{"temperature":0.2}""", "{}", "temperature")]
    [InlineData("openai", "gpt-5.5", "openai-chat", """{"temperature":0.2,"reasoning_effort":"none"}""", """{"temperature":0.2,"reasoning_effort":"none"}""", "")]
    [InlineData("openai", "gpt-5.5", "openai-responses", """{"reasoning":{"effort":"none"},"temperature":0.2}""", """{"reasoning":{"effort":"none"},"temperature":0.2}""", "")]
    // Tools and reasoning do not go together in Chat Completions; with reasoning off, sampling is taken again.
    [InlineData("openai", "gpt-5.6-luna", "openai-chat", """{"tools":[{"type":"function"}],"temperature":0.2}""", """{"tools":[{"type":"function"}],"temperature":0.2,"reasoning_effort":"none"}""", "reasoning.effort")]
    [InlineData("openai", "gpt-5.6-luna", "openai-chat", """{"tools":[]}""", """{"tools":[]}""", "")]
    // Efforts that a model does not know.
    [InlineData("openai", "gpt-5", "openai-chat", """{"reasoning_effort":"none"}""", """{"reasoning_effort":"minimal"}""", "reasoning.effort")]
    [InlineData("openai", "gpt-5.1", "openai-responses", """{"reasoning":{"effort":"xhigh","summary":"auto"}}""", """{"reasoning":{"effort":"high","summary":"auto"}}""", "reasoning.effort")]
    [InlineData("xai", "grok-4.6", "openai-chat", """{"reasoning_effort":"none"}""", """{"reasoning_effort":"low"}""", "reasoning.effort")]
    [InlineData("groq", "qwen/qwen3-32b", "openai-chat", """{"reasoning_effort":"high"}""", """{"reasoning_effort":"default"}""", "reasoning.effort")]
    [InlineData("openai", "gpt-4.1", "openai-responses", """{"reasoning":{"effort":"low"},"input":"x"}""", """{"input":"x"}""", "reasoning.effort")]
    [InlineData("openai", "gpt-4.1", "openai-chat", """{"reasoning_effort":"low"}""", "{}", "reasoning.effort")]
    // Bounds.
    [InlineData("openai", "gpt-4.1", "openai-chat", """{"stop":["1","2","3","4","5"]}""", """{"stop":["1","2","3","4"]}""", "stop")]
    [InlineData("groq", "llama-3.1-8b-instant", "openai-chat", """{"n":1,"presence_penalty":0.5,"metadata":{"a":1}}""", """{"n":1}""", "presence_penalty,metadata")]
    [InlineData("groq", "llama-3.1-8b-instant", "openai-chat", """{"n":3,"logprobs":null}""", """{"logprobs":null}""", "n")]
    // Anthropic: clients that were written before the model.
    [InlineData("anthropic", "claude-opus-4-8", "anthropic-messages", """{"temperature":0.5,"top_p":0.99,"top_k":4}""", """{"top_p":0.99}""", "temperature,top_k")]
    [InlineData("anthropic", "claude-sonnet-4-5", "anthropic-messages", """{"temperature":0.5,"top_p":0.9}""", """{"temperature":0.5}""", "top_p")]
    [InlineData("anthropic", "claude-sonnet-4-5", "anthropic-messages", """{"temperature":0.5,"thinking":{"type":"enabled","budget_tokens":2000}}""", """{"thinking":{"type":"enabled","budget_tokens":2000}}""", "temperature")]
    [InlineData("anthropic", "claude-sonnet-5", "anthropic-messages", """{"thinking":{"type":"enabled","budget_tokens":10000}}""", """{"thinking":{"type":"adaptive"},"output_config":{"effort":"medium"}}""", "thinking")]
    [InlineData("anthropic", "claude-opus-5", "anthropic-messages", """{"thinking":{"type":"enabled","budget_tokens":1024},"output_config":{"format":{}}}""", """{"thinking":{"type":"adaptive"},"output_config":{"format":{},"effort":"low"}}""", "thinking")]
    [InlineData("anthropic", "claude-opus-5-5", "anthropic-messages", """{"thinking":{"type":"disabled"},"max_tokens":1}""", """{"max_tokens":1}""", "thinking")]
    // Gemini keeps its settings in an object of their own, in either spelling.
    [InlineData("gemini", "gemini-2.5-pro", "gemini-generate", """{"generationConfig":{"presencePenalty":1, "topK":3,"frequencyPenalty":2},"contents":[]}""", """{"generationConfig":{"topK":3},"contents":[]}""", "presence_penalty,frequency_penalty")]
    [InlineData("gemini", "gemini-2.5-pro", "gemini-generate", """{"generation_config":{"presence_penalty":1}}""", """{"generation_config":{}}""", "presence_penalty")]
    [InlineData("vertex", "gemini-2.5-pro", "gemini-generate", """{"generationConfig":{"presencePenalty":1}}""", """{"generationConfig":{"presencePenalty":1}}""", "")]
    public void ForBody_SameFormat_ChangesOnlyWhatWouldBeRefused(string vendor, string model, string format, string before, string after, string reported)
    {
        var (body, losses) = Native(vendor, model, format, before);

        body.ShouldBe(after);
        string.Join(',', losses.Losses.Select(l => l.Path)).ShouldBe(reported);
    }

    [Theory]
    [InlineData("openai", "gpt-5", "max_tokens", "5", "{}", "max_completion_tokens")]
    [InlineData("openai", "gpt-4.1", "max_tokens", "5", "{}", "max_tokens")]
    [InlineData("openai", "gpt-5", "temperature", "0.7", "{}", null)]
    [InlineData("openai", "gpt-5", "temperature", "1", "{}", "temperature")]
    [InlineData("openai", "gpt-5.4", "temperature", "0.7", "{}", "temperature")]
    [InlineData("openai", "gpt-5.4", "temperature", "0.7", """{"reasoning_effort":"low"}""", null)]
    [InlineData("openai", "gpt-5", "user", "\"u\"", "{}", "user")]
    public void NameOf_MemberThatIsAdded_FollowsTheRules(string vendor, string model, string name, string value, string body, string? expected)
    {
        var members = JsonMembers.Scan(Encoding.UTF8.GetBytes(body), out _)!;

        ParameterRules.For(vendor, model).ForBody(WireFormatId.OpenAIChat).NameOf(name, Encoding.UTF8.GetBytes(value), members).ShouldBe(expected);
    }

    [Fact]
    public void Apply_ReasoningModel_DropsSamplingAndSaysSo()
    {
        var losses = new LossReport();
        var request = Request with { Temperature = 0.2, TopP = 0.5, MaxTokens = 7, Seed = 3, LogitBias = RawJson.FromText("""{"50256":-100}"""), CandidateCount = 2, Stop = ["x"] };

        var applied = ParameterRules.Apply(request, "openai", "o4-mini", losses);

        applied.ShouldBe(Request with { MaxTokens = 7, Seed = 3, Stop = applied.Stop });
        applied.Stop.ShouldBeEmpty();
        losses.Losses.Select(l => (l.Path, l.Kind)).ShouldBe(
            [("temperature", LossKind.Dropped), ("top_p", LossKind.Dropped), ("logit_bias", LossKind.Dropped), ("stop", LossKind.Dropped), ("n", LossKind.Dropped)], ignoreOrder: true);
        losses.Losses.ShouldAllBe(l => l.Reason.Length > 10);
    }

    [Theory]
    [InlineData("openai", "gpt-5.4", null, null, 0.2)]
    [InlineData("openai", "gpt-5.4", "low", null, null)]
    [InlineData("openai", "gpt-5.5", null, null, null)]
    [InlineData("openai", "gpt-5.5", "none", null, 0.2)]
    [InlineData("openai", "gpt-5.4", null, 2000, null)] // a budget is a wish to reason
    [InlineData("deepseek", "deepseek-v4-pro", null, null, null)]
    [InlineData("deepseek", "deepseek-v4-pro", "none", null, 0.2)]
    public void Apply_SamplingWhileReasoning_DependsOnWhatTheRequestAsksFor(string vendor, string model, string? effort, int? budget, double? expected)
    {
        var request = Request with { Temperature = 0.2, Reasoning = effort is null && budget is null ? null : new ReasoningOptions { Effort = effort, BudgetTokens = budget } };

        ParameterRules.Apply(request, vendor, model, new LossReport()).Temperature.ShouldBe(expected);
    }

    [Theory]
    [InlineData("openai", "gpt-5", "none", "minimal")]
    [InlineData("openai", "gpt-5.1", "max", "high")]
    [InlineData("openai", "gpt-5.4", "minimal", "low")]
    [InlineData("openai", "gpt-5.6-sol", "minimal", "low")]
    [InlineData("xai", "grok-3-mini", "medium", "high")]
    [InlineData("groq", "openai/gpt-oss-120b", "none", "low")]
    [InlineData("openai", "gpt-5.2-chat-latest", "high", "medium")]
    public void Apply_EffortThatTheModelLacks_BecomesTheNearest(string vendor, string model, string asked, string expected)
    {
        var losses = new LossReport();

        var applied = ParameterRules.Apply(Request with { Reasoning = new ReasoningOptions { Effort = asked } }, vendor, model, losses);

        applied.Reasoning!.Effort.ShouldBe(expected);
        losses.Losses.Single().ShouldSatisfyAllConditions(l => l.Path.ShouldBe("reasoning.effort"), l => l.Kind.ShouldBe(LossKind.Changed), l => l.Reason.ShouldContain($"{asked} became {expected}"));
    }

    [Fact]
    public void Apply_ToolsWhereTheyNeedReasoningOff_TurnsItOffForThatFormatOnly()
    {
        var rules = ParameterRules.For("openai", "gpt-5.6-luna");
        var request = Request with { Tools = [new FunctionTool("f")], Reasoning = new ReasoningOptions { Effort = "high" } };

        rules.Apply(request, new LossReport(), WireFormatId.OpenAIChat).Reasoning!.Wanted.ShouldBe(false);
        rules.Apply(request, new LossReport(), WireFormatId.OpenAIResponses).Reasoning!.Effort.ShouldBe("high");
        rules.Apply(request with { Tools = [] }, new LossReport(), WireFormatId.OpenAIChat).Reasoning!.Effort.ShouldBe("high");
    }

    [Fact]
    public void Apply_OutOfRange_IsClampedAndReported()
    {
        var losses = new LossReport();

        var applied = ParameterRules.Apply(Request with { Temperature = 3, Stop = ["1", "2", "3", "4", "5"] }, "openai", "gpt-4.1", losses);

        applied.Temperature.ShouldBe(2);
        applied.Stop.ShouldBe(["1", "2", "3", "4"]);
        losses.Losses.Select(l => l.Path).ShouldBe(["stop", "temperature"]);
    }

    [Fact]
    public void Apply_NothingToChange_GivesTheSameObject()
    {
        var losses = new LossReport();

        ParameterRules.Apply(Request, "openai", "gpt-5", losses).ShouldBeSameAs(Request);
        losses.IsEmpty.ShouldBeTrue();
        ParameterRules.For("openai-compatible", "x").ShouldBeSameAs(ModelParameterRules.None);
    }

    private static (string Body, LossReport Losses) Native(string vendor, string model, string format, string body)
    {
        var members = JsonMembers.Scan(Encoding.UTF8.GetBytes(body), out _)!;
        var edits = new JsonEdits(members);
        var losses = ParameterRules.For(vendor, model).ForBody(new WireFormatId(format)).Apply(members, edits) ?? new LossReport();
        if (edits.IsEmpty) return (body, losses);
        var output = new System.Buffers.ArrayBufferWriter<byte>();
        edits.Apply(output);
        string edited = Encoding.UTF8.GetString(output.WrittenSpan);
        JsonDocument.Parse(edited);
        return (edited, losses);
    }
}
