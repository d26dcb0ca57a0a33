using System.Text;
using Sluice.Chat;
using Sluice.Streaming;
using Sluice.TestKit;
using Sluice.Wire;

namespace Sluice.Formats.Tests.OpenAIChat;

/// <summary>Recorded answers of other formats, as clients of this one get them, judged by OpenAI's published description.</summary>
public sealed class ChatSchemaTests
{
    public static TheoryData<string> Upstreams { get; } = ["anthropic-messages", "gemini-generate", "openai-responses", "cohere-chat", "mistral-chat"];

    [Theory]
    [MemberData(nameof(Upstreams))]
    public void Answer_OfEveryRecording_IsValid(string upstream)
    {
        Assert.SkipUnless(RepositoryPaths.HasCorpus && OpenApiSchema.IsAvailable, "the recordings or OpenAI's description are not beside the checkout");
        var chat = WireFormats.Find<IChatServerFormat>(WireFormatId.OpenAIChat)!;
        var text = WireFormats.Find<IChatServerFormat>(WireFormatId.OpenAICompletions)!;
        foreach (var (answer, _, id) in Answers(upstream))
        {
            if (answer is null) continue;
            OpenApiSchema.Of("CreateChatCompletionResponse").Fault(ChatTesting.Text(o => chat.EncodeResponse(answer, Context(WireFormatId.OpenAIChat, upstream), o))).ShouldBeNull(id);
            OpenApiSchema.Of("CreateCompletionResponse").Fault(ChatTesting.Text(o => text.EncodeResponse(answer, Context(WireFormatId.OpenAICompletions, upstream), o))).ShouldBeNull(id);
        }
    }

    [Theory]
    [MemberData(nameof(Upstreams))]
    public void Stream_OfEveryRecording_IsValidAndFoldsToTheSame(string upstream)
    {
        Assert.SkipUnless(RepositoryPaths.HasCorpus && OpenApiSchema.IsAvailable, "the recordings or OpenAI's description are not beside the checkout");
        var chat = WireFormats.Find<IChatServerFormat>(WireFormatId.OpenAIChat)!;
        var own = WireFormats.Find<IChatClientFormat>(WireFormatId.OpenAIChat)!;
        foreach (var (_, events, id) in Answers(upstream))
        {
            if (events is null || events[^1] is StreamFailed) continue;
            string sse = ChatTesting.Encode(chat, events, Context(WireFormatId.OpenAIChat, upstream));
            foreach (string chunk in sse.Split("\n\n", StringSplitOptions.RemoveEmptyEntries).Where(c => c.StartsWith("data: {", StringComparison.Ordinal)))
            {
                OpenApiSchema.Of("CreateChatCompletionStreamResponse").Fault(chunk[6..]).ShouldBeNull($"{id}: {chunk}");
            }
            var folded = ChatTesting.Fold(ChatTesting.Decode(own, Encoding.UTF8.GetBytes(sse), Context(WireFormatId.OpenAIChat, "openai-chat")));
            var answer = ChatTesting.Fold(events);
            Text(folded).ShouldBe(Text(answer), id);
            Calls(folded).ShouldBe(Calls(answer), id);
            folded.Usage?.OutputTokens.ShouldBe(answer.Usage?.OutputTokens ?? 0, id);
        }
    }

    private static IEnumerable<(ChatResponse? Answer, List<StreamEvent>? Events, string Id)> Answers(string upstream)
    {
        var client = WireFormats.Find<IChatClientFormat>(new WireFormatId(upstream))!;
        foreach (var exchange in Corpus.Of(upstream).Where(e => e.Status < 300))
        {
            if (exchange.ResponseBody is { } body && client.DecodeResponse(Encoding.UTF8.GetBytes(body), Context(WireFormatId.OpenAIChat, upstream)) is { IsSuccess: true } outcome) yield return (outcome.Value, null, exchange.Id);
            if (exchange.Sse is { } sse) yield return (null, ChatTesting.Decode(client, Encoding.UTF8.GetBytes(sse), Context(WireFormatId.OpenAIChat, upstream)), exchange.Id);
        }
    }

    private static string Text(ChatResponse answer) => string.Concat(answer.Candidates.SelectMany(c => c.Parts).OfType<TextPart>().Select(t => t.Text));

    private static IEnumerable<string> Calls(ChatResponse answer) => answer.Candidates.SelectMany(c => c.Parts).OfType<ToolCallPart>().Select(c => $"{c.CallId} {c.Name} {c.Arguments} {c.Signature}");

    private static TranslationContext Context(WireFormatId client, string upstream) => ChatTesting.Context(client, new WireFormatId(upstream), request: new ChatRequest { Model = "m", Messages = [], IncludeUsage = true });
}
