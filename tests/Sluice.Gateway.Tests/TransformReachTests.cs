using System.Text;
using System.Text.Json;
using static Sluice.Gateway.Tests.SimulatedGateway;

namespace Sluice.Gateway.Tests;

/// <summary>No text of a request goes past a rule that searches: not by standing twice, by another spelling of its name, nor in a part that nobody thought of.</summary>
public sealed class TransformReachTests
{
    private const string Card = "4111111111111111";

    private const string Settings = """
        defaults: { retry: { max_attempts: 1 } }
        providers:
          openai: { type: openai, base_url: "URL/v1", api_key: k, formats: [openai-chat, openai-responses, openai-completions, openai-embeddings] }
          anthropic: { type: anthropic, base_url: "URL", api_key: k }
          gemini: { type: gemini, base_url: "URL", api_key: k }
          ollama: { type: ollama, base_url: "URL" }
        transforms:
          - { name: cards, on: request, regex: { pattern: '\d{16}', replace: "[card]" } }
        """;

    public static TheoryData<string, string> Searched => new(
        from item in Chat.Select(c => ("/v1/chat/completions", $"{{\"model\":\"openai/m\",{c}}}"))
            .Concat(Responses.Select(c => ("/v1/responses", $"{{\"model\":\"openai/m\",{c}}}")))
            .Concat(Messages.Select(c => ("/v1/messages", $"{{\"model\":\"anthropic/m\",\"max_tokens\":5,{c}}}")))
            .Concat(Messages.Select(c => ("/v1/messages/count_tokens", $"{{\"model\":\"anthropic/m\",{c}}}")))
            .Concat(Gemini.Select(c => ("/v1beta/models/gemini/m:generateContent", $"{{{c}}}")))
            .Concat(Ollama.Select(c => ("/api/chat", $"{{\"model\":\"ollama/m\",{c}}}")))
            .Append(("/v1/completions", """{"model":"openai/m","prompt":"CARD","prompt":"x"}"""))
            .Append(("/v1/completions", """{"model":"openai/m","prompt":["x","CARD"],"Suffix":"CARD"}"""))
            .Append(("/v1/embeddings", """{"model":"openai/m","input":"CARD","input":"x"}"""))
            .Append(("/v1/embeddings", """{"model":"openai/m","Input":["CARD"],"input":"x"}"""))
            .Append(("/api/embed", """{"model":"ollama/m","input":["CARD"],"input":["x"]}"""))
            .Append(("/v1beta/models/gemini/m:embedContent", """{"content":{"parts":[{"text":"CARD"}]},"content":{"parts":[{"text":"x"}]},"title":"CARD"}"""))
            .Append(("/v1beta/models/gemini/m:batchEmbedContents", """{"requests":[{"content":{"parts":[{"text":"CARD"}]},"content":{"parts":[{"text":"x"}]}}],"requests":[{"content":{"parts":[{"text":"CARD"}]}}]}"""))
            .Append(("/v1beta/models/gemini/m:countTokens", """{"generateContentRequest":{"model":"models/m","contents":[{"parts":[{"text":"CARD"}]}],"contents":[]}}"""))
        select (item.Item1, item.Item2));

