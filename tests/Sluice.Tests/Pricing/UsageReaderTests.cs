using System.Text.Json;
using Sluice.Pricing;

namespace Sluice.Tests.Pricing;

public sealed class UsageReaderTests
{
    [Theory]
    [InlineData("openai-chat", "openai", """{"prompt_tokens":9,"completion_tokens":4,"completion_tokens_details":{"reasoning_tokens":3}}""", 9, 4)]
    [InlineData("openai-chat", "xai", """{"prompt_tokens":9,"completion_tokens":4,"completion_tokens_details":{"reasoning_tokens":3}}""", 9, 7)]
    [InlineData("openai-chat", "perplexity", """{"prompt_tokens":9,"completion_tokens":4,"reasoning_tokens":3,"citation_tokens":2}""", 9, 9)]
    [InlineData("anthropic-messages", "anthropic", """{"input_tokens":1,"cache_read_input_tokens":2,"cache_creation":{"ephemeral_5m_input_tokens":3,"ephemeral_1h_input_tokens":4},"output_tokens":5}""", 10, 5)]
    [InlineData("gemini-generate", "gemini", """{"promptTokenCount":5,"toolUsePromptTokenCount":2,"thoughtsTokenCount":3}""", 7, 3)]
    [InlineData("cohere-chat", "cohere", """{"billed_units":{"input_tokens":110.0,"output_tokens":90.0}}""", 110, 90)]
    [InlineData("ollama-chat", "ollama", """{"eval_count":3}""", null, 3)]
    [InlineData("bedrock-converse", "bedrock", """{"inputTokens":1,"outputTokens":2,"cacheReadInputTokens":3,"cacheWriteInputTokens":4}""", 8, 2)]
    [InlineData("openai.chat", "openai", """{"prompt_tokens":null,"completion_tokens":"4","prompt_tokens_details":null}""", null, null)]
    public void Read_WireFormat_CountsByTheProvidersNesting(string format, string provider, string json, int? input, int? output)
    {
        var usage = UsageReader.Read(format, provider, JsonDocument.Parse(json).RootElement).ShouldNotBeNull().Usage;

        (usage.InputTokens, usage.OutputTokens).ShouldBe((input, output));
        usage.Raw.ToString().ShouldBe(json);
    }

    [Theory]
    [InlineData("smoke-signals", "{}")]
    [InlineData("openai.chat", "null")]
    [InlineData("openai.chat", "[]")]
    public void Read_UnknownFormatOrNoObject_IsNothing(string format, string json) =>
        UsageReader.Read(format, "openai", JsonDocument.Parse(json).RootElement).ShouldBeNull();

    [Fact]
    public void Read_Anthropic_TellsTierAndModifiers()
    {
        var read = UsageReader.Read("anthropic.messages", "anthropic", JsonDocument.Parse("""{"input_tokens":1,"output_tokens":1,"service_tier":"batch","speed":"fast","inference_geo":"us"}""").RootElement)!;

        read.ServiceTier.ShouldBe("batch");
        read.Modifiers.ShouldBe(new Dictionary<string, string> { ["speed"] = "fast", ["inference_geo"] = "us" });
    }
}
