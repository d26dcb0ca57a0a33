using System.Text;

namespace Sluice.Formats.Tests.Linear;

/// <summary>Bodies that repeat one thing many times, as an attacker or a long session sends them.</summary>
internal static class Shapes
{
    /// <summary>By name: the dialect that the body is of, and the body with so many of the thing.</summary>
    public static IReadOnlyDictionary<string, (string Dialect, Func<int, string> Body)> All { get; } = new Dictionary<string, (string, Func<int, string>)>
    {
        ["gemini: turns of calls without ids"] = ("gemini-generate", n => Gemini(Many(n, _ => $"{GeminiCalls("f")},{GeminiResults("f")}"))),
        ["gemini: turns of calls by many names"] = ("gemini-generate", n => Gemini(Many(n, i => $"{GeminiCalls($"f{i}")},{GeminiResults($"f{i}")}"))),
        ["gemini: turns of calls with ids"] = ("gemini-generate", n => Gemini(Many(n, i => $"{GeminiCalls("f", $"c{i}")},{GeminiResults("f", $"c{i}")}"))),
        ["gemini: calls in one turn"] = ("gemini-generate", n => Gemini($"{Turn("model", Many(n, i => CallPart($"f{i}")))},{Turn("user", Many(n, i => ResultPart($"f{n - 1 - i}")))}")),
        ["gemini: calls of one name in one turn"] = ("gemini-generate", n => Gemini($"{Turn("model", Many(n, _ => CallPart("f")))},{Turn("user", Many(n, _ => ResultPart("f")))}")),
        ["gemini: results of no call"] = ("gemini-generate", n => Gemini($"{Turn("model", Many(n, i => CallPart("f", $"c{i}")))},{Turn("user", Many(n, i => ResultPart("g", $"d{i}")))}")),
        ["gemini: results without names"] = ("gemini-generate", n => Gemini($"{Turn("model", Many(n, i => CallPart($"f{i}")))},{Turn("user", Many(n, _ => """{"functionResponse":{"response":{}}}"""))}")),
        ["gemini: one id for all"] = ("gemini-generate", n => Gemini($"{Turn("model", Many(n, _ => CallPart("f", "c")))},{Turn("user", Many(n, _ => ResultPart("f", "c")))}")),
        ["gemini: repeated members of a turn"] = ("gemini-generate", n => Gemini($$"""{"role":"user","parts":[{"text":"x"}],{{Many(n, _ => "\"role\":\"function\"")}}}""")),
        ["gemini: repeated unknown members of a turn"] = ("gemini-generate", n => Gemini($$"""{"role":"user","parts":[{"text":"x"}],{{Many(n, i => $"\"x{i}\":1")}}}""")),
        ["gemini: repeated members of a part"] = ("gemini-generate", n => Gemini(Turn("user", $$$"""{"inline_data":{"data":"aa",{{{Many(n, _ => "\"mime_type\":\"image/png\"")}}}}}"""))),
        ["gemini: repeated parts in a turn"] = ("gemini-generate", n => Gemini($$"""{"role":"user",{{Many(n, _ => "\"parts\":{\"text\":\"x\"}")}}}""")),
        ["gemini: repeated settings"] = ("gemini-generate", n => Gemini(Turn("user", TextOf("x")), $$""","generation_config":{{{Many(n, _ => "\"top_k\":1")}}}""")),
        ["gemini: repeated members of a tool"] = ("gemini-generate", n => Gemini(Turn("user", TextOf("x")), $$""","tools":[{"functionDeclarations":[{"name":"f",{{Many(n, _ => "\"parameters_json_schema\":{}")}}}]}]""")),
        ["gemini: thoughts of another family"] = ("gemini-generate", n => Gemini(Many(n, _ => Turn("model", $$"""{"text":"t","thought":true},{"text":"u","thought":true,"thoughtSignature":"{{Foreign}}"}""")))),
        ["gemini: tools in one entry"] = ("gemini-generate", n => Gemini(Turn("user", TextOf("x")), $$$""","tools":[{"functionDeclarations":[{{{Many(n, i => $"{{\"name\":\"f{i}\",\"parameters\":{{\"type\":\"OBJECT\",\"properties\":{{\"a\":{{\"type\":\"STRING\"}}}}}}}}")}}}]}]""")),
        ["gemini: tools in many entries"] = ("gemini-generate", n => Gemini(Turn("user", TextOf("x")), $$""","tools":[{{Many(n, i => $"{{\"functionDeclarations\":[{{\"name\":\"f{i}\"}}]}},{{\"googleSearch\":{{}}}}")}}]""")),
        ["gemini: a choice among many"] = ("gemini-generate", n => Gemini(Turn("user", TextOf("x")), $$$""","tools":[{"functionDeclarations":[{{{Many(n, i => $"{{\"name\":\"f{i}\"}}")}}}]}],"toolConfig":{"functionCallingConfig":{"mode":"ANY","allowedFunctionNames":[{{{Many(n, i => $"\"f{i}\"")}}}]}}""")),
        ["chat: turns of calls"] = ("openai-chat", n => Chat(Many(n, i => $"{ChatCalls(ChatCall($"f{i}", $"c{i}"))},{ChatResult($"c{i}")}"))),
        ["chat: turns of calls of one name"] = ("openai-chat", n => Chat(Many(n, i => $"{ChatCalls(ChatCall("f", "c"))},{ChatResult("c")}"))),
        ["chat: calls in one turn"] = ("openai-chat", n => Chat($"{ChatCalls(Many(n, i => ChatCall($"f{i}", $"c{i}")))},{Many(n, i => ChatResult($"c{n - 1 - i}"))}")),
        ["chat: calls without ids"] = ("openai-chat", n => Chat($"{ChatCalls(Many(n, i => ChatCall($"f{i}", "")))},{Many(n, i => ChatResult(""))}")),
        ["chat: many turns of the model"] = ("openai-chat", n => Chat(Many(n, i => """{"role":"assistant","content":"a","reasoning_content":"r"}"""))),
        ["chat: many turns of the user"] = ("openai-chat", n => Chat(Many(n, i => $$"""{"role":"user","content":"{{i}}","name":"n{{i}}"}"""))),
        ["chat: many instructions"] = ("openai-chat", n => Chat(Many(n, i => """{"role":"system","content":"a"},{"role":"user","content":"b"}"""))),
        ["chat: many pieces"] = ("openai-chat", n => Chat($$"""{"role":"user","content":[{{Many(n, _ => """{"type":"text","text":"x"},{"type":"image_url","image_url":{"url":"https://a.example/b.png"}}""")}}]}""")),
        ["chat: repeated members"] = ("openai-chat", n => Chat($$"""{"role":"user","content":"x",{{Many(n, _ => "\"name\":null")}}}""")),
        ["chat: many unknown members"] = ("openai-chat", n => Chat($$"""{"role":"user","content":"x",{{Many(n, i => $"\"x{i}\":1")}}}""")),
        ["chat: many pieces of reasoning"] = ("openai-chat", n => Chat($$"""{"role":"assistant","content":"x","reasoning_details":[{{Many(n, i => $"{{\"type\":\"reasoning.text\",\"text\":\"a\",\"index\":{i}}},{{\"type\":\"reasoning.encrypted\",\"data\":\"YQ==\",\"index\":{i}}}")}}]}""")),
        ["chat: reasoning with one number"] = ("openai-chat", n => Chat($$"""{"role":"assistant","content":"x","reasoning_details":[{{Many(n, i => "{\"type\":\"reasoning.text\",\"text\":\"a\",\"index\":0}")}}]}""")),
        ["chat: tools"] = ("openai-chat", n => Chat(Ask, $$""","tools":[{{Many(n, i => ChatTool($"f{i}"))}}]""")),
        ["chat: tools of one name"] = ("openai-chat", n => Chat(Ask, $$""","tools":[{{Many(n, i => ChatTool("f"))}}]""")),
        ["chat: tools with names to change"] = ("openai-chat", n => Chat(Ask, $$""","tools":[{{Many(n, i => ChatTool(Odd(i)))}}]""")),
        ["chat: tools of free text"] = ("openai-chat", n => Chat(Ask, $$""","tools":[{{Many(n, i => $"{{\"type\":\"custom\",\"custom\":{{\"name\":\"f{i}\"}}}}")}}]""")),
        ["chat: a choice among many"] = ("openai-chat", n => Chat(Ask, $$$""","tools":[{{{Many(n, i => ChatTool($"f{i}"))}}}],"tool_choice":{"type":"allowed_tools","allowed_tools":{"mode":"auto","tools":[{{{Many(n, i => $"{{\"type\":\"function\",\"function\":{{\"name\":\"f{n - 1 - i}\"}}}}")}}}]}}""")),
        ["chat: a wide schema"] = ("openai-chat", n => Chat(Ask, $$$$""","tools":[{"type":"function","function":{"name":"f","strict":true,"parameters":{{{{Wide(n)}}}}}}],"response_format":{"type":"json_schema","json_schema":{"name":"a","strict":true,"schema":{{{{Wide(n)}}}}}}""")),
        ["chat: a schema of references"] = ("openai-chat", n => Chat(Ask, $$$$$""","tools":[{"type":"function","function":{"name":"f","parameters":{"type":"object","$defs":{{{{{{Many(n, i => $"\"d{i}\":{{\"type\":\"string\",\"format\":\"x\"}}")}}}}}},"properties":{{{{{{Many(n, i => $"\"p{i}\":{{\"$ref\":\"#/$defs/d{i}\"}}")}}}}}}}}}]""")),
        ["chat: stop words"] = ("openai-chat", n => Chat(Ask, $$""","stop":[{{Many(n, i => $"\"s{i}\"")}}]""")),
        ["chat: metadata"] = ("openai-chat", n => Chat(Ask, $$$""","metadata":{{{{Many(n, i => $"\"s{i}\":\"x\"")}}}},"logit_bias":{{{{Many(n, i => $"\"{i}\":1")}}}}""")),
        ["mistral: turns of calls"] = ("mistral-chat", n => Chat(Many(n, i => $"{ChatCalls(ChatCall($"f{i}", $"c{i}"))},{ChatResult($"c{i}")}"))),
        ["ollama: turns of calls"] = ("ollama-chat", n => Chat(Many(n, i => $"{OllamaCalls(OllamaCall("f"))},{OllamaResult("f")}"))),
        ["ollama: calls in one turn"] = ("ollama-chat", n => Chat($"{OllamaCalls(Many(n, i => OllamaCall($"f{i}")))},{Many(n, i => OllamaResult($"f{n - 1 - i}"))}")),
        ["ollama: calls of one name"] = ("ollama-chat", n => Chat($"{OllamaCalls(Many(n, i => OllamaCall("f")))},{Many(n, i => OllamaResult("f"))}")),
        ["ollama: results of no call"] = ("ollama-chat", n => Chat($"{OllamaCalls(Many(n, i => OllamaCall($"f{i}", $"c{i}")))},{Many(n, i => $$"""{"role":"tool","content":"x","tool_call_id":"d{{i}}"}""")}")),
        ["ollama: results by id"] = ("ollama-chat", n => Chat($"{OllamaCalls(Many(n, i => OllamaCall($"f{i}", $"c{i}")))},{Many(n, i => $$"""{"role":"tool","content":"x","tool_call_id":"c{{i}}"}""")}")),
        ["ollama: open calls before"] = ("ollama-chat", n => Chat($"{OllamaCalls(Many(n, i => OllamaCall($"f{i}")))},{OllamaCalls(OllamaCall("g"))},{Many(n, i => """{"role":"tool","content":"x"}""")}")),
        ["ollama: tools"] = ("ollama-chat", n => Chat(Ask, $$""","tools":[{{Many(n, i => ChatTool($"f{i}"))}}]""")),
        ["anthropic: turns of calls"] = ("anthropic-messages", n => Anthropic(Many(n, i => $"{Says(Use($"f{i}", $"c{i}"))},{Answers(Result($"c{i}"))}"))),
        ["anthropic: calls in one turn"] = ("anthropic-messages", n => Anthropic($"{Says(Many(n, i => Use($"f{i}", $"c{i}")))},{Answers(Many(n, i => Result($"c{n - 1 - i}")))}")),
        ["anthropic: results between texts"] = ("anthropic-messages", n => Anthropic($"{Says(Use("f", "c"))},{Answers(Many(n, i => $$"""{{Result("c")}},{"type":"text","text":"x"}"""))}")),
        ["anthropic: results between users' turns"] = ("anthropic-messages", n => Anthropic($"{Says(Use("f", "c"))},{Many(n, i => Answers($$"""{{Result("c")}},{"type":"text","text":"x"}"""))}")),
        ["anthropic: pictures in a result"] = ("anthropic-messages", n => Anthropic($"{Says(Use("f", "c"))},{Answers($$"""{"type":"tool_result","tool_use_id":"c","content":[{{Many(n, _ => """{"type":"image","source":{"type":"base64","media_type":"image/png","data":"aa"}},{"type":"text","text":"x"}""")}}]}""")}")),
        ["anthropic: instructions"] = ("anthropic-messages", n => Anthropic(Ask, $$""","system":[{{Many(n, _ => """{"type":"text","text":"x","cache_control":{"type":"ephemeral"}}""")}}]""")),
        ["anthropic: thoughts"] = ("anthropic-messages", n => Anthropic(Says(Many(n, _ => """{"type":"thinking","thinking":"x","signature":"s"},{"type":"redacted_thinking","data":"d"}""")))),
        ["anthropic: tools"] = ("anthropic-messages", n => Anthropic(Ask, $$""","tools":[{{Many(n, i => $"{{\"name\":\"f{i}\",\"input_schema\":{{\"type\":\"object\"}}}},{{\"type\":\"web_search_20250305\",\"name\":\"web_search\"}}")}}]""")),
        ["anthropic: documents"] = ("anthropic-messages", n => Anthropic(Answers(Many(n, i => $$$"""{"type":"document","source":{"type":"text","media_type":"text/plain","data":"x"},"title":"t","citations":{"enabled":true}}""")))),
        ["anthropic: edits of the context"] = ("anthropic-messages", n => Anthropic(Ask, $$$""","context_management":{"edits":[{{{Many(n, _ => """{"type":"compact_1"}""")}}}]}""")),
        ["responses: turns of calls"] = ("openai-responses", n => Responses(Many(n, i => $"{Item($"f{i}", $"c{i}")},{Output($"c{i}")}"))),
        ["responses: calls in one turn"] = ("openai-responses", n => Responses($"{Many(n, i => Item($"f{i}", $"c{i}"))},{Many(n, i => Output($"c{n - 1 - i}"))}")),
        ["responses: reasoning"] = ("openai-responses", n => Responses(Many(n, i => $$"""{"type":"reasoning","id":"rs_{{i}}","summary":[{"type":"summary_text","text":"x"}],"encrypted_content":"YQ=="}"""))),
        ["responses: groups of tools"] = ("openai-responses", n => Responses(Ask, $$""","tools":[{{Many(n, i => $"{{\"type\":\"namespace\",\"name\":\"g{i}\",\"description\":\"d\",\"tools\":[{{\"type\":\"function\",\"name\":\"f\"}}]}}")}}]""")),
        ["responses: tools in one group"] = ("openai-responses", n => Responses(Many(n, i => $$"""{"type":"function_call","namespace":"g","name":"f{{i}}","arguments":"{}","call_id":"c{{i}}"}"""), $$""","tools":[{"type":"namespace","name":"g","tools":[{{Many(n, i => $"{{\"type\":\"function\",\"name\":\"f{i}\"}}")}}]}]""")),
        ["responses: tools found by searches"] = ("openai-responses", n => Responses(Many(n, i => $$$"""{"type":"tool_search_call","call_id":"s{{{i}}}","execution":"client","arguments":{}},{"type":"tool_search_output","call_id":"s{{{i}}}","execution":"client","tools":[{"type":"function","name":"f{{{i}}}"}]}"""), ",\"tools\":[{\"type\":\"tool_search\",\"execution\":\"client\"}]")),
        ["responses: a choice among many"] = ("openai-responses", n => Responses(Ask, $$$""","tools":[{{{Many(n, i => $"{{\"type\":\"custom\",\"name\":\"f{i}\"}}")}}}],"tool_choice":{"type":"allowed_tools","mode":"auto","tools":[{{{Many(n, i => $"{{\"type\":\"custom\",\"name\":\"f{n - 1 - i}\"}}")}}}]}""")),
        ["responses: pieces of one message"] = ("openai-responses", n => Responses($$"""{"role":"user","content":[{{Many(n, _ => """{"type":"input_text","text":"x"}""")}}]}""")),
        ["responses: repeated members"] = ("openai-responses", n => Responses($$"""{"role":"user","content":"x",{{Many(n, _ => "\"status\":null")}}}""")),
        ["responses: repeated members of a tool"] = ("openai-responses", n => Responses(Ask, $$""","tools":[{"type":"function","name":"f",{{Many(n, _ => "\"strict\":null")}}}]""")),
    };

    private const string Ask = """{"role":"user","content":"x"}""";

    // A signature in the envelope by which a client of this format gives another family's back.
    private static readonly string Foreign = Sluice.Formats.Gemini.GeminiSignatures.ForClient(new Sluice.Chat.ReasoningPart("t") { Signature = new Sluice.Chat.Signature("abcd", "anthropic") })!;

    public static string Many(int count, Func<int, string> one)
    {
        var text = new StringBuilder();
        for (int i = 0; i < count; i++) text.Append(i == 0 ? "" : ",").Append(one(i));
        return text.ToString();
    }

    private static string Gemini(string contents, string rest = "") => $$"""{"contents":[{{contents}}]{{rest}}}""";

    private static string Turn(string role, string parts) => $$"""{"role":"{{role}}","parts":[{{parts}}]}""";

    private static string TextOf(string text) => $$"""{"text":"{{text}}"}""";

    private static string CallPart(string name, string? id = null) => $$$$"""{"functionCall":{{{{{(id is null ? "" : $"\"id\":\"{id}\",")}}}}"name":"{{{{name}}}}","args":{}}}""";

    private static string ResultPart(string name, string? id = null) => $$$$"""{"functionResponse":{{{{{(id is null ? "" : $"\"id\":\"{id}\",")}}}}"name":"{{{{name}}}}","response":{"output":"x"}}}""";

    private static string GeminiCalls(string name, string? id = null) => Turn("model", CallPart(name, id));

    private static string GeminiResults(string name, string? id = null) => Turn("user", ResultPart(name, id));

    private static string Chat(string messages, string rest = "") => $$"""{"model":"m","messages":[{{messages}}]{{rest}}}""";

    private static string ChatCalls(string calls) => $$"""{"role":"assistant","content":null,"tool_calls":[{{calls}}]}""";

    private static string ChatCall(string name, string id) => $$$"""{"id":"{{{id}}}","type":"function","function":{"name":"{{{name}}}","arguments":"{}"}}""";

    private static string ChatResult(string id) => $$"""{"role":"tool","content":"x","tool_call_id":"{{id}}"}""";

    private static string ChatTool(string name) => $$$$$$"""{"type":"function","function":{"name":"{{{{{{name}}}}}}","parameters":{"type":"object","properties":{"a":{"type":"string"}}}}}""";

    // All are the same once their odd letters are gone.
    private static string Odd(int number) => new([.. Enumerable.Range(0, 16).Select(bit => (number >> bit & 1) == 0 ? 'ä' : 'ö')]);

    private static string Wide(int count) => $$$$"""{"type":"object","additionalProperties":false,"properties":{{{{{Many(count, i => $"\"p{i}\":{{\"type\":\"string\"}}")}}}}},"required":[{{{{Many(count, i => $"\"p{count - 1 - i}\"")}}}}]}""";

    private static string OllamaCalls(string calls) => $$"""{"role":"assistant","content":"","tool_calls":[{{calls}}]}""";

    private static string OllamaCall(string name, string? id = null) => $$$$"""{{{{{(id is null ? "" : $"\"id\":\"{id}\",")}}}}"function":{"name":"{{{{name}}}}","arguments":{}}}""";

    private static string OllamaResult(string name) => $$"""{"role":"tool","content":"x","tool_name":"{{name}}"}""";

    private static string Anthropic(string messages, string rest = "") => $$"""{"model":"m","max_tokens":10,"messages":[{{messages}}]{{rest}}}""";

    private static string Says(string blocks) => $$"""{"role":"assistant","content":[{{blocks}}]}""";

    private static string Answers(string blocks) => $$"""{"role":"user","content":[{{blocks}}]}""";

    private static string Use(string name, string id) => $$$"""{"type":"tool_use","id":"{{{id}}}","name":"{{{name}}}","input":{}}""";

    private static string Result(string id) => $$"""{"type":"tool_result","tool_use_id":"{{id}}","content":"x"}""";

    private static string Responses(string input, string rest = "") => $$"""{"model":"m","input":[{{input}}]{{rest}}}""";

    private static string Item(string name, string id) => $$"""{"type":"function_call","name":"{{name}}","arguments":"{}","call_id":"{{id}}"}""";

    private static string Output(string id) => $$"""{"type":"function_call_output","call_id":"{{id}}","output":"x"}""";
}
