using System.Collections.Concurrent;
using System.Text;
using Sluice.TestKit;

namespace Sluice.Formats.Tests.Fuzz;

/// <summary>What is spoiled: recordings where they are there, and hand-made texts of formats of which none exist.</summary>
internal static class Samples
{
    private const int MaxLength = 40_000;

    private static readonly string[] Formats =
    [
        "openai-chat", "openai-responses", "anthropic-messages", "gemini-generate", "mistral-chat", "cohere-chat", "bedrock-converse", "bedrock-invoke-anthropic", "anthropic-count-tokens",
        "gemini-count-tokens", "openai-embeddings", "gemini-embeddings", "cohere-embed", "bedrock-count-tokens", "voyage-embeddings",
    ];

    // Where recordings have another name, or those of a kin will do.
    private static readonly Dictionary<string, string[]> Names = new()
    {
        ["gemini-embed"] = ["gemini-embeddings"],
        ["mistral-chat"] = ["mistral-chat", "openai-chat"],
        ["bedrock-invoke-anthropic"] = ["bedrock-invoke-anthropic", "anthropic-messages"],
    };

    private static readonly ConcurrentDictionary<string, IReadOnlyList<byte[]>> ByFormat = new();

    private static readonly string[] HandMade =
    [
        """{"model":"m","messages":[{"role":"system","content":"s"},{"role":"user","content":[{"type":"text","text":"hi"},{"type":"image_url","image_url":{"url":"data:image/png;base64,AAAA"}}]},{"role":"assistant","content":null,"tool_calls":[{"id":"c","type":"function","function":{"name":"f","arguments":"{}"}}]},{"role":"tool","tool_call_id":"c","content":"r"}],"tools":[{"type":"function","function":{"name":"f","parameters":{"type":"object"}}}],"tool_choice":"auto","stream":true}""",
        """{"model":"m","messages":[{"role":"user","content":"hi","images":["AAAA"]},{"role":"assistant","content":"","thinking":"t","tool_calls":[{"function":{"name":"f","arguments":{"a":1}}}]},{"role":"tool","tool_name":"f","content":"r"}],"options":{"num_predict":5,"stop":["x"]},"think":"high","format":{"type":"object"},"keep_alive":"5m"}""",
        """{"model":"m","created_at":"2026-01-01T00:00:00Z","message":{"role":"assistant","content":"a","thinking":"t","tool_calls":[{"function":{"name":"f","arguments":{"a":1}}}]},"done":true,"done_reason":"stop","eval_count":3,"prompt_eval_count":4}""",
        """{"model":"m","prompt":"p","suffix":"s","system":"y","images":["AAAA"],"raw":false,"stream":false}""",
        """{"model":"m","input":["a","b"],"dimensions":3,"encoding_format":"base64"}""",
        """{"model":"m","object":"list","data":[{"object":"embedding","index":0,"embedding":[0.1,-2e-3]},{"object":"embedding","index":1,"embedding":"AACAPwAAAMA="}],"usage":{"prompt_tokens":2,"total_tokens":2}}""",
        """{"error":{"message":"m","type":"t","code":"c","param":null,"status":"INVALID_ARGUMENT","details":[]}}""",
        "",
        "<html>502</html>",
    ];

    /// <summary>Bodies of requests, of answers and of streams.</summary>
    public static IReadOnlyList<byte[]> All { get; } = [.. HandMade.Select(Encoding.UTF8.GetBytes), .. Recorded(Formats)];

    /// <summary>What a format reads well; everything where nothing of it is recorded.</summary>
    public static IReadOnlyList<byte[]> Of(string format) => ByFormat.GetOrAdd(format, static name => Recorded(name) is { Count: > 0 } own ? own : All);

    private static List<byte[]> Recorded(string format) => [.. Recorded(Names.GetValueOrDefault(format, [format]))];

    private static IEnumerable<byte[]> Recorded(IEnumerable<string> formats)
    {
        foreach (var exchange in formats.SelectMany(Corpus.Of))
        {
            foreach (string? text in new[] { exchange.RequestBody, exchange.ResponseBody, exchange.Sse })
            {
                if (text is { Length: < MaxLength }) yield return Encoding.UTF8.GetBytes(text);
            }
            if (exchange.EventStream is { Length: < MaxLength } frames) yield return frames;
        }
    }
}
