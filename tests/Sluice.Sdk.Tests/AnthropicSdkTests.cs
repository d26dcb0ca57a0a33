using Anthropic;
using Anthropic.Models.Messages;

namespace Sluice.Sdk.Tests;

/// <summary>The official Anthropic package.</summary>
public sealed class AnthropicSdkTests(SimulatedGateway gateway) : IClassFixture<SimulatedGateway>
{
    [Theory]
    [MemberData(nameof(SimulatedGateway.Upstreams), MemberType = typeof(SimulatedGateway))]
    public async Task Create_Text_AnswersWithUsage(string upstream)
    {
        var message = await Client().Messages.Create(Request(upstream), TestContext.Current.CancellationToken);

        Text(message).ShouldContain("Hello there");
        message.StopReason!.Raw().ShouldBe("end_turn");
        message.Usage.InputTokens.ShouldBePositive();
        message.Usage.OutputTokens.ShouldBePositive();
    }

    [Theory]
    [MemberData(nameof(SimulatedGateway.Upstreams), MemberType = typeof(SimulatedGateway))]
    public async Task CreateStreaming_Text_FoldsToTheAnswer(string upstream)
    {
        string text = "";
        await foreach (var next in Client().Messages.CreateStreaming(Request(upstream), TestContext.Current.CancellationToken))
        {
            if (next.TryPickContentBlockDelta(out var delta) && delta.Delta.TryPickText(out var piece)) text += piece.Text;
        }

        text.ShouldContain("Hello there");
    }

    private static MessageCreateParams Request(string upstream) => new() { Model = $"{upstream}/sim-large", MaxTokens = 300, Messages = [new UserMessageParam("Hello there")] };

    private static string Text(Message message) => string.Concat(message.Content.Select(b => b.TryPickText(out var text) ? text.Text : ""));

    private AnthropicClient Client() => new() { ApiKey = "any", BaseUrl = gateway.Address.GetLeftPart(UriPartial.Authority), MaxRetries = 0 };
}
