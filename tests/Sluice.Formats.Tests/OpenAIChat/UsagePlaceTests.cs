using Sluice.Streaming;
using Sluice.Wire;

namespace Sluice.Formats.Tests.OpenAIChat;

/// <summary>Vendors of this shape count tokens in places of their own: read in translation, and seen where the answer passes through.</summary>
public sealed class UsagePlaceTests
{
    public static TheoryData<string> Places =>
    [
        "\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}],\"usage\":{\"prompt_tokens\":9,\"completion_tokens\":4,\"total_tokens\":13,\"cached_tokens\":2}",
        "\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\",\"usage\":{\"prompt_tokens\":9,\"completion_tokens\":4,\"total_tokens\":13,\"cached_tokens\":2}}]",
        "\"choices\":[{\"index\":0,\"delta\":{\"usage\":{\"prompt_tokens\":9,\"completion_tokens\":4,\"cached_tokens\":2}},\"finish_reason\":\"stop\"}],\"usage\":null",
        "\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}],\"x_groq\":{\"id\":\"r\",\"usage\":{\"prompt_tokens\":9,\"completion_tokens\":4,\"prompt_tokens_details\":{\"cached_tokens\":2}}}",
        "\"choices\":null,\"usage\":{\"prompt_tokens\":9,\"completion_tokens\":4,\"prompt_cache_hit_tokens\":2,\"estimated_cost\":0.001}",
        "\"choices\":[],\"usage\":{\"prompt_tokens\":9,\"completion_tokens\":4,\"num_cached_tokens\":2}",
        "\"usage\":{\"input_tokens\":9,\"output_tokens\":4,\"cached_tokens\":2}",
        "\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}],\"usage\":{},\"timings\":{\"cache_n\":2,\"prompt_n\":7,\"prompt_ms\":1.5,\"predicted_n\":4,\"predicted_ms\":2.5}",
    ];

    [Theory]
    [MemberData(nameof(Places))]
    public void Usage_WhereverItStands_IsReadAndSeen(string last)
    {
        var format = WireFormats.Find<IChatClientFormat>(WireFormatId.OpenAIChat)!;
        var decoder = format.CreateStreamDecoder(ChatTesting.Context(WireFormatId.AnthropicMessages, format.Id));
        var tap = format.CreateTap(stream: true);
        var events = new List<StreamEvent>();

        foreach (string data in (string[])["{\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"x\"},\"finish_reason\":\"stop\"}]}", $"{{\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"model\":\"m\",{last}}}", "[DONE]"])
        {
            var frame = StreamFrame.OfData(ChatTesting.Utf8(data));
            decoder.Decode(frame, events);
            tap.Observe(frame);
        }

        var read = events.OfType<UsageReported>().Last().Usage;
        (read.InputTokens, read.OutputTokens, read.CacheReadTokens).ShouldBe(((long?)9, (long?)4, (long?)2));
        (tap.Usage?.InputTokens, tap.Usage?.OutputTokens, tap.Usage?.CacheReadTokens).ShouldBe(((long?)9, (long?)4, (long?)2));
        events[^1].ShouldBeOfType<ResponseEnded>();
    }

    [Fact]
    public void Usage_InAChunkWithoutChoices_IsAllThatTheChunkSays()
    {
        var tap = WireFormats.Find(WireFormatId.OpenAIChat)!.CreateTap(stream: true);
        tap.Observe(StreamFrame.OfData(ChatTesting.Utf8("""{"choices":null,"usage":{"prompt_tokens":1}}"""))).ShouldBe(AnswerSignal.UsageOnly);
    }
}