    private static readonly string[] Chat =
    [
        "\"messages\":[{\"role\":\"user\",\"content\":\"my CARD\",\"content\":\"ok\"}]",
        "\"messages\":[{\"role\":\"user\",\"content\":\"my CARD\"}],\"messages\":[{\"role\":\"user\",\"content\":\"ok\"}]",
        "\"messages\":[{\"role\":\"user\",\"Content\":\"my CARD\",\"content\":\"ok\"}]",
        "\"Messages\":[{\"role\":\"user\",\"content\":\"my CARD\"}],\"messages\":[{\"role\":\"user\",\"content\":\"ok\"}]",
        "\"messages\":[{\"role\":\"user\",\"c\\u006fntent\":\"my CARD\",\"content\":\"ok\"}]",
        "\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"CARD\",\"text\":\"x\"}]}]",
        "\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"Text\":\"CARD\",\"text\":\"x\"}]}]",
        "\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"new_kind\",\"inner\":{\"words\":[\"CARD\"]}}]}]",
        "\"messages\":[{\"role\":\"assistant\",\"tool_calls\":[{\"id\":\"c\",\"type\":\"function\",\"function\":{\"name\":\"f\",\"arguments\":\"my CARD\"}}]},{\"role\":\"tool\",\"tool_call_id\":\"c\",\"content\":\"ok\"}]",
        "\"messages\":[{\"role\":\"assistant\",\"tool_calls\":[{\"id\":\"c\",\"type\":\"function\",\"function\":{\"name\":\"f\",\"arguments\":\"{\\\"a\\\":\\\"CARD\\\"\"}}]},{\"role\":\"tool\",\"tool_call_id\":\"c\",\"content\":\"ok\"}]",
        "\"messages\":[{\"role\":\"assistant\",\"tool_calls\":[{\"id\":\"c\",\"type\":\"function\",\"function\":{\"name\":\"f\",\"arguments\":\"{\\\"a\\\":1} CARD\"}}]},{\"role\":\"tool\",\"tool_call_id\":\"c\",\"content\":\"ok\"}]",
        "\"messages\":[{\"role\":\"assistant\",\"tool_calls\":[{\"id\":\"c\",\"type\":\"function\",\"function\":{\"name\":\"f\",\"arguments\":\"{\\\"a\\\":\\\"CARD\\\"}\",\"arguments\":\"{}\"}}]},{\"role\":\"tool\",\"tool_call_id\":\"c\",\"content\":\"ok\"}]",
        "\"messages\":[{\"role\":\"assistant\",\"tool_calls\":[{\"id\":\"c\",\"type\":\"function\",\"function\":{\"name\":\"f\",\"arguments\":{\"a\":\"CARD\"}}}]},{\"role\":\"tool\",\"tool_call_id\":\"c\",\"content\":\"ok\"}]",
        "\"messages\":[{\"role\":\"assistant\",\"tool_calls\":[{\"id\":\"c\",\"type\":\"custom\",\"custom\":{\"name\":\"f\",\"input\":\"CARD\"}}]},{\"role\":\"tool\",\"tool_call_id\":\"c\",\"content\":\"CARD\"}]",
        "\"messages\":[{\"role\":\"assistant\",\"function_call\":{\"name\":\"f\",\"arguments\":\"CARD\"}},{\"role\":\"function\",\"name\":\"f\",\"content\":\"ok\"}]",
        "\"messages\":[{\"role\":\"user\",\"content\":\"ok\"}],\"prediction\":{\"type\":\"content\",\"content\":\"CARD\"},\"prediction\":{\"type\":\"content\",\"content\":\"x\"}",
    ];

