using System.Buffers;
using System.Text;
using System.Text.Json;
using Sluice.Formats.Tests.OpenAIChat;
using Sluice.Streaming;
using Sluice.Wire;

namespace Sluice.Formats.Tests.Endings;

/// <summary>A model that speaks may also write what it says: clients without sound are told once.</summary>
public sealed class SpokenTextTests
{
    [Theory]
    [InlineData("anthropic-messages", "Hello there", "Hello there", "Hello there")]
    [InlineData("ollama-chat", "Hello there", "Hello there", "Hello there")]
    [InlineData("anthropic-messages", "Listen: ", "Hello there", "Listen: Hello there")]
    [InlineData("ollama-chat", "Listen: ", "Hello there", "Listen: Hello there")]
    [InlineData("anthropic-messages", "", "Hello there", "Hello there")]
    [InlineData("ollama-chat", "", "Hello there", "Hello there")]
    public void Transcript_ThatRepeatsTheText_IsToldOnce(string client, string content, string transcript, string expected)
    {
        var upstream = WireFormats.Find<IChatClientFormat>(WireFormatId.OpenAIChat)!;
        var server = WireFormats.Find<IChatServerFormat>(new WireFormatId(client))!;
        string body = JsonSerializer.Serialize(new Dictionary<string, object> { ["x"] = content, ["y"] = transcript });
        var values = JsonDocument.Parse(body).RootElement;
        string whole = """{"id":"c","choices":[{"index":0,"message":{"role":"assistant","content":X,"audio":{"id":"a","data":"AA==","transcript":Y}},"finish_reason":"stop"}]}"""
            .Replace("X", values.GetProperty("x").GetRawText(), StringComparison.Ordinal).Replace("Y", values.GetProperty("y").GetRawText(), StringComparison.Ordinal);
        var context = ChatTesting.Context(server.Id, upstream.Id);

        string told = ChatTesting.Text(o => server.EncodeResponse(upstream.DecodeResponse(ChatTesting.Utf8(whole), context).Value!, context, o));

        TextOf(told).ShouldBe(expected);
        Streamed(upstream, server, Pieces("content", content), Pieces("audio", transcript)).ShouldBe(expected, "text first");
        if (content == transcript) Streamed(upstream, server, [.. Interleaved(Pieces("content", content), Pieces("audio", transcript))], []).ShouldBe(expected, "by turns");
    }

    private static string[] Pieces(string member, string text) => [.. text.Chunk(3).Select(piece => (member == "content"
        ? """{"choices":[{"index":0,"delta":{"content":"@"}}]}"""
        : """{"choices":[{"index":0,"delta":{"audio":{"id":"a","transcript":"@"}}}]}""").Replace("@", new string(piece), StringComparison.Ordinal))];

    private static IEnumerable<string> Interleaved(string[] a, string[] b)
    {
        for (int i = 0; i < Math.Max(a.Length, b.Length); i++)
        {
            if (i < a.Length) yield return a[i];
            if (i < b.Length) yield return b[i];
        }
    }

    private static string Streamed(IChatClientFormat upstream, IChatServerFormat server, string[] first, string[] then)
    {
        var context = ChatTesting.Context(server.Id, upstream.Id);
        var decoder = upstream.CreateStreamDecoder(context);
        var encoder = server.CreateStreamEncoder(context);
        var output = new ArrayBufferWriter<byte>();
        var events = new List<StreamEvent>();
        foreach (string data in (string[])[.. first, .. then, """{"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}""", "[DONE]"]) decoder.Decode(StreamFrame.OfData(ChatTesting.Utf8(data)), events);
        foreach (var next in events) encoder.Encode(next, output);
        var text = new StringBuilder();
        foreach (string line in Encoding.UTF8.GetString(output.WrittenSpan).Split('\n'))
        {
            string json = line.StartsWith("data: ", StringComparison.Ordinal) ? line[6..] : line;
            if (json.StartsWith('{')) text.Append(TextOf(json));
        }
        return text.ToString();
    }

    private static string TextOf(string json)
    {
        var root = JsonDocument.Parse(json).RootElement;
        if (root.TryGetProperty("message", out var message) && message.TryGetProperty("content", out var content) && content.ValueKind == JsonValueKind.String) return content.GetString()!;
        if (root.TryGetProperty("delta", out var delta)) return delta.TryGetProperty("text", out var piece) ? piece.GetString()! : "";
        return root.TryGetProperty("content", out var blocks) && blocks.ValueKind == JsonValueKind.Array ? string.Concat(blocks.EnumerateArray().Select(b => b.TryGetProperty("text", out var text) ? text.GetString() : "")) : "";
    }
}
