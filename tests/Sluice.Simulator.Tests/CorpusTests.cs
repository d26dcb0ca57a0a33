using System.Text.Json;
using Sluice.TestKit;

namespace Sluice.Simulator.Tests;

/// <summary>What the real services accepted the simulator accepts, and it answers with the same members in the same order.</summary>
public sealed class CorpusTests
{
    [Theory]
    [InlineData("openai-chat", "/openai/v1/chat/completions")]
    [InlineData("openai-responses", "/openai/v1/responses")]
    [InlineData("anthropic-messages", "/anthropic/v1/messages")]
    [InlineData("gemini-generate", "/gemini/v1beta/models/{model}:generateContent")]
    [InlineData("mistral-chat", "/mistral/v1/chat/completions")]
    [InlineData("cohere-chat", "/cohere/v2/chat")]
    public async Task RecordedRequests_ThatWereAnswered_AreAnswered(string format, string path)
    {
        var exchanges = Corpus.Of(format).Where(exchange => exchange is { Status: 200, RequestBody: not null } && Fits(format, exchange)).ToList();
        if (exchanges.Count == 0)
            Assert.Skip("The recordings (../shared/corpus) are not beside this checkout.");
        await using var simulated = await Simulated.StartAsync(new SimulatorOptions { Strict = true });
        foreach (var exchange in exchanges)
        {
            using var response = await simulated.Client.SendAsync(Simulated.Post(path.Replace("{model}", Uri.EscapeDataString(exchange.Model), StringComparison.Ordinal), exchange.RequestBody!));
            ((int)response.StatusCode).ShouldBe(200, $"{exchange.Id}: {await response.Content.ReadAsStringAsync()}");
        }
    }

    [Fact]
    public async Task OpenAIChunks_HaveTheRecordedMembersInOrder()
    {
        var recorded = Corpus.Of("openai-chat").FirstOrDefault(exchange => exchange.Id.Contains("run_stream_sync_streams_real_model", StringComparison.Ordinal));
        if (recorded?.Sse is not { } sse)
        {
            Assert.Skip("The recordings (../shared/corpus) are not beside this checkout.");
            return;
        }

        await using var simulated = await Simulated.StartAsync();
        var ours = await simulated.StreamAsync("/openai/v1/chat/completions", recorded.RequestBody!);
        var theirs = StreamedEvent.Parse(sse);
        Shape(ours[0].Json).ShouldBe(Shape(theirs[0].Json));
        Shape(ours[1].Json).ShouldBe(Shape(theirs[1].Json));
        Shape(ours[^3].Json).ShouldBe(Shape(theirs[^3].Json));
        Shape(ours[^2].Json).ShouldBe(Shape(theirs[^2].Json));
    }

    [Fact]
    public async Task AnthropicEvents_HaveTheRecordedMembersInOrder()
    {
        var recorded = Corpus.Of("anthropic-messages").FirstOrDefault(exchange => exchange.Id.Contains("native_tool_search_streaming", StringComparison.Ordinal) && exchange.Id.EndsWith("[1]", StringComparison.Ordinal));
        if (recorded?.Sse is not { } sse)
        {
            Assert.Skip("The recordings (../shared/corpus) are not beside this checkout.");
            return;
        }

        await using var simulated = await Simulated.StartAsync();
        var ours = await simulated.StreamAsync("/anthropic/v1/messages", Bodies.Anthropic("hello", ""","stream":true"""));
        foreach (var theirs in StreamedEvent.Parse(sse).DistinctBy(item => item.Name))
            Shape(ours.First(item => item.Name == theirs.Name).Json).ShouldBe(Shape(theirs.Json), theirs.Name);
    }

    /// <summary>Requests to other vendors' dialects, and those that speak of things which live at the vendor, are no measure here.</summary>
    private static bool Fits(string format, Exchange exchange) => format switch
    {
        "openai-chat" => exchange.Provider == "openai" && exchange.Path.Contains("chat/completions", StringComparison.Ordinal),
        "openai-responses" => exchange.Provider == "openai" && exchange.Path.EndsWith("/responses", StringComparison.Ordinal)
            && !exchange.RequestBody!.Contains("previous_response_id", StringComparison.Ordinal) && !exchange.RequestBody.Contains("\"conversation\"", StringComparison.Ordinal),
        "anthropic-messages" => exchange.Path.Contains("/messages", StringComparison.Ordinal),
        "gemini-generate" => exchange.Provider == "google" && exchange.Path.Contains("enerateContent", StringComparison.Ordinal),
        "mistral-chat" => exchange.Path.EndsWith("/chat/completions", StringComparison.Ordinal),
        _ => exchange.Path.EndsWith("/chat", StringComparison.Ordinal),
    };

    private static string Shape(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "{" + string.Join(",", value.EnumerateObject().Select(member => member.Name + ":" + Shape(member.Value))) + "}",
        JsonValueKind.Array => "[" + string.Join(",", value.EnumerateArray().Select(Shape)) + "]",
        JsonValueKind.True or JsonValueKind.False => "flag",
        _ => value.ValueKind.ToString(),
    };
}