    private static readonly string[] Responses =
    [
        "\"input\":\"CARD\",\"input\":\"ok\"",
        "\"instructions\":\"CARD\",\"instructions\":\"ok\",\"input\":\"ok\"",
        "\"Input\":\"CARD\",\"input\":\"ok\"",
        "\"input\":[{\"role\":\"user\",\"content\":\"CARD\",\"content\":\"ok\"}]",
        "\"input\":[{\"role\":\"user\",\"content\":[{\"type\":\"input_text\",\"text\":\"CARD\",\"text\":\"ok\"}]}]",
        "\"input\":[{\"type\":\"function_call\",\"call_id\":\"c\",\"name\":\"f\",\"arguments\":\"my CARD\"},{\"type\":\"function_call_output\",\"call_id\":\"c\",\"output\":\"CARD\"}]",
        "\"input\":[{\"type\":\"function_call_output\",\"call_id\":\"c\",\"output\":[{\"type\":\"input_text\",\"text\":\"CARD\"}]}]",
        "\"input\":[{\"type\":\"custom_tool_call\",\"call_id\":\"c\",\"name\":\"f\",\"input\":\"CARD\"},{\"type\":\"custom_tool_call_output\",\"call_id\":\"c\",\"output\":\"CARD\"}]",
        "\"input\":[{\"type\":\"computer_call_output\",\"call_id\":\"c\",\"output\":{\"type\":\"computer_screenshot\",\"text\":\"CARD\"}}]",
        "\"input\":[{\"type\":\"computer_call\",\"call_id\":\"c\",\"action\":{\"type\":\"type\",\"text\":\"CARD\"}}]",
        "\"input\":[{\"type\":\"shell_call_output\",\"call_id\":\"c\",\"output\":[{\"stdout\":\"CARD\",\"stderr\":\"CARD\",\"outcome\":{\"type\":\"exit\",\"exit_code\":0}}]}]",
        "\"input\":[{\"type\":\"local_shell_call_output\",\"id\":\"c\",\"output\":\"{\\\"stdout\\\":\\\"CARD\\\"}\"}]",
        "\"input\":[{\"type\":\"shell_call\",\"call_id\":\"c\",\"action\":{\"commands\":[\"echo CARD\"]}}]",
        "\"input\":[{\"type\":\"apply_patch_call\",\"call_id\":\"c\",\"operation\":{\"type\":\"update_file\",\"path\":\"a\",\"diff\":\"+CARD\"}},{\"type\":\"apply_patch_call_output\",\"call_id\":\"c\",\"output\":\"CARD\"}]",
        "\"input\":[{\"type\":\"mcp_call\",\"id\":\"c\",\"name\":\"f\",\"server_label\":\"s\",\"arguments\":\"CARD\",\"output\":\"CARD\",\"error\":\"CARD\"}]",
        "\"input\":[{\"type\":\"file_search_call\",\"id\":\"c\",\"queries\":[\"CARD\"],\"results\":[{\"text\":\"CARD\"}]}]",
        "\"input\":[{\"type\":\"code_interpreter_call\",\"id\":\"c\",\"code\":\"1\",\"outputs\":[{\"type\":\"logs\",\"logs\":\"CARD\"}]}]",
        "\"input\":[{\"type\":\"reasoning\",\"id\":\"r\",\"summary\":[{\"type\":\"summary_text\",\"text\":\"CARD\"}],\"content\":[{\"type\":\"reasoning_text\",\"text\":\"CARD\"}]}]",
        "\"input\":[{\"type\":\"of_next_year\",\"deep\":[{\"er\":{\"words\":\"CARD\"}}]}]",
        "\"input\":\"ok\",\"prompt\":{\"id\":\"p\",\"variables\":{\"id\":\"CARD\",\"b\":{\"type\":\"input_text\",\"text\":\"CARD\"}}}",
    ];

    private static readonly string[] Messages =
    [
        "\"messages\":[{\"role\":\"user\",\"content\":\"CARD\",\"content\":\"ok\"}]",
        "\"system\":\"CARD\",\"system\":\"ok\",\"messages\":[{\"role\":\"user\",\"content\":\"ok\"}]",
        "\"System\":\"CARD\",\"messages\":[{\"role\":\"user\",\"content\":\"ok\"}]",
        "\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"search_result\",\"source\":\"https://x\",\"title\":\"CARD\",\"content\":[{\"type\":\"text\",\"text\":\"CARD\"}]}]}]",
        "\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"document\",\"title\":\"CARD\",\"context\":\"CARD\",\"source\":{\"type\":\"text\",\"media_type\":\"text/plain\",\"data\":\"CARD\"}}]}]",
        "\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"document\",\"source\":{\"type\":\"content\",\"content\":[{\"type\":\"text\",\"text\":\"CARD\"}]}}]}]",
        "\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"thinking\",\"type\":\"text\",\"text\":\"CARD\"}]}]",
        "\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"type\":\"thinking\",\"text\":\"CARD\"}]}]",
        "\"messages\":[{\"role\":\"assistant\",\"content\":[{\"type\":\"tool_use\",\"id\":\"t\",\"name\":\"f\",\"input\":{\"id\":\"CARD\",\"url\":[\"CARD\"]}}]},{\"role\":\"user\",\"content\":[{\"type\":\"tool_result\",\"tool_use_id\":\"t\",\"content\":[{\"type\":\"text\",\"text\":\"CARD\"}]}]}]",
        "\"messages\":[{\"role\":\"assistant\",\"content\":[{\"type\":\"bash_code_execution_tool_result\",\"tool_use_id\":\"t\",\"content\":{\"type\":\"bash_code_execution_result\",\"stdout\":\"CARD\",\"stderr\":\"CARD\",\"return_code\":0,\"content\":[]}}]},{\"role\":\"user\",\"content\":\"ok\"}]",
        "\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"of_next_year\",\"deep\":{\"words\":[\"CARD\"]}}]}]",
    ];

