using System.Text;
using Sluice.Chat;
using Sluice.Errors;
using Sluice.Wire;

namespace Sluice.Formats.Tests.OllamaChat;

public sealed class OllamaRequestReadingTests
{
    [Fact]
    public void DecodeRequest_WithoutStream_IsAStream()
    {
        Ollama.Request("""{"model":"m","messages":[]}""").Stream.ShouldBeTrue();
        Ollama.Request("""{"model":"m","messages":[],"stream":false}""").Stream.ShouldBeFalse();
    }

    [Fact]
    public void DecodeRequest_WithOptions_GivesThemTheirNames()
    {
        var request = Ollama.Request(
            """{"model":"m","messages":[],"keep_alive":-1,"logprobs":true,"top_logprobs":2,"options":{"num_predict":9,"temperature":0.5,"top_p":0.9,"top_k":40,"min_p":0.1,"seed":9223372036854775807,"stop":"X","presence_penalty":1,"frequency_penalty":2,"num_ctx":4096}}""");

        (request.MaxTokens, request.Temperature, request.TopP, request.TopK, request.MinP, request.Seed).ShouldBe((9, 0.5, 0.9, 40, 0.1, long.MaxValue));
        (request.PresencePenalty, request.FrequencyPenalty, request.Logprobs, request.TopLogprobs).ShouldBe((1, 2, true, 2));
        request.Stop.ShouldBe(["X"]);
        request.Notes!.Fields.Select(f => f.Key).ShouldBe(["keep_alive", "options.num_ctx"]);
    }

    [Theory]
    [InlineData("true", true, null)]
    [InlineData("false", false, null)]
    [InlineData("\"low\"", null, "low")]
    public void DecodeRequest_WithThink_AsksForReasoning(string think, bool? enabled, string? effort)
    {
        var reasoning = Ollama.Request($$"""{"model":"m","messages":[],"think":{{think}}}""").Reasoning!;

        (reasoning.Enabled, reasoning.Effort).ShouldBe((enabled, effort));
    }

    [Fact]
    public void DecodeRequest_WithCallsThatHaveNoIds_LinksResultsByNameAndOrder()
    {
        var request = Ollama.Request(
            """
            {"model":"m","messages":[
              {"role":"user","content":"go"},
              {"role":"assistant","content":"","tool_calls":[{"function":{"name":"a","arguments":{"x":1}}},{"function":{"name":"b","arguments":{}}},{"function":{"name":"a","arguments":{"x":2}}}]},
              {"role":"tool","tool_name":"b","content":"B"},
              {"role":"tool","tool_name":"a","content":"A1"},
              {"role":"tool","content":"A2"},
              {"role":"assistant","content":"","tool_calls":[{"function":{"name":"a","arguments":{}}}]},
              {"role":"tool","content":"again"}]}
            """);

        var calls = request.Messages.SelectMany(m => m.Parts).OfType<ToolCallPart>().ToArray();
        var results = request.Messages.SelectMany(m => m.Parts).OfType<ToolResultPart>().ToArray();
        calls.Select(c => c.CallId).ShouldBe(["call_1_0", "call_1_1", "call_1_2", "call_5_0"]);
        results.Select(r => r.CallId).ShouldBe(["call_1_1", "call_1_0", "call_1_2", "call_5_0"]);
        calls[0].Arguments.ShouldBe("""{"x":1}""");
    }

    [Fact]
    public void DecodeRequest_WithIds_LinksResultsByThem()
    {
        var request = Ollama.Request(
            """
            {"model":"m","messages":[
              {"role":"assistant","content":"","tool_calls":[{"id":"one","function":{"name":"a","arguments":{}}},{"id":"two","function":{"name":"a","arguments":{}}}]},
              {"role":"tool","tool_name":"a","tool_call_id":"two","content":"2"},
              {"role":"tool","tool_name":"a","tool_call_id":"one","content":"1"},
              {"role":"tool","tool_call_id":"unknown","content":"?"},
              {"role":"tool","content":"orphan"}]}
            """);

        request.Messages.SelectMany(m => m.Parts).OfType<ToolResultPart>().Select(r => r.CallId).ShouldBe(["two", "one", "unknown", "call_4_result"]);
    }

