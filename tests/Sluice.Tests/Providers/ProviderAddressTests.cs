using Sluice.Providers;
using Sluice.Wire;

namespace Sluice.Tests.Providers;

public sealed class ProviderAddressTests
{
    [Theory]
    // As people write it: with and without the version, with a slash, with the whole path.
    [InlineData("openai", null, "https://api.openai.com/v1/chat/completions")]
    [InlineData("openai", "https://api.openai.com", "https://api.openai.com/v1/chat/completions")]
    [InlineData("openai", "https://api.openai.com/", "https://api.openai.com/v1/chat/completions")]
    [InlineData("openai", "https://api.openai.com/v1", "https://api.openai.com/v1/chat/completions")]
    [InlineData("openai", "https://api.openai.com/v1/", "https://api.openai.com/v1/chat/completions")]
    [InlineData("openai", "https://api.openai.com/v1/chat/completions", "https://api.openai.com/v1/chat/completions")]
    [InlineData("openai", "http://127.0.0.1:9000/openai/v1", "http://127.0.0.1:9000/openai/v1/chat/completions")]
    [InlineData("openai", "http://127.0.0.1:9000/openai", "http://127.0.0.1:9000/openai/v1/chat/completions")]
    [InlineData("openai-responses", "http://127.0.0.1:9000/openai/v1", "http://127.0.0.1:9000/openai/v1/responses")]
    [InlineData("anthropic", null, "https://api.anthropic.com/v1/messages")]
    [InlineData("anthropic", "https://api.anthropic.com/v1", "https://api.anthropic.com/v1/messages")]
    [InlineData("anthropic", "http://127.0.0.1:9000/anthropic", "http://127.0.0.1:9000/anthropic/v1/messages")]
    [InlineData("anthropic-compatible", "https://api.deepseek.com/anthropic", "https://api.deepseek.com/anthropic/v1/messages")]
    [InlineData("anthropic-compatible", "https://h.example/v1/messages", "https://h.example/v1/messages")]
    [InlineData("gemini", null, "https://generativelanguage.googleapis.com/v1beta/models/m:generateContent")]
    [InlineData("gemini", "https://generativelanguage.googleapis.com/v1beta", "https://generativelanguage.googleapis.com/v1beta/models/m:generateContent")]
    [InlineData("gemini", "https://generativelanguage.googleapis.com/v1alpha", "https://generativelanguage.googleapis.com/v1alpha/models/m:generateContent")]
    [InlineData("gemini", "http://127.0.0.1:9000/gemini", "http://127.0.0.1:9000/gemini/v1beta/models/m:generateContent")]
    [InlineData("ollama", null, "http://127.0.0.1:11434/api/chat")]
    [InlineData("ollama", "http://gpu.lan:11434/api", "http://gpu.lan:11434/api/chat")]
    [InlineData("ollama", "http://gpu.lan:11434/v1", "http://gpu.lan:11434/api/chat")]
    [InlineData("ollama", "http://127.0.0.1:9000/ollama", "http://127.0.0.1:9000/ollama/api/chat")]
    [InlineData("cohere", null, "https://api.cohere.com/v2/chat")]
    [InlineData("cohere", "https://api.cohere.com/v2", "https://api.cohere.com/v2/chat")]
    [InlineData("cohere", "http://127.0.0.1:9000/cohere", "http://127.0.0.1:9000/cohere/v2/chat")]
    [InlineData("mistral", "http://127.0.0.1:9000/mistral/v1", "http://127.0.0.1:9000/mistral/v1/chat/completions")]
    [InlineData("mistral", null, "https://api.mistral.ai/v1/chat/completions")]
    [InlineData("groq", "https://api.groq.com", "https://api.groq.com/openai/v1/chat/completions")]
    [InlineData("groq", "https://api.groq.com/openai/v1", "https://api.groq.com/openai/v1/chat/completions")]
    [InlineData("openrouter", "https://openrouter.ai/api/v1", "https://openrouter.ai/api/v1/chat/completions")]
    [InlineData("deepseek", null, "https://api.deepseek.com/chat/completions")]
    [InlineData("deepseek", "https://api.deepseek.com/v1", "https://api.deepseek.com/v1/chat/completions")]
    [InlineData("perplexity", null, "https://api.perplexity.ai/chat/completions")]
    [InlineData("fireworks", "https://api.fireworks.ai", "https://api.fireworks.ai/inference/v1/chat/completions")]
    [InlineData("deepinfra", null, "https://api.deepinfra.com/v1/openai/chat/completions")]
    [InlineData("deepinfra", "https://api.deepinfra.com", "https://api.deepinfra.com/v1/openai/chat/completions")]
    [InlineData("voyage", null, "https://api.voyageai.com/v1/embeddings")]
    [InlineData("voyage", "https://ai.mongodb.com/v1", "https://ai.mongodb.com/v1/embeddings")]
    [InlineData("cerebras", null, "https://api.cerebras.ai/v1/chat/completions")]
    [InlineData("cerebras", "https://api.cerebras.ai/v1", "https://api.cerebras.ai/v1/chat/completions")]
    [InlineData("openai-compatible", "https://api.z.ai/api/paas/v4", "https://api.z.ai/api/paas/v4/chat/completions")]
    [InlineData("openai-compatible", "https://generativelanguage.googleapis.com/v1beta/openai/", "https://generativelanguage.googleapis.com/v1beta/openai/chat/completions")]
    [InlineData("openai-compatible", "http://lab:8080", "http://lab:8080/v1/chat/completions")]
    [InlineData("azure", "https://r.openai.azure.com", "https://r.openai.azure.com/openai/deployments/m/chat/completions?api-version=2024-10-21")]
    [InlineData("azure", "https://r.openai.azure.com/openai", "https://r.openai.azure.com/openai/deployments/m/chat/completions?api-version=2024-10-21")]
    [InlineData("azure", "https://r.openai.azure.com/?api-version=2025-01-01", "https://r.openai.azure.com/openai/deployments/m/chat/completions?api-version=2025-01-01")]
    [InlineData("azure", "https://r.openai.azure.com/openai/deployments/fixed", "https://r.openai.azure.com/openai/deployments/fixed/chat/completions?api-version=2024-10-21")]
    [InlineData("azure", "https://r.openai.azure.com/openai/v1/", "https://r.openai.azure.com/openai/v1/chat/completions")]
    [InlineData("bedrock", null, "https://bedrock-runtime.us-east-1.amazonaws.com/model/m/converse")]
    [InlineData("vertex", null, "https://aiplatform.googleapis.com/v1/projects/{project}/locations/global/publishers/google/models/m:generateContent")]
    public void Of_BaseUrlAsPeopleWriteIt_GivesTheEndpoint(string type, string? baseUrl, string expected)
    {
        var vendor = Vendors.Get(type);

        var address = new ProviderAddress(vendor, baseUrl is null ? null : new Uri(baseUrl)).Of(vendor.PrimaryFormat, "m");

        Uri.UnescapeDataString(address.AbsoluteUri).ShouldBe(expected);
    }

