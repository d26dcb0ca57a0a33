using System.Text.Json;

namespace Sluice.Cli.Tests.Commands;

public sealed class CatalogCommandTests : IDisposable
{
    private const string LiteLlm = """
        {
          "sample_spec": { "litellm_provider": "one of them" },
          "gpt-5.4": {
            "litellm_provider": "openai", "mode": "chat", "max_input_tokens": 1050000, "max_output_tokens": 128000,
            "input_cost_per_token": 2.6e-06, "output_cost_per_token": 1.5e-05, "cache_read_input_token_cost": 2.5e-07,
            "input_cost_per_token_above_272k_tokens": 5e-06, "input_cost_per_token_batches": 1.3e-06, "output_cost_per_token_batches": 7.5e-06,
            "supports_vision": true, "supports_function_calling": true
          },
          "groq/brand-new": { "litellm_provider": "groq", "mode": "chat", "input_cost_per_token": 1.1e-07, "output_cost_per_token": 0.0000002 },
          "whisper-9": { "litellm_provider": "openai", "mode": "audio_transcription", "input_cost_per_second": 0.0001 },
          "perplexity/sonar": { "litellm_provider": "perplexity", "mode": "chat", "input_cost_per_token": 1e-06, "output_cost_per_token": 1e-06, "search_context_cost_per_query": { "search_context_size_low": 0.005, "search_context_size_high": 0.012 } },
          "rerank-9": { "litellm_provider": "cohere", "mode": "rerank", "input_cost_per_token": 0.0, "input_cost_per_query": 0.002 },
          "gemini/gemini-2.5-pro": { "litellm_provider": "gemini", "mode": "chat", "supported_modalities": ["text", "audio"], "input_cost_per_token": 1e-06, "output_cost_per_token": 1e-05, "search_context_cost_per_query": { "search_context_size_medium": 0.035 } },
          "dashscope/qwen": { "litellm_provider": "dashscope", "mode": "chat", "tiered_pricing": [ { "range": [0, 1000], "input_cost_per_token": 1e-06 } ] },
          "bedrock/us-gov-east-1/anthropic.claude-9": { "litellm_provider": "bedrock", "mode": "chat", "input_cost_per_token": 3e-06 },
          "us.anthropic.claude-9-v1:0": { "litellm_provider": "bedrock_converse", "mode": "chat", "input_cost_per_token": 3.3e-06, "output_cost_per_token": 1.65e-05, "cache_creation_input_token_cost_above_1hr": 6.6e-06, "cache_creation_input_token_cost_above_1hr_above_200k_tokens": 1.32e-05 },
          "voyage/voyage-9": { "litellm_provider": "voyage", "mode": "embedding", "max_tokens": 32000, "input_cost_per_token": 6e-08, "output_cost_per_token": 0.0 },
          "orphan": { "mode": "chat" }
        }
        """;

    private readonly CliProcess _cli = new();

    public void Dispose() => _cli.Dispose();

    [Fact]
    public void List_AsJson_HoldsOnlyWhatIsAskedFor()
    {
        var models = Json("catalog", "list", "--provider", "gemini", "--capability", "audio", "--kind", "chat").EnumerateArray().ToList();

        models.ShouldNotBeEmpty();
        models.ShouldAllBe(m => m.GetProperty("provider").GetString() == "google" && m.GetProperty("status").GetString() != "retired");
        models.ShouldAllBe(m => m.GetProperty("input").EnumerateArray().Any(i => i.GetString() == "audio"));
    }

    [Theory]
    [InlineData("items:\n  - id: deepseek/", "catalog", "list", "--provider", "deepseek", "--output", "yaml")]
    [InlineData("id: openai/gpt-5.4\n", "catalog", "show", "gpt-5.4", "--output", "yaml")]
    [InlineData("cost_usd: \"0.0012\"\n", "cost", "estimate", "-m", "openai/gpt-4.1-mini", "--input-tokens", "1000", "--output-tokens", "500", "--at", "2026-11-15T12:00:00Z", "--output", "yaml")]
    public void Listing_AsYaml_IsTheJsonInYaml(string begins, params string[] line)
    {
        var (code, output, error) = _cli.Run(line);
        (code, error).ShouldBe((0, ""));
        output.ShouldStartWith(begins);
    }

    [Fact]
    public void List_UnknownProvider_NamesThoseThereAre()
    {
        var (code, _, error) = _cli.Run("catalog", "list", "--provider", "nobody");

        code.ShouldBe(2);
        error.ShouldContain("it has anthropic, azure");
    }

    [Fact]
    public void Show_Model_TellsPricesRulesAndSources()
    {
        var model = Json("catalog", "show", "openai/gpt-5.6-luna");

        model.GetProperty("prices")[1].GetProperty("tokens").GetProperty("input").GetString().ShouldBe("0.2");
        model.GetProperty("prices")[1].GetProperty("from_272000_input_tokens").GetProperty("output").GetString().ShouldBe("1.8");
        model.GetProperty("tiers").GetProperty("batch").GetString().ShouldBe("x0.5");
        model.GetProperty("parameter_rules").EnumerateArray().Select(r => r.GetProperty("id").GetString()).ShouldContain("openai-output-limit");
        model.GetProperty("sources").GetProperty("prices")[0].GetString()!.ShouldContain("2026-09-23");
        _cli.Run("catalog", "show", "claude-sonnet-5").Output.ShouldContain("context window           1,000,000 tokens");
        _cli.Run("catalog", "show", "nothing-of-the-kind").Code.ShouldBe(2);
    }