    private static readonly string[] Gemini =
    [
        "\"contents\":[{\"parts\":[{\"text\":\"CARD\",\"text\":\"x\"}]}]",
        "\"contents\":[{\"parts\":[{\"text\":\"CARD\"}]}],\"contents\":[{\"parts\":[{\"text\":\"x\"}]}]",
        "\"contents\":[{\"parts\":[{\"text\":\"CARD\"}],\"parts\":[{\"text\":\"x\"}]}]",
        "\"contents\":{\"parts\":{\"text\":\"CARD\"}}",
        "\"Contents\":[{\"parts\":[{\"text\":\"CARD\"}]}],\"contents\":[{\"parts\":[{\"Text\":\"CARD\"}]}]",
        "\"system_instruction\":{\"parts\":[{\"text\":\"CARD\"}]},\"systemInstruction\":{\"parts\":[{\"text\":\"CARD\"}]},\"contents\":[{\"parts\":[{\"text\":\"x\"}]}]",
        "\"contents\":[{\"role\":\"model\",\"parts\":[{\"functionCall\":{\"name\":\"f\",\"args\":{\"id\":\"CARD\"},\"args\":{}}}]},{\"role\":\"user\",\"parts\":[{\"functionResponse\":{\"name\":\"f\",\"response\":{\"url\":\"CARD\"}}}]}]",
        "\"contents\":[{\"parts\":[{\"code_execution_result\":{\"outcome\":\"OUTCOME_OK\",\"output\":\"CARD\"}}]}]",
        "\"contents\":[{\"parts\":[{\"ofNextYear\":{\"words\":[\"CARD\"]}}]}]",
    ];

    private static readonly string[] Ollama =
    [
        "\"messages\":[{\"role\":\"user\",\"content\":\"CARD\",\"content\":\"ok\"}]",
        "\"messages\":[{\"role\":\"user\",\"Content\":\"CARD\",\"content\":\"ok\"}]",
        "\"Messages\":[{\"role\":\"user\",\"content\":\"CARD\"}],\"messages\":[{\"role\":\"user\",\"content\":\"ok\"}]",
        "\"messages\":[{\"role\":\"assistant\",\"content\":\"\",\"thinking\":\"CARD\",\"tool_calls\":[{\"function\":{\"name\":\"f\",\"arguments\":{\"id\":\"CARD\"}}}]},{\"role\":\"tool\",\"tool_name\":\"f\",\"content\":\"CARD\"}]",
    ];

    [Theory]
    [MemberData(nameof(Searched))]
    public async Task Text_OfARequest_IsSearchedWhereverItStands(string path, string body)
    {
        await using var upstream = await StartAsync();

        using var answer = await PostAsync(upstream, path, body.Replace("CARD", Card, StringComparison.Ordinal));

        if (upstream.Requests.Count == 0)
        {
            // What is refused does not go up either.
            ((int)answer.StatusCode).ShouldBe(400, await TextAsync(answer));
            return;
        }
        string sent = upstream.Requests.ShouldHaveSingleItem().Text;
        sent.ShouldNotContain(Card);
        JsonDocument.Parse(sent).Dispose();
    }

