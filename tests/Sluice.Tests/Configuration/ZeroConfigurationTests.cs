using Sluice.Configuration;

namespace Sluice.Tests.Configuration;

/// <summary>What is served where nothing is configured.</summary>
public sealed class ZeroConfigurationTests : IDisposable
{
    private readonly ConfigurationFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Load_NothingAtAll_TriesOllamaOnly()
    {
        var config = Load();

        var ollama = config.Providers.ShouldHaveSingleItem().Value;
        ollama.ShouldSatisfyAllConditions(o => o.Type.ShouldBe("ollama"), o => o.OnlyIfReachable.ShouldBeTrue(), o => o.BaseUrl.ShouldBe(new Uri("http://127.0.0.1:11434")));
    }

    [Theory]
    [InlineData("OPENAI_API_KEY", "openai")]
    [InlineData("ANTHROPIC_API_KEY", "anthropic")]
    [InlineData("GEMINI_API_KEY", "gemini")]
    [InlineData("GOOGLE_API_KEY", "gemini")]
    [InlineData("GROQ_API_KEY", "groq")]
    [InlineData("MISTRAL_API_KEY", "mistral")]
    [InlineData("COHERE_API_KEY", "cohere")]
    [InlineData("CO_API_KEY", "cohere")]
    [InlineData("OPENROUTER_API_KEY", "openrouter")]
    [InlineData("DEEPSEEK_API_KEY", "deepseek")]
    [InlineData("XAI_API_KEY", "xai")]
    [InlineData("CEREBRAS_API_KEY", "cerebras")]
    [InlineData("DEEPINFRA_API_KEY", "deepinfra")]
    [InlineData("VOYAGE_API_KEY", "voyage")]
    public void Load_WellKnownVariable_MakesItsProvider(string variable, string provider)
    {
        folder.Set(variable, "k");
        var made = Load().Providers[provider];

        made.Type.ShouldBe(provider);
        made.ApiKeys.ShouldHaveSingleItem().Value.Reveal().ShouldBe("k");
        made.BaseUrl.ShouldBeNull();
        made.OnlyIfReachable.ShouldBeFalse();
    }

    [Theory]
    [InlineData("OPENAI_API_KEY", "OPENAI_BASE_URL", "openai")]
    [InlineData("ANTHROPIC_API_KEY", "ANTHROPIC_BASE_URL", "anthropic")]
    [InlineData("GEMINI_API_KEY", "GEMINI_BASE_URL", "gemini")]
    [InlineData("GOOGLE_API_KEY", "GOOGLE_GEMINI_BASE_URL", "gemini")]
    [InlineData("AZURE_OPENAI_API_KEY", "AZURE_OPENAI_ENDPOINT", "azure")]
    public void Load_AddressVariable_IsHonoured(string key, string address, string provider)
    {
        folder.Set(key, "k").Set(address, "http://127.0.0.1:9999/x");
        Load().Providers[provider].BaseUrl.ShouldBe(new Uri("http://127.0.0.1:9999/x"));
    }

    [Fact]
    public void Load_EmptyVariable_CountsAsAbsent()
    {
        folder.Set("OPENAI_API_KEY", " ").Set("GEMINI_API_KEY", "").Set("GOOGLE_API_KEY", "g");
        Load().Providers.Keys.ShouldBe(["gemini", "ollama"]);
    }

    [Fact]
    public void Load_AzureWithoutItsEndpoint_IsLeftOutWithAWarning()
    {
        var result = folder.Set("AZURE_OPENAI_API_KEY", "k").Load();
        result.Config!.Providers.Keys.ShouldBe(["ollama"]);
        result.Warnings.ShouldHaveSingleItem().ToString().ShouldBe("environment AZURE_OPENAI_API_KEY: warning: no azure provider: AZURE_OPENAI_ENDPOINT is not set");
    }

    // Whoever points the SDKs of a whole shell at Sluice must be able to start Sluice from that shell.
    [Theory]
    [InlineData("http://localhost:4000/v1", null)]
    [InlineData("http://127.0.0.1:5000", "127.0.0.1:5000")]
    public void Load_AddressOfSluiceItself_IsIgnored(string address, string? listen)
    {
        folder.Set("OPENAI_API_KEY", "k").Set("OPENAI_BASE_URL", address);
        if (listen is not null) folder.Set("SLUICE__server__listen", listen);
        var result = folder.Load();

        result.Config!.Providers["openai"].BaseUrl.ShouldBeNull();
        result.Warnings.ShouldHaveSingleItem().What.ShouldBe("ignored: it is the address of this gateway");
    }

    [Theory]
    [InlineData("0.0.0.0", "http://127.0.0.1:11434/")]
    [InlineData("0.0.0.0:8080", "http://127.0.0.1:8080/")]
    [InlineData(":8080", "http://127.0.0.1:8080/")]
    [InlineData("gpu-box", "http://gpu-box:11434/")]
    [InlineData("http://gpu-box", "http://gpu-box/")]
    [InlineData("https://gpu-box:8443/ollama/", "https://gpu-box:8443/ollama")]
    [InlineData("[::1]:8080", "http://[::1]:8080/")]
    public void Load_OllamaHost_IsReadAsOllamaReadsIt(string host, string address)
    {
        folder.Set("OLLAMA_HOST", host);
        Load().Providers["ollama"].BaseUrl!.AbsoluteUri.ShouldBe(address);
    }

    [Fact]
    public void Load_Overrides_ApplyWithoutAFile()
    {
        folder.Set("OPENAI_API_KEY", "k").Set("SLUICE__providers__openai__limits__rpm", "5").Set("SLUICE__models__fast", "openai/x");
        var config = Load();
        config.Providers["openai"].Limits.Rpm.ShouldBe(5);
        config.Routes["fast"].Targets.ShouldHaveSingleItem().ModelName.ShouldBe("x");
    }

    [Fact]
    public void Load_EmptyDefaultDirectory_IsNoConfiguration()
    {
        folder.Set("OPENAI_API_KEY", "k").Write("config/llms/other.yaml", "server: {}");
        Load().Providers.Keys.ShouldBe(["openai", "ollama"]);
    }

    private SluiceConfig Load()
    {
        var result = folder.Load();
        result.Faults.ShouldBeEmpty();
        result.Files.ShouldBeEmpty();
        return result.Config.ShouldNotBeNull();
    }
}