    [Fact]
    public void Import_LiteLlmPrices_BecomesAFileThatIsUsed()
    {
        _cli.Write("litellm.json", LiteLlm);

        var (code, _, error) = _cli.Run("catalog", "import", "litellm.json", "--write", "prices.json");

        code.ShouldBe(0);
        error.ShouldContain("whisper-9: input_cost_per_second has no counterpart");
        error.ShouldContain("orphan: it names no litellm_provider");
        Estimate("openai/gpt-5.4", "1000").ShouldBe("0.0026");
        Estimate("openai/gpt-5.4", "1000000").ShouldBe("5");
        Estimate("openai/gpt-5.4", "1000", "--service-tier", "batch").ShouldBe("0.0013");
        Estimate("groq/brand-new", "1000000").ShouldBe("0.11");
        _cli.Run("catalog", "import", "litellm.json", "--write", "prices.json").Code.ShouldBe(1); // overwrites nothing
    }

    [Fact]
    public void Import_WhatHasACounterpart_IsTakenOver_AndTheRestIsTold()
    {
        _cli.Write("litellm.json", LiteLlm);

        var (code, output, error) = _cli.Run("catalog", "import", "litellm.json");

        code.ShouldBe(0);
        var models = JsonDocument.Parse(output).RootElement.EnumerateArray().SelectMany(f => f.GetProperty("models").EnumerateArray()).ToDictionary(m => Text(m, "id")!);
        Calls("sonar").ShouldBe("""{"request":{"low":"5","high":"12"}}""");
        Calls("rerank-9").ShouldBe("""{"search":"2"}""");
        Calls("gemini-2.5-pro").ShouldBe("""{"web_search":{"once":"35"}}""");
        models["gemini-2.5-pro"].GetProperty("in").GetRawText().ShouldBe("""["text","audio"]""");
        models["us.anthropic.claude-9-v1:0"].GetProperty("prices")[0].GetProperty("long").GetRawText().ShouldBe("""[{"from_input":200001,"tokens":{"input":"3.3","cache_write_1h":"13.2","output":"16.5"}}]""");
        models["voyage-9"].TryGetProperty("max_output", out _).ShouldBeFalse();
        models["qwen"].GetProperty("prices").GetArrayLength().ShouldBe(0);
        error.ShouldContain("qwen: tiered_pricing has no counterpart");
        error.ShouldContain("us-gov-east-1/anthropic.claude-9: a price of one region has no counterpart");
        error.ShouldNotContain("sonar");

        string Calls(string id) => models[id].GetProperty("prices")[0].GetProperty("calls").GetRawText();
    }

    [Fact]
    public void Import_ProviderThatIsNotInTheFile_NamesThoseThatAre()
    {
        _cli.Write("litellm.json", LiteLlm);

        _cli.Run("catalog", "import", "litellm.json", "--provider", "nobody").Error.ShouldContain("it has no models of 'nobody'; it has those of bedrock, cohere");
    }

    [Fact]
    public void List_VendorWithoutBuiltInPrices_SaysHowToHaveThem()
    {
        var (code, output, error) = _cli.Run("catalog", "list", "--provider", "bedrock");

        (code, output).ShouldBe((0, ""));
        error.ShouldContain("no prices of bedrock are built in");
    }

    [Fact]
    public void Diff_File_TellsWhatItWouldChange()
    {
        _cli.Write("litellm.json", LiteLlm);

        var differences = Json("catalog", "diff", "litellm.json").EnumerateArray().Select(d => (Text(d, "model"), Text(d, "member"), Text(d, "before"), Text(d, "after"))).ToList();

        differences.ShouldContain(("openai/gpt-5.4", "prices.input", "2.5", "2.6"));
        differences.ShouldContain(("openai/gpt-5.4", "prices.from_272001.output", null, "15"));
        differences.ShouldContain(("openai/gpt-5.4", "tiers.batch.input", null, "1.3"));
        differences.ShouldContain(("google/gemini-2.5-pro", "prices.input", "1.25", "1"));
        differences.ShouldNotContain(d => d.Item2 == "calls.web_search.once");
        differences.ShouldContain(("groq/brand-new", null, null, "new"));
        differences.ShouldNotContain(d => d.Item2 == "prices.output");
    }

    [Theory]
    [InlineData("{", ":1:")]
    [InlineData("[]{}", ":1:")]
    [InlineData("""{ "a": { "mode": "chat" } }""", "no model was found")]
    [InlineData("""{ "provider": "x", "models": [ { "id": "a", "prices": "free" } ] }""", "prices: a list is needed")]
    public void Diff_FaultyFile_SaysWhatIsWrong(string text, string fault)
    {
        _cli.Write("other.json", text);

        var (code, _, error) = _cli.Run("catalog", "diff", "other.json");

        code.ShouldBe(1);
        error.ShouldStartWith("other.json");
        error.ShouldContain(fault);
    }

    private string? Estimate(string model, string input, params string[] more) =>
        JsonDocument.Parse(_cli.Run(["cost", "estimate", "--catalog", "prices.json", "-m", model, "--input-tokens", input, .. more]).Output).RootElement.GetProperty("cost_usd").GetString();

    private JsonElement Json(params string[] args)
    {
        var (code, output, error) = _cli.Run([.. args, "--output", "json"]);
        code.ShouldBe(0, error);
        return JsonDocument.Parse(output).RootElement;
    }

    private static string? Text(JsonElement json, string name) => json.GetProperty(name).GetString();
}
