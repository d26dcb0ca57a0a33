using System.Text;
using Sluice.Formats.Tests.OpenAIChat;
using Sluice.Wire;

namespace Sluice.Formats.Tests.Endings;

/// <summary>Why a provider refused stands in many places; wherever it is, clients of every dialect are told.</summary>
public sealed class ErrorReasonTests
{
    private static readonly (string Body, string[] Words)[] Errors =
    [
        ("""{"error":{"message":"Provider returned error","code":400,"metadata":{"raw":"{\"error\":{\"message\":\"image too large\"}}","provider_name":"X"}}}""", ["Provider returned error", "image too large"]),
        ("""{"error":{"message":"Provider returned error","code":429,"metadata":{"raw":"slow down, please"}}}""", ["Provider returned error", "slow down, please"]),
        ("""{"error":{"message":"flagged","code":403,"metadata":{"reasons":["violence","self-harm"],"flagged_input":"x"}}}""", ["flagged", "violence, self-harm"]),
        ("""{"error":{"message":"The prompt was filtered.","type":null,"param":"prompt","code":"content_filter","status":400,"innererror":{"code":"ResponsibleAIPolicyViolation","content_filter_result":{"hate":{"filtered":true,"severity":"high"},"violence":{"filtered":false,"severity":"safe"},"jailbreak":{"filtered":true,"detected":true}}}}}""", ["The prompt was filtered.", "hate (high)", "jailbreak"]),
        ("""{"detail":"Not Found, really"}""", ["Not Found, really"]),
        ("""{"detail":[{"loc":["body","messages",0],"msg":"field required","type":"missing"}]}""", ["body.messages.0: field required"]),
        ("""{"detail":{"error":"quota gone"}}""", ["quota gone"]),
        ("""{"object":"error","message":"too many tokens asked","type":"BadRequestError","code":400}""", ["too many tokens asked"]),
        ("""{"success":false,"errors":[{"code":7003,"message":"no such route"},{"code":7000,"message":"no such model"}],"messages":[]}""", ["no such route", "no such model"]),
        ("""{"Message":"User is not authorized"}""", ["User is not authorized"]),
        ("""{"error":"just words"}""", ["just words"]),
        ("""{"error":{"code":400,"message":"Invalid value","status":"INVALID_ARGUMENT","details":[{"@type":"type.googleapis.com/google.rpc.BadRequest","fieldViolations":[{"field":"contents","description":"contents must not be empty"}]}]}}""", ["Invalid value", "contents must not be empty"]),
        ("""{"error":{"message":"Failed to call a function.","type":"invalid_request_error","code":"tool_use_failed","failed_generation":"<function=f>{"}}""", ["Failed to call a function.", "<function=f>{"]),
        ("""{"base_resp":{"status_code":1004,"status_msg":"login fail"}}""", ["login fail"]),
        ("""{"type":"https://x/errors","title":"Unauthorized","detail":"the token has expired"}""", ["the token has expired"]),
        ("<html><head><title>502 Bad Gateway</title></head><body><h1>Bad</h1></body></html>", ["502 Bad Gateway"]),
        ("<!doctype html><body><p>upstream connect&nbsp;error</p></body>", ["upstream connect"]),
        ("upstream connect error", ["upstream connect error"]),
    ];

    public static TheoryData<string, string, string> All
    {
        get
        {
            var all = new TheoryData<string, string, string>();
            foreach (string upstream in (string[])["openai-chat", "mistral-chat", "openai-responses", "anthropic-messages", "gemini-generate", "cohere-chat", "ollama-chat", "bedrock-converse"])
            {
                foreach (string client in (string[])["openai-chat", "openai-responses", "anthropic-messages", "gemini-generate", "ollama-chat"])
                {
                    for (int i = 0; i < Errors.Length; i++) all.Add(upstream, client, Errors[i].Body);
                }
            }
            return all;
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Reason_WhereverItStands_ReachesTheClient(string upstream, string client, string body)
    {
        var error = WireFormats.Find(new WireFormatId(upstream))!.DecodeError(400, Encoding.UTF8.GetBytes(body));

        string told = ChatTesting.Text(o => WireFormats.Find(new WireFormatId(client))!.EncodeError(error, o));

        foreach (string words in Errors.Single(e => e.Body == body).Words)
        {
            error.Message.ShouldContain(words);
            // A client of the provider's own format gets its body as it is.
            if (told != body) System.Text.RegularExpressions.Regex.Unescape(told).ShouldContain(words);
        }
    }

    [Fact]
    public void Type_OfAwsJson_IsRead()
    {
        var error = WireFormats.Find(WireFormatId.BedrockConverse)!.DecodeError(400, Encoding.UTF8.GetBytes("""{"__type":"com.amazon.coral.service#ThrottlingException"}"""));
        (error.Type, error.Kind.Value, error.Message).ShouldBe(("throttlingException", "rate_limited", "throttlingException"));
    }
}
