using Sluice.TestKit;
using Sluice.Wire;

namespace Sluice.Formats.Tests.OllamaChat;

public sealed class OllamaRoundTripTests
{
    [Theory]
    [MemberData(nameof(OllamaSamples.Requests), MemberType = typeof(OllamaSamples))]
    public void EncodeRequest_OfItsOwnFormat_IsEqualJson(string json)
    {
        var request = Ollama.Request(json);
        var context = new TranslationContext
        {
            ClientFormat = WireFormatId.OllamaChat,
            UpstreamFormat = WireFormatId.OllamaChat,
            UpstreamModel = request.Model,
            Ids = new SequentialIds(),
            Time = new ManualTime(),
        };

        string written = Ollama.Write(request, context);

        JsonAssert.Difference(json, written).ShouldBeNull();
        context.Losses.Losses.ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(OllamaSamples.Answers), MemberType = typeof(OllamaSamples))]
    public void EncodeResponse_OfItsOwnFormat_IsEqualJson(string json)
    {
        var context = Ollama.Context(WireFormatId.OllamaChat);

        string written = Ollama.Write(Ollama.Answer(json), context);

        JsonAssert.Difference(json, written).ShouldBeNull();
        context.Losses.Losses.ShouldBeEmpty();
    }
}
