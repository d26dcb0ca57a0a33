using System.Text;
using Sluice.Accounting;
using Sluice.Wire;

namespace Sluice.Tests.Accounting;

public sealed class BodyTokensTests
{
    private const string Prose = "The quick brown fox jumps over the lazy dog while the sun goes down behind the hills. ";

    [Theory]
    [InlineData("""{"model":"m","messages":[{"role":"user","content":"TEXT"}]}""")]
    [InlineData("""{"model":"m","input":"TEXT"}""")]
    [InlineData("""{"contents":[{"role":"user","parts":[{"text":"TEXT"}]}]}""")]
    [InlineData("""{"system":[{"type":"text","text":"TEXT","cache_control":{"type":"ephemeral"}}],"messages":[]}""")]
    public void Text_CountsAboutAToken_ForFourLetters_InEveryFormat(string body)
    {
        string text = string.Concat(Enumerable.Repeat(Prose, 20));

        Estimate(body.Replace("TEXT", text, StringComparison.Ordinal)).ShouldBeInRange(text.Length / 5, text.Length / 3);
    }

    [Theory]
    [InlineData("\u65e5\u672c\u8a9e\u306e\u6587\u7ae0", 0.6, 1.0)]
    [InlineData("\u041f\u0440\u0438\u0432\u0435\u0442", 0.35, 0.6)]
    [InlineData("hello", 0.2, 0.3)]
    public void Script_DecidesTheTokensOfALetter(string word, double least, double most)
    {
        string text = string.Concat(Enumerable.Repeat(word, 1000));

        ((double)Estimate($$"""{"input":"{{text}}"}""") / text.Length).ShouldBeInRange(least, most);
    }

    [Theory]
    [InlineData("\u65e5\u672c\u8a9e\u306e\u6587\u7ae0")]
    [InlineData("\u041f\u0440\u0438\u0432\u0435\u0442, \u043c\u0438\u0440")]
    [InlineData("caf\u00e9 \ud83d\ude00 \u0939\u093f\u0928\u094d\u0926\u0940")]
    public void LetterThatIsEscaped_CountsAsTheLetter(string word)
    {
        string text = string.Concat(Enumerable.Repeat(word, 500));
        string escaped = string.Concat(text.Select(c => c < '\x80' ? c.ToString() : $"\\u{(int)c:x4}"));

        ((double)Estimate($$"""{"input":"{{escaped}}"}""")).ShouldBe(Estimate($$"""{"input":"{{text}}"}"""), Estimate($$"""{"input":"{{text}}"}""") * 0.01);
        Estimate("""{"input":"a\\u00"}""").ShouldBeLessThan(8, "what is no escape harms nothing");
    }

    [Fact]
    public void LongText_CountedBySamples_ComesToTheSame()
    {
        long one = Estimate($$"""{"input":"{{string.Concat(Enumerable.Repeat(Prose, 300))}}"}""");

        long ten = Estimate($$"""{"input":"{{string.Concat(Enumerable.Repeat(Prose, 3000))}}"}""");

        ((double)ten).ShouldBe(one * 10, one * 0.2);
    }

    [Fact]
    public void Picture_CountsAsAPicture_WhateverItsBytes()
    {
        string picture = "iVBORw0" + new string('A', 1_000_000);

        long bytes = Estimate($$"""{"messages":[{"role":"user","content":[{"type":"image","source":{"type":"base64","media_type":"image/png","data":"{{picture}}"} }]}]}""");
        long url = Estimate($$"""{"messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"data:image/png;base64,{{picture}}"} }]}]}""");

        bytes.ShouldBeInRange(300, 2000);
        url.ShouldBe(bytes);
    }

    [Fact]
    public void Tools_CountBySize_AndWithTheVendorsPrompt()
    {
        const string Body = """{"messages":[],"tools":[{"name":"weather","description":"Tells the weather","input_schema":{"type":"object","properties":{"city":{"type":"string"}}}}]}""";

        Estimate(Body).ShouldBeInRange(25, 80);
        BodyTokens.Estimate(Encoding.UTF8.GetBytes(Body), WireFormatId.AnthropicMessages).ShouldBeInRange(400, 600);
    }

    [Fact]
    public void IdsAndSettings_CountNothing() =>
        Estimate("""{"model":"a-very-long-model-name-indeed","metadata":{"note":"this is a long note that no model reads"},"messages":[]}""").ShouldBeLessThan(6);

    private static long Estimate(string json) => BodyTokens.Estimate(Encoding.UTF8.GetBytes(json), WireFormatId.OpenAIChat);
}
