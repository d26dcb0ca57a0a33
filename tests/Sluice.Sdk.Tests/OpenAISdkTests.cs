using System.ClientModel;
using OpenAI;
using OpenAI.Chat;

namespace Sluice.Sdk.Tests;

/// <summary>The official OpenAI package: its enums are strict, so every out-of-set value throws.</summary>
public sealed class OpenAISdkTests(SimulatedGateway gateway) : IClassFixture<SimulatedGateway>
{
    private static readonly ChatTool Weather = ChatTool.CreateFunctionTool("get_weather", "Weather of a city", BinaryData.FromString("""{"type":"object","properties":{"city":{"type":"string"}},"required":["city"]}"""));
    private static readonly ChatTool Time = ChatTool.CreateFunctionTool("get_time", "Time of a city", BinaryData.FromString("""{"type":"object","properties":{"city":{"type":"string"}},"required":["city"]}"""));

    [Theory]
    [MemberData(nameof(SimulatedGateway.Upstreams), MemberType = typeof(SimulatedGateway))]
    public async Task CompleteChat_Text_AnswersWithUsage(string upstream)
    {
        ChatCompletion answer = await Client(upstream).CompleteChatAsync([new SystemChatMessage("Be brief."), new UserChatMessage("Hello there")], cancellationToken: TestContext.Current.CancellationToken);

        answer.Content[0].Text.ShouldContain("Hello there");
        answer.FinishReason.ShouldBe(ChatFinishReason.Stop);
        answer.Usage.InputTokenCount.ShouldBePositive();
        answer.Usage.OutputTokenCount.ShouldBePositive();
    }

    [Theory]
    [MemberData(nameof(SimulatedGateway.Upstreams), MemberType = typeof(SimulatedGateway))]
    public async Task CompleteChatStreaming_Text_FoldsToTheAnswer(string upstream)
    {
        string text = "";
        ChatFinishReason? finish = null;
        await foreach (var update in Client(upstream).CompleteChatStreamingAsync([new UserChatMessage("Hello there")], cancellationToken: TestContext.Current.CancellationToken))
        {
            text += string.Concat(update.ContentUpdate.Select(c => c.Text));
            finish = update.FinishReason ?? finish;
        }

        text.ShouldContain("Hello there");
        finish.ShouldBe(ChatFinishReason.Stop);
    }

    [Theory]
    [MemberData(nameof(SimulatedGateway.Upstreams), MemberType = typeof(SimulatedGateway))]
    public async Task CompleteChat_SeveralTools_CallsAndTakesResults(string upstream)
    {
        var client = Client(upstream);
        var options = new ChatCompletionOptions { Tools = { Weather, Time } };
        List<ChatMessage> messages = [new UserChatMessage("Use several tools please")];

        ChatCompletion first = await client.CompleteChatAsync(messages, options, TestContext.Current.CancellationToken);

        first.FinishReason.ShouldBe(ChatFinishReason.ToolCalls);
        first.ToolCalls.Count.ShouldBeGreaterThanOrEqualTo(2);
        messages.Add(new AssistantChatMessage(first));
        messages.AddRange(first.ToolCalls.Select(call => new ToolChatMessage(call.Id, "sunny in Paris")));
        ChatCompletion second = await client.CompleteChatAsync(messages, options, TestContext.Current.CancellationToken);
        second.Content[0].Text.ShouldContain("sunny in Paris");
    }

    [Fact]
    public async Task CompleteChat_UnknownModel_Throws404()
    {
        var error = await Should.ThrowAsync<ClientResultException>(() => Client("nothing").CompleteChatAsync([new UserChatMessage("x")], cancellationToken: TestContext.Current.CancellationToken));

        error.Status.ShouldBe(404);
        error.Message.ShouldContain("not known");
    }

    private ChatClient Client(string upstream) => new($"{upstream}/sim-large", new ApiKeyCredential("any"), new OpenAIClientOptions { Endpoint = new Uri(gateway.Address, "/v1") });
}
