using System.Buffers;
using System.Text;
using Sluice.Chat;
using Sluice.Formats.Tests.OpenAIChat;
using Sluice.Streaming;
using Sluice.Wire;

namespace Sluice.Formats.Tests.Endings;

/// <summary>Every reason that a provider ends an answer with, told in every client's words: within the client's own list, and never a good end where it is not known to be one.</summary>
public sealed class FinishReasonTests
{
    // Client, then its words for: good, tools, cut, refused, broken.
    private static readonly (string Client, string Member, string Good, string Cut, string Refused)[] Clients =
    [
        ("openai-chat", "\"finish_reason\":", "\"stop\"", "\"length\"", "\"content_filter\""),
        ("openai-completions", "\"finish_reason\":", "\"stop\"", "\"length\"", "\"content_filter\""),
        ("anthropic-messages", "\"stop_reason\":", "\"end_turn\"", "\"max_tokens\"", "\"refusal\""),
        ("openai-responses", "\"incomplete_details\":", "null", "{\"reason\":\"max_output_tokens\"}", "{\"reason\":\"content_filter\"}"),
        ("gemini-generate", "\"finishReason\":", "\"STOP\"", "\"MAX_TOKENS\"", "\"SAFETY\""),
        ("ollama-chat", "\"done_reason\":", "\"stop\"", "\"length\"", "\"length\""),
    ];

