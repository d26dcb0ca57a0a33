using System.Text.Json.Nodes;
using Sluice.Chat;
using Sluice.Formats.AnthropicMessages;

namespace Sluice.Formats.Tests.AnthropicMessages;

/// <summary>What model families accept.</summary>
public sealed class AnthropicModelTests
{
    [Theory]
    [InlineData("claude-3-haiku-20240307", "None")]
    [InlineData("claude-3-5-sonnet-latest", "None")]
    [InlineData("claude-2.1", "None")]
    [InlineData("claude-3-7-sonnet-20250219", "Budget")]
    [InlineData("claude-sonnet-4-20250514", "Budget")]
    [InlineData("claude-opus-4-1-20250805", "Budget")]
    [InlineData("us.anthropic.claude-sonnet-4-5-20250929-v1:0", "Budget")]
    [InlineData("claude-haiku-4-5", "Budget")]
    [InlineData("anthropic/claude-opus-4.6", "Either")]
    [InlineData("claude-sonnet-4-6", "Either")]
    [InlineData("claude-opus-4-7", "Adaptive")]
    [InlineData("claude-sonnet-5", "Adaptive")]
    [InlineData("claude-haiku-5-5", "Adaptive")]
    [InlineData("claude-fable-5-1", "Adaptive")]
    [InlineData("claude-next-9", "Adaptive")]
    [InlineData("deepseek-chat", "Budget")]
    public void Of_AName_KnowsHowTheModelThinks(string model, string style) => AnthropicModelRules.Of(model).Thinking.ToString().ShouldBe(style);

    [Fact]
    public void Of_SameFamily_TellsVersionsApart()
    {
        AnthropicModelRules.Of("claude-opus-5").CanDisableThinking.ShouldBeTrue();
        AnthropicModelRules.Of("claude-opus-5-5").CanDisableThinking.ShouldBeFalse();
        AnthropicModelRules.Of("claude-opus-4-7").TakesSystemInPlace.ShouldBeFalse();
        AnthropicModelRules.Of("claude-opus-4-8").TakesSystemInPlace.ShouldBeTrue();
        AnthropicModelRules.Of("claude-opus-4-20250514").HasStructuredOutput.ShouldBeFalse();
        AnthropicModelRules.Of("claude-opus-4-5-20251101").Efforts.ShouldBe(["low", "medium", "high"]);
    }

    [Fact]
    public void Thinking_ByEffortOnABudgetModel_SharesTheLimit()
    {
        var (body, losses) = Encode("claude-sonnet-4-5", new ReasoningOptions { Effort = "medium" }, maxTokens: 8000);
        body["thinking"]!.ToJsonString().ShouldBe("""{"type":"enabled","budget_tokens":4000}""");
        body["max_tokens"]!.GetValue<long>().ShouldBe(8000);
        losses.ShouldBeEmpty();
    }

    [Fact]
    public void Thinking_ByBudgetAboveTheLimit_RaisesTheLimitAndReportsIt()
    {
        var (body, losses) = Encode("claude-sonnet-4-5", new ReasoningOptions { BudgetTokens = 2000 }, maxTokens: 500);
        body["thinking"]!["budget_tokens"]!.GetValue<long>().ShouldBe(2000);
        body["max_tokens"]!.GetValue<long>().ShouldBe(2500);
        losses.ShouldBe(["max_tokens"]);
    }

    [Fact]
    public void Thinking_WithoutALimit_LeavesRoomForTheAnswer()
    {
        var (body, losses) = Encode("claude-3-7-sonnet-latest", new ReasoningOptions { Effort = "low" });
        body["max_tokens"]!.GetValue<long>().ShouldBe(body["thinking"]!["budget_tokens"]!.GetValue<long>() + 4096);
        losses.ShouldBeEmpty();
    }

    [Fact]
    public void Thinking_OnAnAdaptiveModel_IsAnEffort()
    {
        var (body, losses) = Encode("claude-opus-5", new ReasoningOptions { Effort = "minimal", IncludeText = true }, maxTokens: 100);
        body["thinking"]!.ToJsonString().ShouldBe("""{"type":"adaptive","display":"summarized"}""");
        body["output_config"]!.ToJsonString().ShouldBe("""{"effort":"low"}""");
        losses.ShouldBe(["reasoning.effort"]);
    }

