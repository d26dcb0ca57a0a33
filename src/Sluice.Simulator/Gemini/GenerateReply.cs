using System.Text.Json;
using Sluice.Simulator.Answers;
using Sluice.Simulator.Hosting;

namespace Sluice.Simulator.Gemini;

/// <summary>Answers a generation, whole, as SSE, or as a JSON array that grows.</summary>
internal static class GenerateReply
{
    public static Reply Answer(SimulatedCall call, JsonElement root, Ask ask, bool streams)
    {
        var directives = Directives.Read(ask.UserText);
        var generation = new Generation(call, ask, Brain.Think(ask, directives), root);
        if (streams)
            return Stream(call, generation, directives.Chunk ?? call.ChunkCharacters);
        var frames = new Frames(2048);
        Json.WriteIndented(frames.Writer, generation, static (writer, body) => body.Write(writer, body.WholeParts(), last: true, body.Answer.VisibleTokens, whole: true));
        frames.Write("\n"u8);
        frames.Cut();
        return GeminiErrors.AddHeaders(new Reply { ContentType = "application/json; charset=UTF-8", Frames = frames });
    }

    public static Reply Count(SimulatedCall call, Ask ask)
    {
        var frames = new Frames(256);
        Json.WriteIndented(frames.Writer, ask, static (writer, ask) =>
        {
            writer.WriteStartObject();
            writer.WriteNumber("totalTokens", ask.Prompt.Tokens);
            Generation.WriteDetails(writer, ask.Prompt);
            writer.WriteEndObject();
        });
        frames.Cut();
        call.UserText = ask.UserText;
        return GeminiErrors.AddHeaders(new Reply { ContentType = "application/json; charset=UTF-8", Frames = frames });
    }

    private static Reply Stream(SimulatedCall call, Generation generation, int chunk)
    {
        var sse = call.Query("alt") == "sse";
        var frames = new Frames(4096);
        var pieces = generation.StreamParts(chunk);
        var visible = 0;
        for (var i = 0; i < pieces.Count; i++)
        {
            visible = i == pieces.Count - 1 ? generation.Answer.VisibleTokens : Math.Min(generation.Answer.VisibleTokens, visible + (pieces[i].Sum(part => part.Tokens)));
            var state = (generation, parts: pieces[i], last: i == pieces.Count - 1, visible);
            frames.Write(sse ? "data: "u8 : i == 0 ? "["u8 : ",\r\n"u8);
            if (sse)
                Json.Write(frames.Writer, state, static (writer, body) => body.generation.Write(writer, body.parts, body.last, body.visible, whole: false));
            else
                Json.WriteIndented(frames.Writer, state, static (writer, body) => body.generation.Write(writer, body.parts, body.last, body.visible, whole: false));
            frames.Write(sse ? "\r\n\r\n"u8 : state.last ? "\n]"u8 : "\n"u8);
            frames.Cut();
        }

        var reply = GeminiErrors.AddHeaders(new Reply
        {
            ContentType = sse ? "text/event-stream" : "application/json; charset=UTF-8", Frames = frames, Streamed = true,
            WriteStreamError = (target, error) => GeminiErrors.WriteEvent(target, call, error, sse),
        });
        return sse ? reply.With("content-disposition", "attachment") : reply;
    }
}
