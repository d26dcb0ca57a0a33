using System.Net;
using System.Text;

namespace Sluice.Gateway.Tests;

/// <summary>Media go under the right name of their type, whatever a client called it.</summary>
public sealed class MediaTypeTests
{
    private const string Providers = """
        providers:
          gem: { type: gemini, base_url: "URL/gem", api_key: k }
          ant: { type: anthropic, base_url: "URL/ant", api_key: k }
          oai: { type: openai-compatible, base_url: "URL/oai", api_key: k }
          resp: { type: openai-responses, base_url: "URL/resp", api_key: k }
        """;

    [Theory]
    [InlineData("image/jpg", "image/jpeg")]
    [InlineData("image\\/pjpeg", "image/jpeg")]
    [InlineData("IMAGE/PNG", "image/png")]
    [InlineData("image/png;charset=utf-8", "image/png")]
    [InlineData("audio/mp3", "audio/mpeg")]
    [InlineData("audio/x-wav", "audio/wav")]
    [InlineData("audio/wave", "audio/wav")]
    [InlineData("text/plain; charset=UTF-8", "text/plain")]
    public async Task Gemini_to_Gemini_is_spliced(string alias, string right)
    {
        // Arguments and results are the user's own and stay as they are.
        string Body(string type) => """
            {"contents":[{"role":"user","parts":[{"text":"{\"mimeType\":\"image/jpg\"}"},{"inlineData":{"mimeType": "TYPE","data":"aGk="}},{"file_data":{"file_uri":"gs://b/x","mime_type":"TYPE"}}]},
            {"role":"model","parts":[{"functionCall":{"name":"f","args":{"inlineData":{"mimeType":"image/jpg"}}}}]},
            {"role":"user","parts":[{"functionResponse":{"name":"f","response":{"mimeType":"image/jpg"},"parts":[{"inlineData":{"mimeType":"TYPE","data":"aGk="}}]}}]}]}
            """.Replace("TYPE", type, StringComparison.Ordinal);
        await using var fake = await FakeUpstream.StartAsync(_ => FakeAnswer.Json("""{"candidates":[{"content":{"role":"model","parts":[{"text":"ok"}]},"finishReason":"STOP","index":0}]}"""));
        await fake.GatewayAsync(Providers);
        using var answer = await PostAsync(fake, "/v1beta/models/gem/m:generateContent", Body(alias));
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        fake.Requests[^1].Text.ShouldBe(Body(right));
        using var plain = await PostAsync(fake, "/v1beta/models/gem/m:generateContent", Body(right));
        fake.Requests[^1].Text.ShouldBe(Body(right));
        SimulatedGateway.Header(plain, "x-sluice-lane").ShouldBe("verbatim");
    }

    [Theory]
    [InlineData("/v1/messages")]
    [InlineData("/v1/messages/count_tokens")]
    public async Task Anthropic_to_Anthropic_is_spliced(string path)
    {
        string Body(string type) => """
            {"model":"ant/m","max_tokens":9,"messages":[{"role":"user","content":[{"type":"image","source":{"type":"base64","media_type":"TYPE","data":"aGk="}}]},
            {"role":"assistant","content":[{"type":"tool_use","id":"t","name":"f","input":{"source":{"media_type":"image/jpg"}}}]},
            {"role":"user","content":[{"type":"tool_result","tool_use_id":"t","content":[{"type":"image","source":{"media_type":"TYPE","type":"base64","data":"aGk="}}]}]}]}
            """.Replace("TYPE", type, StringComparison.Ordinal);
        await using var fake = await FakeUpstream.StartAsync(_ => FakeAnswer.Json("""{"id":"m","type":"message","role":"assistant","model":"m","content":[],"stop_reason":"end_turn","input_tokens":1,"usage":{"input_tokens":1,"output_tokens":1}}"""));
        await fake.GatewayAsync(Providers);
        using var answer = await PostAsync(fake, path, Body("image/jpg"));
        fake.Requests[^1].Text.ShouldBe(Body("image/jpeg").Replace("ant/m", "m", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("ant")]
    [InlineData("gem")]
    [InlineData("oai")]
    [InlineData("resp")]
    public async Task Translated_requests_have_the_right_name(string provider)
    {
        await using var fake = await FakeUpstream.StartAsync(_ => FakeAnswer.Json("{}"));
        await fake.GatewayAsync(Providers);
        var requests = new Dictionary<string, string>
        {
            ["/v1/chat/completions"] = """{"model":"P/m","messages":[{"role":"user","content":[{"type":"text","text":"x"},{"type":"image_url","image_url":{"url":"data:IMAGE/JPG;charset=utf-8;base64,/9j/aGk="}}]}]}""",
            ["/v1/responses"] = """{"model":"P/m","store":false,"input":[{"role":"user","content":[{"type":"input_text","text":"x"},{"type":"input_image","image_url":"data:image/pjpeg;base64,/9j/aGk="}]}]}""",
            ["/v1/messages"] = """{"model":"P/m","max_tokens":9,"messages":[{"role":"user","content":[{"type":"text","text":"x"},{"type":"image","source":{"type":"base64","media_type":"image/jpg","data":"/9j/aGk="}}]}]}""",
            ["/v1beta/models/P/m:generateContent"] = """{"contents":[{"role":"user","parts":[{"text":"x"},{"inlineData":{"mimeType":"image/jpg","data":"/9j/aGk="}}]}]}""",
        };
        string own = provider switch { "oai" => "/v1/chat/completions", "resp" => "/v1/responses", _ => "" };
        foreach (var (path, body) in requests.Where(r => r.Key != own))
        {
            using var answer = await PostAsync(fake, path.Replace("P/", provider + "/", StringComparison.Ordinal), body.Replace("P/", provider + "/", StringComparison.Ordinal));
            string sent = fake.Requests[^1].Text;
            sent.ShouldContain("image/jpeg", customMessage: path);
            sent.ShouldNotContain("jpg", Case.Insensitive, path);
        }
    }

    private static Task<HttpResponseMessage> PostAsync(FakeUpstream fake, string path, string json) =>
        fake.Client.PostAsync(path, new StringContent(json, Encoding.UTF8, "application/json"), TestContext.Current.CancellationToken);
}
