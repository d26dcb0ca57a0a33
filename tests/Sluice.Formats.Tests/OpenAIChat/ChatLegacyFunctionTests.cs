using System.Text.Json;
using Sluice.TestKit;
using Sluice.Wire;

namespace Sluice.Formats.Tests.OpenAIChat;

/// <summary>What clients of Chat Completions still write, before upstreams that never knew it.</summary>
public sealed class ChatLegacyFunctionTests
{
    private const string Legacy = """
        {"model":"m","messages":[{"role":"user","content":"q"},{"role":"assistant","content":null,"function_call":{"name":"f","arguments":"{}"}},{"role":"function","name":"f","content":"r"}],
        "functions":[{"name":"f","parameters":{"type":"object"}}],"function_call":{"name":"f"}}
        """;

    private const string NamedResult = """
        {"model":"m","messages":[{"role":"user","content":"q"},{"role":"assistant","content":null,"tool_calls":[{"id":"c","type":"function","function":{"name":"f","arguments":"{}"}}]},
        {"role":"tool","tool_call_id":"c","name":"f","content":"r"}]}
        """;

    public static TheoryData<string> Upstreams => [.. WireFormats.All.OfType<IChatClientFormat>().Where(f => f.Id != WireFormatId.OpenAICompletions && f.Id != WireFormatId.OllamaGenerate).Select(f => f.Id.Value)];

    [Theory]
    [MemberData(nameof(Upstreams))]
    public void NameOfATool_IsNoNameOfASpeaker(string upstream)
    {
        foreach (string body in new[] { Legacy, NamedResult })
        {
            var (_, losses) = Translate(body, upstream);

            losses.ShouldNotContain(path => path.EndsWith(".name", StringComparison.Ordinal));
        }
    }

    [Fact]
    public void Functions_ForMistral_AreTools()
    {
        var (body, _) = Translate(Legacy, "mistral-chat");

        body.TryGetProperty("functions", out _).ShouldBeFalse();
        body.GetProperty("tools")[0].GetProperty("function").GetProperty("name").GetString().ShouldBe("f");
        body.GetProperty("messages")[2].GetProperty("name").GetString().ShouldBe("f");
        body.GetProperty("messages")[2].GetProperty("role").GetString().ShouldBe("tool");
    }

    [Theory]
    [InlineData(Legacy)]
    [InlineData(NamedResult)]
    public void OwnFormat_ComesOutAsItWentIn(string body) => JsonAssert.Difference(body, Translate(body, "openai-chat").Body.GetRawText()).ShouldBeNull();

    private static (JsonElement Body, List<string> Losses) Translate(string body, string upstream)
    {
        var request = WireFormats.Find<IChatServerFormat>(WireFormatId.OpenAIChat)!.DecodeRequest(new WireRequest { Body = ChatTesting.Utf8(body) }).Value!;
        var context = ChatTesting.Context(WireFormatId.OpenAIChat, new WireFormatId(upstream), upstream == "mistral-chat" ? "mistral" : "", "m");
        string written = ChatTesting.Text(o => WireFormats.Find<IChatClientFormat>(new WireFormatId(upstream))!.EncodeRequest(request, context, o).ShouldBeNull());
        return (JsonDocument.Parse(written).RootElement, [.. context.Losses.Losses.Select(l => l.Path)]);
    }
}