    [Theory]
    [InlineData("gemini", "gemini-2.5-flash", "/v1beta/models/gemini-2.5-flash:streamGenerateContent?alt=sse")]
    [InlineData("gemini", "models/gemini-2.5-flash", "/v1beta/models/gemini-2.5-flash:streamGenerateContent?alt=sse")]
    [InlineData("gemini", "tunedModels/mine-7", "/v1beta/tunedModels/mine-7:streamGenerateContent?alt=sse")]
    [InlineData("bedrock", "us.amazon.nova-lite-v1:0", "/model/us.amazon.nova-lite-v1%3A0/converse-stream")]
    [InlineData("bedrock", "arn:aws:bedrock:us-east-1:0:p/x", "/model/arn%3Aaws%3Abedrock%3Aus-east-1%3A0%3Ap%2Fx/converse-stream")]
    [InlineData("openai", "any/model", "/v1/chat/completions")]
    public void Of_Model_IsEscapedWhereItMustBe(string type, string model, string expected)
    {
        var vendor = Vendors.Get(type);

        new ProviderAddress(vendor, null).Of(vendor.PrimaryFormat, model, EndpointKind.Stream).PathAndQuery.ShouldBe(expected);
    }

    [Theory]
    [InlineData("gemini-2.5-flash", "publishers/google/models/gemini-2.5-flash")]
    [InlineData("google/gemini-2.5-flash", "publishers/google/models/gemini-2.5-flash")]
    [InlineData("publishers/meta/models/llama-4", "publishers/meta/models/llama-4")]
    public void Of_VertexModel_StandsUnderItsPublisher(string model, string expected)
    {
        var variables = new Dictionary<string, string> { ["project"] = "p", ["location"] = "europe-west4" };

        var address = new ProviderAddress(Vendors.Get("vertex"), null, variables).Of(WireFormatId.GeminiGenerate, model);

        address.AbsoluteUri.ShouldBe($"https://europe-west4-aiplatform.googleapis.com/v1/projects/p/locations/europe-west4/{expected}:generateContent");
    }

    [Theory]
    [InlineData("openai", null, true)]
    [InlineData("openai", "https://api.openai.com/v1", true)]
    [InlineData("openai", "https://proxy.example/v1", false)]
    [InlineData("ollama", "http://localhost:11434", true)]
    [InlineData("ollama", "http://127.0.0.1:9000/ollama", false)]
    [InlineData("openai-compatible", "https://api.openai.com/v1", false)]
    [InlineData("azure", "https://r.openai.azure.com", true)]
    public void IsOwn_ByAddress_TellsTheVendorFromServersThatSpeakItsLanguage(string type, string? baseUrl, bool expected) =>
        new ProviderAddress(Vendors.Get(type), baseUrl is null ? null : new Uri(baseUrl)).IsOwn.ShouldBe(expected);

    [Fact]
    public void Models_NextPage_CarriesTheToken()
    {
        new ProviderAddress(Vendors.Get("gemini"), null).Models("a b")!.PathAndQuery.ShouldBe("/v1beta/models?pageSize=1000&pageToken=a%20b");
        new ProviderAddress(Vendors.Get("cohere"), new Uri("http://h/cohere")).Models()!.PathAndQuery.ShouldBe("/cohere/v1/models?page_size=1000");
        new ProviderAddress(Vendors.Get("bedrock"), null).Models()!.AbsoluteUri.ShouldBe("https://bedrock.us-east-1.amazonaws.com/foundation-models");
        new ProviderAddress(Vendors.Get("ollama"), new Uri("http://h:1/v1")).Models()!.AbsoluteUri.ShouldBe("http://h:1/api/tags");
        new ProviderAddress(Vendors.Get("perplexity"), null).Models().ShouldBeNull();
    }

    [Fact]
    public void Constructor_NoAddress_SaysWhatIsMissing() =>
        Should.Throw<ArgumentException>(() => new ProviderAddress(Vendors.Get("azure"), null)).Message.ShouldContain("needs a base_url");
}
