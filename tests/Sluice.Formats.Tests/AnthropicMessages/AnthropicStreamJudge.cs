using System.Text.Json;
using System.Text.Json.Nodes;

namespace Sluice.Formats.Tests.AnthropicMessages;

/// <summary>
/// Judges a stream by the vendor's documentation, with none of our codecs: names and order of events, indexes, what each block may be
/// given, and folds it as the vendor's SDK does.
/// </summary>
internal sealed class AnthropicStreamJudge
{
    private static readonly string[] StopReasons = ["end_turn", "max_tokens", "stop_sequence", "tool_use", "pause_turn", "refusal", "model_context_window_exceeded"];

    private readonly List<(JsonObject Block, string Input)> _blocks = [];
    private JsonObject? _message;
    private int? _open;
    private bool _finished;

    /// <summary>The message as an SDK would give it.</summary>
    public JsonObject Message => _message ?? throw new InvalidOperationException("no message_start");

    public bool IsStopped { get; private set; }

    public string? Error { get; private set; }

    /// <summary>Judges a whole stream.</summary>
    public static AnthropicStreamJudge Judge(string sse)
    {
        var judge = new AnthropicStreamJudge();
        foreach (string block in sse.Split("\n\n", StringSplitOptions.RemoveEmptyEntries))
        {
            if (block.StartsWith(':')) continue;
            string[] lines = block.Split('\n');
            lines.Length.ShouldBe(2, block);
            lines[0].ShouldStartWith("event: ");
            lines[1].ShouldStartWith("data: ");
            judge.Take(lines[0][7..], JsonNode.Parse(lines[1][6..])!.AsObject());
        }
        (judge.IsStopped || judge.Error is not null).ShouldBeTrue("the stream must end with message_stop or error");
        return judge;
    }

    private void Take(string name, JsonObject data)
    {
        data["type"]!.GetValue<string>().ShouldBe(name);
        (IsStopped || Error is not null).ShouldBeFalse($"{name} after the end");
        switch (name)
        {
            case "message_start": Start(data); break;
            case "ping": _message.ShouldNotBeNull("ping before message_start"); break;
            case "content_block_start": StartBlock(data); break;
            case "content_block_delta": Delta(data); break;
            case "content_block_stop": StopBlock(data); break;
            case "message_delta": Finish(data); break;
            case "message_stop":
                _finished.ShouldBeTrue("message_stop before message_delta");
                IsStopped = true;
                break;
            case "error":
                Error = data["error"]!["message"]!.GetValue<string>();
                data["error"]!["type"]!.GetValue<string>().ShouldEndWith(data["error"]!["type"]!.GetValue<string>() == "request_too_large" ? "large" : "_error");
                break;
            default: throw new ShouldAssertException($"no such event: {name}");
        }
    }

    private void Start(JsonObject data)
    {
        _message.ShouldBeNull("a second message_start");
        _message = data["message"]!.DeepClone().AsObject();
        _message["type"]!.GetValue<string>().ShouldBe("message");
        _message["role"]!.GetValue<string>().ShouldBe("assistant");
        _message["id"]!.GetValue<string>().ShouldNotBeEmpty();
        _message["model"]!.GetValue<string>().ShouldNotBeEmpty();
        _message["content"]!.AsArray().Count.ShouldBe(0);
        foreach (string nullable in (string[])["stop_reason", "stop_sequence"]) _message.ContainsKey(nullable).ShouldBeTrue(nullable);
        _message["usage"]!["input_tokens"]!.GetValue<long>();
        _message["usage"]!["output_tokens"]!.GetValue<long>();
    }

    private void StartBlock(JsonObject data)
    {
        _message.ShouldNotBeNull();
        _finished.ShouldBeFalse("a block after message_delta");
        _open.ShouldBeNull("a block is open");
        _open = data["index"]!.GetValue<int>();
        _open.Value.ShouldBe(_blocks.Count);
        var block = data["content_block"]!.DeepClone().AsObject();
        switch (block["type"]!.GetValue<string>())
        {
            case "text": block["text"]!.GetValue<string>().ShouldBe(""); break;
            case "thinking":
                block["thinking"]!.GetValue<string>().ShouldBe("");
                block["signature"]!.GetValue<string>().ShouldBe("");
                break;
            case "redacted_thinking": block["data"]!.GetValue<string>().ShouldNotBeEmpty(); break;
            case "tool_use":
                block["id"]!.GetValue<string>().ShouldNotBeEmpty();
                block["name"]!.GetValue<string>().ShouldNotBeEmpty();
                block["input"]!.AsObject().Count.ShouldBe(0);
                break;
            default: break;
        }
        _blocks.Add((block, ""));
    }

    private void Delta(JsonObject data)
    {
        int index = data["index"]!.GetValue<int>();
        _open.ShouldBe(index);
        var (block, input) = _blocks[index];
        string type = block["type"]!.GetValue<string>();
        var delta = data["delta"]!.AsObject();
        switch (delta["type"]!.GetValue<string>())
        {
            case "text_delta":
                type.ShouldBe("text");
                block["text"] = block["text"]!.GetValue<string>() + delta["text"]!.GetValue<string>();
                break;
            case "thinking_delta":
                type.ShouldBe("thinking");
                block["signature"]!.GetValue<string>().ShouldBe("", "thinking after its signature");
                block["thinking"] = block["thinking"]!.GetValue<string>() + delta["thinking"]!.GetValue<string>();
                break;
            case "signature_delta":
                type.ShouldBe("thinking");
                block["signature"] = delta["signature"]!.GetValue<string>();
                break;
            case "input_json_delta":
                (type is "tool_use" or "server_tool_use" or "mcp_tool_use").ShouldBeTrue(type);
                _blocks[index] = (block, input + delta["partial_json"]!.GetValue<string>());
                break;
            case "citations_delta":
                type.ShouldBe("text");
                if (block["citations"] is not JsonArray citations) block["citations"] = citations = [];
                citations.Add(delta["citation"]!.DeepClone());
                break;
            default:
                type.ShouldBe("compaction");
                block["content"] = delta["content"]!.DeepClone();
                break;
        }
    }

    private void StopBlock(JsonObject data)
    {
        int index = data["index"]!.GetValue<int>();
        _open.ShouldBe(index);
        _open = null;
        var (block, input) = _blocks[index];
        if (input.Length > 0) block["input"] = JsonNode.Parse(input)!.AsObject();
        Message["content"]!.AsArray().Add(block);
    }

    private void Finish(JsonObject data)
    {
        _open.ShouldBeNull("message_delta inside a block");
        _finished = true;
        string reason = data["delta"]!["stop_reason"]!.GetValue<string>();
        StopReasons.ShouldContain(reason);
        Message["stop_reason"] = reason;
        Message["stop_sequence"] = data["delta"]!["stop_sequence"]?.DeepClone();
        foreach (var (name, value) in data["usage"]!.AsObject())
        {
            if (value is not null) Message["usage"]!.AsObject()[name] = value.DeepClone();
        }
        data["usage"]!["output_tokens"]!.GetValueKind().ShouldBe(JsonValueKind.Number);
    }
}
