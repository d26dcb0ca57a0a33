using System.Text.Json;
using Sluice.Simulator.Answers;
using Sluice.Simulator.Hosting;

namespace Sluice.Simulator.OpenAI;

/// <summary>Answers a Responses call, whole or streamed, and stores it.</summary>
internal static class ResponsesReply
{
    public static Reply Answer(SimulatedCall call, JsonElement root, ResponseStore store)
    {
        var ask = new Ask();
        var conversation = new List<JsonElement>();
        if (ResponsesReader.Read(call, root, store, ask, conversation) is { } refused)
            return OpenAIErrors.Reply(call, refused);
        var directives = Directives.Read(ask.UserText);
        var document = new ResponseDocument(call, ask, Brain.Think(ask, directives), root);
        var whole = new Frames(4096);
        Json.WriteIndented(whole.Writer, document, static (writer, body) => body.Write(writer, done: true));
        whole.Cut();
        if (root.Flag("store") != false)
            store.Put(document.Id, whole.All.ToArray(), conversation);
        if (root.Flag("stream") == true)
            return new ResponsesStream(document).Write(directives.Chunk ?? call.ChunkCharacters);
        return OpenAIHeaders.Add(call, new Reply { ContentType = "application/json", Frames = whole });
    }

    public static Reply CountTokens(SimulatedCall call, JsonElement root, ResponseStore store)
    {
        var ask = new Ask();
        if (ResponsesReader.Read(call, root, store, ask, []) is { } refused)
            return OpenAIErrors.Reply(call, refused);
        var frames = new Frames();
        Json.WriteIndented(frames.Writer, ask.Prompt.Tokens, static (writer, tokens) =>
        {
            writer.WriteStartObject();
            writer.WriteString("object", "response.input_tokens");
            writer.WriteNumber("input_tokens", tokens);
            writer.WriteEndObject();
        });
        frames.Cut();
        return OpenAIHeaders.Add(call, new Reply { ContentType = "application/json", Frames = frames });
    }
}
