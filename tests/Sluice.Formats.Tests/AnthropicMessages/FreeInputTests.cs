using System.Buffers;
using System.Text;
using System.Text.Json;
using Sluice.Chat;
using Sluice.Formats.Tests.OpenAIChat;
using Sluice.Streaming;
using Sluice.Wire;

namespace Sluice.Formats.Tests.AnthropicMessages;

/// <summary>A call of a tool of free text, streamed to a client whose tools take JSON: <c>{"input":"..."}</c>, escaped across its pieces.</summary>
public sealed class FreeInputTests
{
    private const string Text = "say \"hi\"\\\n\tto 😀 & <b>";

    [Fact]
    public void Input_CutAnywhere_IsJson()
    {
        for (int cut = 0; cut <= Text.Length; cut++) Input(Text[..cut], Text[cut..]).ShouldBe(Text, $"cut at {cut}");
        Input([.. Text.Select(c => c.ToString())]).ShouldBe(Text);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("{\"a\":1}")]
    public void Input_ThatIsEmptyOrLooksLikeJson_IsTextAllTheSame(string text) => Input(text).ShouldBe(text);

    private static string Input(params string[] pieces)
    {
        var context = ChatTesting.Context(WireFormatId.AnthropicMessages, WireFormatId.OpenAIResponses);
        var encoder = WireFormats.Find<IChatServerFormat>(WireFormatId.AnthropicMessages)!.CreateStreamEncoder(context);
        var output = new ArrayBufferWriter<byte>();
        encoder.Encode(new ResponseStarted(), output);
        encoder.Encode(new PartStarted(0, 0, new ToolCallPart("c", "shell", "") { IsCustom = true }), output);
        foreach (string piece in pieces) encoder.Encode(new PartDelta(0, 0, new ArgumentsDelta(piece)), output);
        encoder.Encode(new PartEnded(0, 0), output);
        encoder.Encode(new CandidateFinished(0, FinishReason.ToolCalls), output);
        encoder.Encode(new ResponseEnded(), output);
        var json = new StringBuilder();
        foreach (string line in Encoding.UTF8.GetString(output.WrittenSpan).Split('\n'))
        {
            if (line.StartsWith("data: ", StringComparison.Ordinal) && JsonDocument.Parse(line[6..]).RootElement is var data && data.GetProperty("type").GetString() == "content_block_delta") json.Append(data.GetProperty("delta").GetProperty("partial_json").GetString());
        }
        return JsonDocument.Parse(json.ToString()).RootElement.GetProperty("input").GetString()!;
    }
}