    [Theory]
    [InlineData("/v1/chat/completions", """{"model":"openai/m","messages":[{"role":"assistant","name":"CARD","tool_calls":[{"id":"CARD","type":"function","function":{"name":"CARD","arguments":"{\"CARD\":CARD}"}}]},{"role":"tool","tool_call_id":"CARD","content":"x"},{"role":"user","content":[{"type":"image_url","image_url":{"url":"https://x/CARD"}},{"type":"file","file":{"file_id":"CARD","file_data":"CARD"}},{"type":"input_audio","input_audio":{"data":"CARD","format":"wav"}}]}]}""")]
    [InlineData("/v1/responses", """{"model":"openai/m","input":[{"type":"function_call","id":"CARD","call_id":"CARD","name":"CARD","arguments":"{}"},{"type":"function_call_output","call_id":"CARD","output":"x"},{"type":"reasoning","id":"CARD","encrypted_content":"CARD","summary":[]},{"role":"user","content":[{"type":"input_image","image_url":"https://x/CARD","file_id":"CARD"}]}]}""")]
    [InlineData("/v1/messages", """{"model":"anthropic/m","max_tokens":5,"messages":[{"role":"assistant","content":[{"type":"tool_use","id":"CARD","name":"CARD","input":{"CARD":1}},{"type":"redacted_thinking","data":"CARD"}]},{"role":"user","content":[{"type":"tool_result","tool_use_id":"CARD","content":"x"},{"type":"image","source":{"type":"base64","media_type":"image/png","data":"CARD"}},{"type":"image","source":{"type":"url","url":"https://x/CARD"}}]}]}""")]
    [InlineData("/v1beta/models/gemini/m:generateContent", """{"contents":[{"role":"user","parts":[{"inlineData":{"mimeType":"image/png","data":"CARD"}},{"fileData":{"fileUri":"https://x/CARD"}},{"functionCall":{"id":"CARD","name":"CARD","args":{"CARD":1}},"thoughtSignature":"CARD"}]}]}""")]
    public async Task WhatIsNoText_KeepsItsBytes(string path, string body)
    {
        await using var upstream = await StartAsync();
        string sent = body.Replace("CARD", Card, StringComparison.Ordinal);

        using var answer = await PostAsync(upstream, path, sent);

        string received = upstream.Requests.ShouldHaveSingleItem().Text;
        received[received.IndexOf(path == "/v1beta/models/gemini/m:generateContent" ? "contents" : path == "/v1/responses" ? "input" : "messages", StringComparison.Ordinal)..]
            .ShouldBe(sent[sent.IndexOf(path == "/v1beta/models/gemini/m:generateContent" ? "contents" : path == "/v1/responses" ? "input" : "messages", StringComparison.Ordinal)..]);
    }

    [Theory]
    [InlineData("/v1beta/models/openai/m:generateContent", "\"contents\":[{\"parts\":[{\"text\":\"Hi\"}]}]")]
    [InlineData("/v1/chat/completions", "\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]")]
    [InlineData("/v1/messages", "\"max_tokens\":5,\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]")]
    public async Task MembersOfABody_AreBounded(string path, string members)
    {
        await using var upstream = await StartAsync();
        string many = string.Join(',', Enumerable.Repeat("\"model\":\"openai/m\"", 40_000));

        using var answer = await PostAsync(upstream, path, "{" + many + "," + members + "}");

        ((int)answer.StatusCode).ShouldBe(400, await TextAsync(answer));
        upstream.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task SignedThinking_IsLeftAloneAndTold()
    {
        await using var upstream = await StartAsync();

        using var answer = await PostAsync(upstream, "/v1/messages", $$"""{"model":"anthropic/m","max_tokens":5,"messages":[{"role":"assistant","content":[{"type":"thinking","thinking":"{{Card}}","signature":"s"}]},{"role":"user","content":"ok"}]}""");

        upstream.Requests.ShouldHaveSingleItem().Text.ShouldContain(Card);
        Header(answer, "x-sluice-dropped")!.ShouldContain("thinking");
    }

    private static async Task<FakeUpstream> StartAsync()
    {
        var upstream = await FakeUpstream.StartAsync(_ => FakeAnswer.Json("""{"id":"msg_1","type":"message","role":"assistant","model":"m","content":[{"type":"text","text":"Hi"}],"stop_reason":"end_turn","usage":{"input_tokens":1,"output_tokens":1}}"""));
        await upstream.GatewayAsync(Settings);
        return upstream;
    }

    private static Task<HttpResponseMessage> PostAsync(FakeUpstream upstream, string path, string body) =>
        upstream.Client.PostAsync(path, new StringContent(body, Encoding.UTF8, "application/json"), TestContext.Current.CancellationToken);
}
