using System.Text.Json;
using Sluice.TestKit;

namespace Sluice.Cli.Tests.Commands;

public sealed class CostCommandTests : IDisposable
{
    private readonly CliProcess _cli = new();

    public void Dispose() => _cli.Dispose();

    [Fact]
    public void Estimate_KnownModel_GivesOneJsonObject() =>
        _cli.Run("cost", "estimate", "-m", "openai/gpt-4.1-mini", "--input-tokens", "1000", "--output-tokens", "500", "--at", "2026-11-15T12:00:00Z").ShouldBe((0, "{\"cost_usd\":\"0.0012\"}\n", ""));

    [Theory]
    [InlineData("claude-sonnet-5", "0.02")] // a bare name
    [InlineData("gemini/gemini-2.5-flash", "0.0025")] // a type of the configuration
    [InlineData("ollama/whatever", "0")]
    public void Estimate_OtherWaysToNameAModel_AreUnderstood(string model, string expected)
    {
        var (code, output, _) = _cli.Run("cost", "estimate", "-m", model, "--output-tokens", model.StartsWith("gemini", StringComparison.Ordinal) ? "1000" : "2000", "--at", "2026-11-15T12:00:00Z");

        code.ShouldBe(0);
        JsonDocument.Parse(output).RootElement.GetProperty("cost_usd").GetString().ShouldBe(expected);
    }

    [Fact]
    public void Estimate_UnknownModel_IsNullAndNeverZero()
    {
        var (code, output, error) = _cli.Run("cost", "estimate", "-m", "no-such-model", "--input-tokens", "1");

        code.ShouldBe(2);
        output.ShouldBe("{\"cost_usd\":null}\n");
        error.ShouldContain("no model of the catalogue is called 'no-such-model'");
    }

    [Fact]
    public void Estimate_PriceOfTheConfiguration_Wins()
    {
        _cli.Write("sluice.yaml", "providers: { lab: { type: openai-compatible, base_url: \"http://lab:1\", price: { input: 0.10, output: 0.30 } } }\nmodels: { smart: { targets: [lab/big] } }\n");

        foreach (string name in (string[])["lab/big", "smart"])
        {
            _cli.Run("cost", "estimate", "-m", name, "--input-tokens", "1000000", "--output-tokens", "1000000").Output.ShouldBe("{\"cost_usd\":\"0.4\"}\n");
        }
    }

    [Fact]
    public void Estimate_FaultyConfigurationThatNobodyNamed_IsLeftAside()
    {
        _cli.Write("sluice.yaml", "nonsense: 1\n");

        var (code, output, error) = _cli.Run("cost", "estimate", "-m", "gpt-4.1-mini", "--input-tokens", "1000000");

        (code, output).ShouldBe((0, "{\"cost_usd\":\"0.4\"}\n"));
        error.ShouldContain("has faults");
        _cli.Run("cost", "estimate", "-m", "gpt-4.1-mini", "--input-tokens", "1", "--config", "sluice.yaml").Code.ShouldBe(3);
    }

    [Fact]
    public void Calculate_GoldenCases_GivesEachItsExactCost()
    {
        string file = Path.Combine(RepositoryPaths.Shared, "catalogue", "cost-cases.json");
        if (!File.Exists(file)) Assert.Skip("the golden cases are not beside this checkout");
        var cases = JsonDocument.Parse(File.ReadAllBytes(file)).RootElement.EnumerateArray().ToList();
        _cli.Write("usage.jsonl", string.Join('\n', cases.Select(c => JsonSerializer.Serialize(c))));

        var (code, output, error) = _cli.Run("cost", "calculate", "usage.jsonl");

        (code, error).ShouldBe((0, ""));
        var lines = output.TrimEnd().Split('\n');
        lines.ShouldBe(cases.Select(c => $$"""{"id":{{c.GetProperty("id").GetRawText()}},"cost_usd":{{c.GetProperty("expected_usd").GetRawText()}}}"""));
    }

    [Fact]
    public void Calculate_FaultyLines_AreToldByNumberAndTheRestIsPriced()
    {
        _cli.Write("usage.jsonl", """
            {"id":1,"provider":"openai","model":"gpt-4.1","at":"2026-11-15T12:00:00Z","format":"openai.chat","usage":{"prompt_tokens":1000,"completion_tokens":0}}

            not json
            {"id":"x","provider":"openai","model":"gpt-4.1","at":"2026-11-15T12:00:00Z","format":"smoke-signals","usage":{}}
            {"id":"y","provider":"openai","model":"gpt-4.1","at":"some day","format":"openai.chat","usage":{}}
            {"id":"z","provider":"openai","model":"gpt-4.1","at":"2026-11-15T12:00:00Z","format":"openai-chat","usage":null}
            """);

        var (code, output, error) = _cli.Run("cost", "calculate", "usage.jsonl");

        code.ShouldBe(1);
        output.ShouldBe("{\"id\":1,\"cost_usd\":\"0.002\"}\n{\"id\":null,\"cost_usd\":null}\n{\"id\":\"x\",\"cost_usd\":null}\n{\"id\":\"y\",\"cost_usd\":null}\n{\"id\":\"z\",\"cost_usd\":null}\n");
        error.ShouldContain("line 3: this is no JSON object");
        error.ShouldContain("line 4: the format 'smoke-signals' is not known; formats are openai.chat");
        error.ShouldContain("line 5: 'at' is no time");
        error.ShouldNotContain("line 6");
    }

    [Theory]
    [InlineData(""" "usage":{"prompt_tokens":-5} """, null)] // no count at all
    [InlineData(""" "usage":{"prompt_tokens":5},"tool_calls":{"web_search":"x"} """, "line 1: 'tool_calls.web_search' is no count")]
    [InlineData(""" "usage":{"prompt_tokens":5},"tool_calls":{"web_search":-1} """, "line 1: 'tool_calls.web_search' is no count")]
    [InlineData(""" "usage":{"prompt_tokens":5},"service_tier":7 """, "line 1: 'service_tier' is no text")]
    public void Calculate_WhatIsNoCount_MakesTheCostUnknown(string rest, string? fault)
    {
        _cli.Write("usage.jsonl", $$"""{"id":1,"provider":"openai","model":"gpt-4.1","at":"2026-11-15T12:00:00Z","format":"openai.chat",{{rest}}}""");

        var (code, output, error) = _cli.Run("cost", "calculate", "usage.jsonl");

        (code, output).ShouldBe((fault is null ? 0 : 1, "{\"id\":1,\"cost_usd\":null}\n"));
        if (fault is not null) error.ShouldContain(fault);
    }

    [Theory]
    [InlineData("say how many")]
    [InlineData("cannot be more", "--input-tokens", "10", "--cached-tokens", "20")]
    public void Estimate_CountsThatCannotBe_AreRefused(string fault, params string[] counts)
    {
        var (code, output, error) = _cli.Run(["cost", "estimate", "-m", "gpt-4.1", .. counts]);

        (code, output).ShouldBe((2, ""));
        error.ShouldContain(fault);
    }

    [Fact]
    public void Calculate_MissingFile_SaysSo()
    {
        var (code, output, error) = _cli.Run("cost", "calculate", "absent.jsonl");

        (code, output).ShouldBe((2, ""));
        error.ShouldContain("cannot read absent.jsonl");
    }
}