    [Fact]
    public void DecodeRequest_WithPictures_TellsTheirType()
    {
        var parts = Ollama.Request("""{"model":"m","messages":[{"role":"user","content":"look","images":["iVBORw0KGgo=","data:image/webp;base64,AAAA"]}]}""").Messages[0].Parts;

        parts[0].ShouldBeOfType<TextPart>();
        parts[1].ShouldBe(new MediaPart(MediaKind.Image, new InlineMedia("iVBORw0KGgo=") { MediaType = "image/png" }));
        ((MediaPart)parts[2]).Source.ShouldBe(new InlineMedia("AAAA") { MediaType = "image/webp" });
    }

    [Theory]
    [InlineData("", null)]
    [InlineData("[]", null)]
    [InlineData("{", null)]
    [InlineData("{}", "model")]
    [InlineData("""{"model":5}""", "model")]
    [InlineData("""{"model":"m","messages":5}""", "messages")]
    [InlineData("""{"model":"m","messages":[5]}""", "messages[0]")]
    [InlineData("""{"model":"m","messages":[{"content":"x"}]}""", "messages[0].role")]
    [InlineData("""{"model":"m","messages":[{"role":"user","content":[{"type":"text"}]}]}""", "messages[0].content")]
    [InlineData("""{"model":"m","messages":[{"role":"user","content":"","images":[5]}]}""", "messages[0].images[0]")]
    [InlineData("""{"model":"m","messages":[{"role":"assistant","tool_calls":[{}]}]}""", "messages[0].tool_calls[0].function")]
    [InlineData("""{"model":"m","messages":[{"role":"assistant","tool_calls":[{"function":{}}]}]}""", "messages[0].tool_calls[0].function.name")]
    [InlineData("""{"model":"m","messages":[{"role":"assistant","tool_calls":[{"function":{"name":"a","arguments":"{}"}}]}]}""", "messages[0].tool_calls[0].function.arguments")]
    [InlineData("""{"model":"m","messages":[],"tools":[{}]}""", "tools[0].function")]
    [InlineData("""{"model":"m","messages":[],"format":"xml"}""", "format")]
    [InlineData("""{"model":"m","messages":[],"think":5}""", "think")]
    [InlineData("""{"model":"m","messages":[],"stream":"yes"}""", "stream")]
    [InlineData("""{"model":"m","messages":[],"options":{"temperature":"hot"}}""", "options.temperature")]
    [InlineData("""{"model":"m","messages":[],"options":{"stop":[1]}}""", "options.stop")]
    [InlineData("""{"model":"\ud800"}""", null)]
    public void DecodeRequest_OfAMalformedBody_NamesTheField(string body, string? field)
    {
        var error = Ollama.Format.DecodeRequest(new WireRequest { Body = Encoding.UTF8.GetBytes(body) }).Error!;

        (error.Kind, error.Param).ShouldBe((ErrorKind.InvalidRequest, field));
        if (field is not null) error.Message.ShouldStartWith(field);
    }

    [Theory]
    [InlineData("""{"model":"m"}""", "m", true, null)]
    [InlineData("""{"stream":false,"model":"m","options":{"num_ctx":1,"num_predict":20}}""", "m", false, 20L)]
    [InlineData("""{"stream":null,"options":{"num_predict":-1}}""", null, true, null)]
    [InlineData("""{"options":{"x":{"num_predict":5}},"model":"\ud800"}""", null, true, null)]
    [InlineData("""{"options":[1]}""", null, true, null)]
    public void ReadHead_OfAnyBody_KnowsModelStreamAndLimit(string body, string? model, bool stream, long? limit)
    {
        var request = new WireRequest { Body = Encoding.UTF8.GetBytes(body) };

        var head = Ollama.Format.ReadHead(request, JsonMembers.Scan(request.Body, out _)!);

        (head.Model, head.Stream, head.MaxTokens).ShouldBe((model, stream, limit));
    }
}
