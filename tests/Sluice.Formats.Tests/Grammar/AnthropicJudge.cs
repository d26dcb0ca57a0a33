using System.Text.Json;

namespace Sluice.Formats.Tests.Grammar;

/// <summary>Anthropic's stream of events, by docs.claude.com "Streaming messages" and the SDK's <c>RawMessageStreamEvent</c>.</summary>
internal sealed class AnthropicJudge : Judge
{
    private static readonly string[] StopReasons = ["end_turn", "max_tokens", "stop_sequence", "tool_use", "pause_turn", "refusal", "model_context_window_exceeded"];

    private static readonly string[] ErrorTypes =
        ["invalid_request_error", "authentication_error", "billing_error", "permission_error", "not_found_error", "request_too_large", "rate_limit_error", "timeout_error", "api_error", "overloaded_error"];

    private static readonly string[] BlockTypes =
    [
        "text", "thinking", "redacted_thinking", "tool_use", "server_tool_use", "web_search_tool_result", "web_fetch_tool_result", "code_execution_tool_result",
        "bash_code_execution_tool_result", "text_editor_code_execution_tool_result", "tool_search_tool_result", "mcp_tool_use", "mcp_tool_result", "container_upload",
    ];

    private string _state = "before";
    private int _blocks;
    private string? _open;
    private bool _signed;
    private SeenCall? _call;

    public override void Read(string body)
    {
        foreach (var (name, data) in Events(body)) Take(name, Parse(data));
        Must(_state == "over", $"the stream ends in state {_state}");
    }

    private void Take(string name, JsonElement data)
    {
        Must(Text(data, "type") == name, $"event: {name}, but type {data}");
        Must(_state != "over", $"{name} after the end");
        if (_state == "before") Must(name is "message_start" or "error", $"{name} before message_start");
        switch (name)
        {
            case "ping": break;
            case "message_start": Start(Member(data, "message")); break;
            case "content_block_start": StartBlock(data); break;
            case "content_block_delta": Delta(data, Member(data, "delta")); break;
            case "content_block_stop":
                Must(_open is not null && Int(data, "index") == _blocks - 1, $"no such block is open: {data}");
                (_open, _call) = (null, null);
                break;
            case "message_delta": Finish(data); break;
            case "message_stop":
                Must(_state == "finished", "message_stop before message_delta");
                (_state, Seen.IsComplete) = ("over", true);
                break;
            case "error":
                var error = Member(data, "error");
                Must(ErrorTypes.Contains(Text(error, "type")), $"no such error type: {error}");
                Seen.Error = Filled(error, "message");
                _state = "over";
                break;
            default: throw new GrammarFaultException($"no such event: {name}");
        }
    }

    private void Start(JsonElement message)
    {
        Must(_state == "before", "a second message_start");
        Filled(message, "id");
        Filled(message, "model");
        Must(Text(message, "type") == "message" && Text(message, "role") == "assistant", "type or role");
        Must(!Items(message, "content").Any(), "content must be empty at the start");
        Member(message, "stop_reason", JsonValueKind.Null);
        Member(message, "stop_sequence", JsonValueKind.Null);
        Int(Member(message, "usage"), "input_tokens");
        Int(Member(message, "usage"), "output_tokens");
        _state = "content";
        Seen.Candidate(0);
    }

    private void StartBlock(JsonElement data)
    {
        Must(_state == "content" && _open is null, $"a block starts in another or after the end: {data}");
        Must(Int(data, "index") == _blocks++, $"indexes are not contiguous: {data}");
        var block = Member(data, "content_block");
        _open = Text(block, "type");
        _signed = false;
        Must(BlockTypes.Contains(_open), $"no such block: {block}");
        switch (_open)
        {
            case "text": Must(Text(block, "text").Length == 0, "a text block starts empty"); break;
            case "thinking": Must(Text(block, "thinking").Length == 0 && Text(block, "signature").Length == 0, "a thinking block starts empty"); break;
            case "redacted_thinking": Filled(block, "data"); break;
            case "tool_use":
                Must(!Member(block, "input", JsonValueKind.Object).EnumerateObject().Any(), "the input starts empty");
                _call = new SeenCall(Filled(block, "id"), Filled(block, "name"));
                Seen.Candidate(0).Calls.Add(_call);
                break;
            default: break;
        }
    }

    private void Delta(JsonElement data, JsonElement delta)
    {
        Must(_open is not null && Int(data, "index") == _blocks - 1, $"no such block is open: {data}");
        switch (Text(delta, "type"), _open)
        {
            case ("text_delta", "text"): Seen.Candidate(0).Text.Append(Text(delta, "text")); break;
            case ("citations_delta", "text"): Filled(Member(delta, "citation"), "type"); break;
            case ("thinking_delta", "thinking"):
                Must(!_signed, "thinking after its signature");
                Seen.Candidate(0).Reasoning.Append(Text(delta, "thinking"));
                break;
            case ("signature_delta", "thinking"):
                Filled(delta, "signature");
                _signed = true;
                break;
            case ("input_json_delta", "tool_use" or "server_tool_use" or "mcp_tool_use"): _call?.Arguments.Append(Text(delta, "partial_json")); break;
            default: throw new GrammarFaultException($"this delta does not belong into {_open}: {delta}");
        }
    }

    private void Finish(JsonElement data)
    {
        Must(_state == "content" && _open is null, "message_delta in a block or twice");
        var delta = Member(data, "delta");
        string reason = Text(delta, "stop_reason");
        Must(StopReasons.Contains(reason), $"no such stop_reason: {reason}");
        Must((Member(delta, "stop_sequence", JsonValueKind.String, JsonValueKind.Null).ValueKind == JsonValueKind.String) == (reason == "stop_sequence") || reason == "stop_sequence", "stop_sequence without that reason");
        Seen.Candidate(0).Finish = reason;
        Seen.OutputTokens = Int(Member(data, "usage"), "output_tokens");
        _state = "finished";
    }
}