    [Fact]
    public void Thinking_BudgetOnAnAdaptiveModel_BecomesAnEffortAndIsReported()
    {
        var (body, losses) = Encode("claude-opus-4-7", new ReasoningOptions { BudgetTokens = 8000 });
        body["output_config"]!["effort"]!.GetValue<string>().ShouldBe("medium");
        losses.ShouldBe(["reasoning.budget_tokens"]);
    }

    [Fact]
    public void Thinking_Off_IsSaidWhereItCanBe()
    {
        Encode("claude-sonnet-5", new ReasoningOptions { Effort = "none" }).Body["thinking"]!.ToJsonString().ShouldBe("""{"type":"disabled"}""");
        var (body, losses) = Encode("claude-sonnet-5-5", new ReasoningOptions { Enabled = false });
        body.ContainsKey("thinking").ShouldBeFalse();
        losses.ShouldBe(["reasoning"]);
        Encode("claude-3-5-haiku-latest", new ReasoningOptions { Enabled = false }).Losses.ShouldBeEmpty();
    }

    [Fact]
    public void Thinking_OnAModelThatCannot_IsReported() => Encode("claude-3-5-haiku-latest", new ReasoningOptions { Effort = "high" }).Losses.ShouldBe(["reasoning"]);

    [Fact]
    public void Thinking_LimitsSamplingAndForcedTools()
    {
        var request = new ChatRequest
        {
            Model = "m", Messages = [new ChatMessage(Role.User, [new TextPart("q")])], Tools = [new FunctionTool("f")], ToolChoice = ToolChoice.Required,
            Temperature = 0.2, TopP = 0.5, TopK = 4, Reasoning = new ReasoningOptions { Effort = "low" },
        };
        var context = AnthropicKit.Context("claude-sonnet-4-5", request);
        var body = JsonNode.Parse(AnthropicKit.Write(request, context))!.AsObject();
        foreach (string gone in (string[])["temperature", "top_p", "top_k"]) body.ContainsKey(gone).ShouldBeFalse();
        body["tool_choice"]!["type"]!.GetValue<string>().ShouldBe("auto");
        context.Losses.Losses.Select(l => l.Path).ShouldBe(["temperature", "top_p", "top_k", "tool_choice"]);
    }

    [Fact]
    public void Sampling_OnAModelWithFixedSampling_IsReported()
    {
        var request = new ChatRequest { Model = "m", Messages = [new ChatMessage(Role.User, [new TextPart("q")])], Temperature = 0.2, TopP = 0.5, TopK = 4 };
        var context = AnthropicKit.Context("claude-opus-4-8", request);
        AnthropicKit.Write(request, context);
        context.Losses.Losses.Select(l => l.Path).ShouldBe(["temperature", "top_p", "top_k"]);
    }

    [Fact]
    public void AnswerSchema_OnAnOldModel_IsReported()
    {
        var request = new ChatRequest { Model = "m", Messages = [new ChatMessage(Role.User, [new TextPart("q")])], AnswerFormat = new AnswerFormat("json_schema") { Schema = Sluice.Wire.RawJson.FromText("{}") } };
        var context = AnthropicKit.Context("claude-3-7-sonnet-latest", request);
        AnthropicKit.Write(request, context);
        context.Losses.Losses.Select(l => l.Path).ShouldBe(["answer_format"]);
    }

    private static (JsonObject Body, string[] Losses) Encode(string model, ReasoningOptions reasoning, long? maxTokens = null)
    {
        var request = new ChatRequest { Model = "m", Messages = [new ChatMessage(Role.User, [new TextPart("q")])], Reasoning = reasoning, MaxTokens = maxTokens };
        var context = AnthropicKit.Context(model, request);
        var body = JsonNode.Parse(AnthropicKit.Write(request, context))!.AsObject();
        return (body, [.. context.Losses.Losses.Select(l => l.Path)]);
    }
}
