using System.Net.Http.Headers;

namespace Sluice.Simulator.Tests;

public sealed class AccessTests
{
    /// <summary>Statuses of the vendors for no key, a wrong, a limited and a forbidden one; Gemini and Ollama have their own ways.</summary>
    [Theory]
    [InlineData("/openai/v1/chat/completions", "Authorization", 401, 401)]
    [InlineData("/openai/v1/embeddings", "Authorization", 401, 401)]
    [InlineData("/anthropic/v1/messages", "x-api-key", 401, 401)]
    [InlineData("/anthropic/v1/messages", "Authorization", 401, 401)]
    [InlineData("/gemini/v1beta/models/g:generateContent", "x-goog-api-key", 403, 400)]
    [InlineData("/gemini/v1beta/models/g:generateContent", "Authorization", 403, 401)]
    [InlineData("/ollama/api/chat", "Authorization", 200, 401)]
    [InlineData("/cohere/v2/chat", "Authorization", 401, 401)]
    [InlineData("/mistral/v1/chat/completions", "Authorization", 401, 401)]
    public async Task Key_MissingWrongLimitedForbidden_GetTheVendorsStatus(string path, string header, int missing, int wrong)
    {
        await using var simulated = await Simulated.StartAsync();
        simulated.Client.DefaultRequestHeaders.Authorization = null;
        simulated.Client.DefaultRequestHeaders.Remove("x-api-key");
        simulated.Client.DefaultRequestHeaders.Remove("x-goog-api-key");
        foreach (var (key, status) in ((string?, int)[])[(null, missing), ("bad-key", wrong), ("limited-key", 429), ("forbidden-key", 403), ("good", 200)])
        {
            using var request = Simulated.Post(path, """{"model":"m","max_tokens":50,"input":"x","messages":[{"role":"user","content":"x"}],"contents":[{"parts":[{"text":"x"}]}]}""");
            if (key is not null && header == "Authorization")
                request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
            else if (key is not null)
                request.Headers.Add(header, key);
            using var response = await simulated.Client.SendAsync(request);
            ((int)response.StatusCode).ShouldBe(status, $"{key}: {await response.Content.ReadAsStringAsync()}");
            if (status == 429 && !path.StartsWith("/gemini", StringComparison.Ordinal))
                response.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(20));
        }
    }

    [Theory]
    [InlineData("/openai/v1/chat/completions", 404, "The model `missing-1` does not exist")]
    [InlineData("/anthropic/v1/messages", 404, "model: missing-1")]
    [InlineData("/gemini/v1beta/models/missing-1:generateContent", 404, "models/missing-1 is not found for API version v1beta")]
    [InlineData("/ollama/api/chat", 404, "model 'missing-1' not found")]
    [InlineData("/cohere/v2/chat", 404, "model 'missing-1' not found")]
    [InlineData("/mistral/v1/chat/completions", 400, "Invalid model: missing-1")]
    public async Task Model_Missing_GetsTheVendorsError(string path, int status, string text)
    {
        await using var simulated = await Simulated.StartAsync();
        var error = await simulated.SendAsync(path, """{"model":"missing-1","max_tokens":5,"messages":[{"role":"user","content":"x"}],"contents":[{"parts":[{"text":"x"}]}]}""", status);
        error.ToString().ShouldContain(text);
    }

    [Theory]
    [InlineData("/openai/v1/nothing")]
    [InlineData("/anthropic/v1/nothing")]
    [InlineData("/gemini/v1beta/nothing")]
    [InlineData("/ollama/api/nothing")]
    [InlineData("/cohere/v2/nothing")]
    [InlineData("/mistral/v1/nothing")]
    [InlineData("/nothing")]
    public async Task Path_Unknown_Is404(string path)
    {
        await using var simulated = await Simulated.StartAsync();
        using var response = await simulated.Client.SendAsync(Simulated.Post(path, "{}"));
        ((int)response.StatusCode).ShouldBe(404);
    }

    [Fact]
    public async Task Anthropic_WithoutVersion_IsRefused()
    {
        await using var simulated = await Simulated.StartAsync();
        simulated.Client.DefaultRequestHeaders.Remove("anthropic-version");
        var error = await simulated.SendAsync("/anthropic/v1/messages", Bodies.Anthropic("x"), 400);
        error.GetProperty("error").GetProperty("message").GetString().ShouldBe("anthropic-version: header is required");
    }

    [Fact]
    public async Task Gemini_KeyInTheQuery_IsGood()
    {
        await using var simulated = await Simulated.StartAsync();
        simulated.Client.DefaultRequestHeaders.Clear();
        await simulated.SendAsync("/gemini/v1beta/models/g:generateContent?key=k", Bodies.Gemini("x"));
        var refused = await simulated.SendAsync("/gemini/v1beta/models/g:generateContent?key=bad-key", Bodies.Gemini("x"), 400);
        refused.GetProperty("error").GetProperty("details")[0].GetProperty("reason").GetString().ShouldBe("API_KEY_INVALID");
    }
}