    public static TheoryData<string, string, string, string> Words
    {
        get
        {
            var words = new TheoryData<string, string, string, string>();
            Add("gemini-generate", "refused", "SAFETY", "RECITATION", "LANGUAGE", "BLOCKLIST", "PROHIBITED_CONTENT", "SPII", "MODEL_ARMOR", "IMAGE_SAFETY", "IMAGE_PROHIBITED_CONTENT", "IMAGE_RECITATION", "NO_IMAGE");
            Add("gemini-generate", "bad", "MALFORMED_FUNCTION_CALL", "UNEXPECTED_TOOL_CALL", "TOO_MANY_TOOL_CALLS", "OTHER", "IMAGE_OTHER", "MALFORMED_RESPONSE", "MISSING_THOUGHT_SIGNATURE", "A_WORD_OF_TOMORROW");
            Add("gemini-generate", "cut", "MAX_TOKENS");
            Add("gemini-generate", "good", "STOP");
            Add("anthropic-messages", "refused", "refusal");
            Add("anthropic-messages", "bad", "pause_turn", "a_word_of_tomorrow");
            Add("anthropic-messages", "cut", "max_tokens", "model_context_window_exceeded");
            Add("anthropic-messages", "good", "end_turn");
            Add("openai-chat", "refused", "content_filter", "content_filter: SAFETY", "SAFETY", "sensitive", "refusal");
            Add("openai-chat", "bad", "error", "abort", "insufficient_system_resource", "network_error", "function_call_filter: MALFORMED_FUNCTION_CALL", "malformed_function_call", "a_word_of_tomorrow");
            Add("openai-chat", "cut", "length", "max_tokens", "model_length");
            Add("openai-chat", "good", "stop", "eos", "eos_token", "COMPLETE", "end_turn");
            Add("mistral-chat", "bad", "error");
            Add("mistral-chat", "cut", "model_length");
            Add("cohere-chat", "refused", "ERROR_TOXIC");
            Add("cohere-chat", "bad", "ERROR", "TIMEOUT", "USER_CANCEL", "A_WORD_OF_TOMORROW");
            Add("cohere-chat", "cut", "MAX_TOKENS", "ERROR_LIMIT");
            Add("cohere-chat", "good", "COMPLETE");
            Add("bedrock-converse", "refused", "guardrail_intervened", "content_filtered");
            Add("bedrock-converse", "bad", "malformed_tool_use", "malformed_model_output", "a_word_of_tomorrow");
            Add("bedrock-converse", "cut", "max_tokens", "model_context_window_exceeded");
            Add("bedrock-converse", "good", "end_turn");
            Add("ollama-chat", "bad", "error", "a_word_of_tomorrow");
            Add("ollama-chat", "cut", "length");
            Add("ollama-chat", "good", "stop", "load");
            Add("openai-responses", "refused", "content_filter");
            Add("openai-responses", "bad", "a_word_of_tomorrow");
            Add("openai-responses", "cut", "max_output_tokens");
            return words;

            void Add(string upstream, string kind, params string[] all)
            {
                foreach (var (client, _, _, _, _) in Clients)
                {
                    if (client == upstream) continue;
                    foreach (string word in all) words.Add(upstream, word, client, kind);
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Words))]
    public void Answer_WithAnyReason_IsToldInTheClientsWords(string upstream, string word, string client, string kind)
    {
        var context = ChatTesting.Context(new WireFormatId(client), new WireFormatId(upstream));
        var read = WireFormats.Find<IChatClientFormat>(new WireFormatId(upstream))!.DecodeResponse(Encoding.UTF8.GetBytes(Whole(upstream, word)), context);
        read.Error?.Message.ShouldBeNull();

        string whole = ChatTesting.Text(o => WireFormats.Find<IChatServerFormat>(new WireFormatId(client))!.EncodeResponse(read.Value!, context, o));
        string stream = Stream(client, read.Value!);

        Judge(client, kind, whole);
        Judge(client, kind, stream);
    }

    private static void Judge(string client, string kind, string body)
    {
        var (_, member, good, cut, refused) = Clients.Single(c => c.Client == client);
        string last = body.LastIndexOf(member, StringComparison.Ordinal) is >= 0 and var at ? body[(at + member.Length)..] : "";
        switch (kind)
        {
            case "good": last.ShouldStartWith(good); break;
            case "cut": last.ShouldStartWith(cut); break;
            case "refused": last.ShouldStartWith(refused); break;
            default:
                if (client == "openai-responses") body.ShouldNotContain("\"status\":\"completed\",\"error\"");
                if (client == "openai-responses" && !body.Contains("\"status\":\"failed\"", StringComparison.Ordinal)) last.ShouldStartWith(cut);
                if (client != "openai-responses") last.ShouldNotStartWith(good);
                break;
        }
    }

    private static string Stream(string client, ChatResponse answer)
    {
        var context = ChatTesting.Context(new WireFormatId(client), WireFormatId.CohereChat);
        var encoder = WireFormats.Find<IChatServerFormat>(new WireFormatId(client))!.CreateStreamEncoder(context);
        var output = new ArrayBufferWriter<byte>();
        List<StreamEvent> events = [new ResponseStarted(), new PartStarted(0, 0, new TextPart("")), new PartDelta(0, 0, new TextDelta("x")), new PartEnded(0, 0)];
        events.Add(new CandidateFinished(0, answer.Candidates[0].FinishReason!.Value));
        events.Add(new ResponseEnded());
        foreach (var next in events) encoder.Encode(next, output);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    private static string Whole(string upstream, string word) => upstream switch
    {
        "gemini-generate" => $$$"""{"candidates":[{"content":{"role":"model","parts":[{"text":"x"}]},"finishReason":"{{{word}}}","index":0}]}""",
        "anthropic-messages" => $$$"""{"id":"m","type":"message","role":"assistant","model":"c","content":[{"type":"text","text":"x"}],"stop_reason":"{{{word}}}","stop_sequence":null,"usage":{"input_tokens":1,"output_tokens":1}}""",
        "cohere-chat" => $$$"""{"id":"c","finish_reason":"{{{word}}}","message":{"role":"assistant","content":[{"type":"text","text":"x"}]}}""",
        "bedrock-converse" => $$$"""{"output":{"message":{"role":"assistant","content":[{"text":"x"}]}},"stopReason":"{{{word}}}"}""",
        "ollama-chat" => $$$"""{"model":"m","message":{"role":"assistant","content":"x"},"done":true,"done_reason":"{{{word}}}"}""",
        "openai-responses" => $$$"""{"id":"r","status":"incomplete","incomplete_details":{"reason":"{{{word}}}"},"output":[{"type":"message","id":"m","role":"assistant","content":[{"type":"output_text","text":"x"}]}]}""",
        _ => $$$"""{"id":"c","object":"chat.completion","model":"m","choices":[{"index":0,"message":{"role":"assistant","content":"x"},"finish_reason":"{{{word}}}"}]}""",
    };
}
