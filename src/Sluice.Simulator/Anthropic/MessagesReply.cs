using System.Text.Json;
using Sluice.Simulator.Answers;
using Sluice.Simulator.Hosting;

namespace Sluice.Simulator.Anthropic;

/// <summary>Answers a messages call, whole or streamed.</summary>
internal static class MessagesReply
{
    private const string RedactionTrigger = "ANTHROPIC_MAGIC_STRING_TRIGGER_REDACTED_THINKING";

    public static Reply Answer(SimulatedCall call, JsonElement root, Ask ask)
    {
        var directives = Directives.Read(ask.UserText);
        var answer = Brain.Think(ask, directives);
        var redacted = directives.Redacted || ask.UserText.Contains(RedactionTrigger, StringComparison.Ordinal);
        var message = new Message(call, ask, answer, redacted, root);
        if (root.Flag("stream") == true)
            return new MessagesStream(message).Write(directives.Chunk ?? call.ChunkCharacters);
        var frames = new Frames(1024 + answer.Text.Length);
        Json.Write(frames.Writer, message, static (writer, body) => Write(writer, body));
        frames.Cut();
        return AnthropicErrors.AddHeaders(call, new Reply { ContentType = "application/json", Frames = frames });
    }

    private static void Write(Utf8JsonWriter writer, Message message)
    {
        writer.WriteStartObject();
        message.WriteHead(writer);
        writer.WriteStartArray("content");
        foreach (var block in message.Blocks)
            block.Write(writer);
        writer.WriteEndArray();
        message.WriteStop(writer);
        message.WriteUsage(writer, message.Answer.OutputTokens, start: true, end: true);
        writer.WriteEndObject();
    }
}
