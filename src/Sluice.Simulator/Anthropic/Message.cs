using System.Text.Json;
using Sluice.Simulator.Answers;
using Sluice.Simulator.Hosting;

namespace Sluice.Simulator.Anthropic;

/// <summary>What the whole and the streamed form of a message have in common.</summary>
internal sealed class Message
{
    private readonly CacheUse cache;
    private readonly string id;

    public Message(SimulatedCall call, Ask ask, Answer answer, bool redacted, JsonElement root)
    {
        Call = call;
        Ask = ask;
        Answer = answer;
        var hidden = root.Has("thinking", out var thinking) && thinking.Text("display") == "omitted";
        Blocks = Block.From(call, answer, ask.Thinks, redacted, hidden);
        cache = call.Stage.Cache.UseMarks("anthropic", ask.Prompt);
        id = call.Stage.Ids.Letters("msg_01", 22);
    }

    public SimulatedCall Call { get; }

    public Ask Ask { get; }

    public Answer Answer { get; }

    public List<Block> Blocks { get; }

    private string StopReason => Answer switch
    {
        { Refused: true } or { Finish: Finish.Filter } => "refusal",
        { Finish: Finish.Length } => "max_tokens",
        { Finish: Finish.StopSequence } => "stop_sequence",
        { Finish: Finish.ToolCalls } => "tool_use",
        _ => "end_turn",
    };

    public void WriteHead(Utf8JsonWriter writer)
    {
        writer.WriteString("model", Ask.Model);
        writer.WriteString("id", id);
        writer.WriteString("type", "message");
        writer.WriteString("role", "assistant");
    }

    public void WriteStop(Utf8JsonWriter writer)
    {
        writer.WriteString("stop_reason", StopReason);
        writer.WriteString("stop_sequence", Answer.StopSequence);
        if (StopReason != "refusal")
        {
            writer.WriteNull("stop_details");
            return;
        }

        writer.WriteStartObject("stop_details");
        writer.WriteString("type", "refusal");
        writer.WriteNull("category");
        writer.WriteNull("explanation");
        writer.WriteEndObject();
    }

    public void WriteUsage(Utf8JsonWriter writer, int outputTokens, bool start, bool end)
    {
        writer.WriteStartObject("usage");
        writer.WriteNumber("input_tokens", Math.Max(0, Ask.Prompt.Tokens - cache.Read - cache.Write));
        writer.WriteNumber("cache_creation_input_tokens", cache.Write);
        writer.WriteNumber("cache_read_input_tokens", cache.Read);
        if (start)
        {
            writer.WriteStartObject("cache_creation");
            writer.WriteNumber("ephemeral_5m_input_tokens", cache.Write5Minutes);
            writer.WriteNumber("ephemeral_1h_input_tokens", cache.Write1Hour);
            writer.WriteEndObject();
        }

        writer.WriteNumber("output_tokens", outputTokens);
        if (end && Answer.ReasoningTokens > 0)
        {
            writer.WriteStartObject("output_tokens_details");
            writer.WriteNumber("thinking_tokens", Answer.ReasoningTokens);
            writer.WriteEndObject();
        }

        if (start)
        {
            writer.WriteString("service_tier", "standard");
            writer.WriteString("inference_geo", "not_available");
        }

        writer.WriteEndObject();
    }
}
