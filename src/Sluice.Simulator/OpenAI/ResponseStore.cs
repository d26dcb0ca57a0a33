using System.Collections.Concurrent;
using System.Text.Json;
using Sluice.Simulator.Hosting;

namespace Sluice.Simulator.OpenAI;

/// <summary>Responses that were stored (<c>store</c> is not false), the newest thousand, with the conversations that led to them.</summary>
internal sealed class ResponseStore
{
    private const int Capacity = 1000;
    private readonly ConcurrentDictionary<string, (byte[] Json, IReadOnlyList<JsonElement> Conversation)> responses = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<string> order = new();
    private readonly ConcurrentDictionary<string, byte> reasoning = new(StringComparer.Ordinal);

    public IReadOnlyList<JsonElement>? Conversation(string id) => responses.TryGetValue(id, out var entry) ? entry.Conversation : null;

    public bool KnowsReasoning(string id) => reasoning.ContainsKey(id);

    public void Put(string id, byte[] json, IReadOnlyList<JsonElement> conversation)
    {
        using var document = JsonDocument.Parse(json);
        var items = new List<JsonElement>(conversation.Select(item => item.Clone()));
        foreach (var item in document.RootElement.GetProperty("output").EnumerateArray())
        {
            items.Add(item.Clone());
            if (item.Text("type") == "reasoning")
                reasoning[item.Text("id")!] = 0;
        }

        responses[id] = (json, items);
        order.Enqueue(id);
        while (order.Count > Capacity && order.TryDequeue(out var oldest))
            Remove(oldest);
    }

    public Reply Get(SimulatedCall call, string path)
    {
        var slash = path.IndexOf('/', StringComparison.Ordinal);
        var id = slash < 0 ? path : path[..slash];
        if (!responses.TryGetValue(id, out var entry))
            return NotFound(call, id);
        var frames = new Frames(entry.Json.Length + 16);
        if (slash >= 0 && path[slash..] != "/input_items")
            return OpenAIErrors.Reply(call, new ProviderError(404, "path"));
        if (slash < 0)
        {
            frames.Write(entry.Json);
        }
        else
        {
            Json.WriteIndented(frames.Writer, entry.Conversation, static (writer, items) =>
            {
                writer.WriteStartObject();
                writer.WriteString("object", "list");
                writer.WriteStartArray("data");
                foreach (var item in items)
                    item.WriteTo(writer);
                writer.WriteEndArray();
                writer.WriteBoolean("has_more", false);
                writer.WriteEndObject();
            });
        }

        frames.Cut();
        return OpenAIHeaders.Add(call, new Reply { ContentType = "application/json", Frames = frames });
    }

    public Reply Delete(SimulatedCall call, string id)
    {
        if (!Remove(id))
            return NotFound(call, id);
        var frames = new Frames();
        Json.WriteIndented(frames.Writer, id, static (writer, id) =>
        {
            writer.WriteStartObject();
            writer.WriteString("id", id);
            writer.WriteString("object", "response");
            writer.WriteBoolean("deleted", true);
            writer.WriteEndObject();
        });
        frames.Cut();
        return OpenAIHeaders.Add(call, new Reply { ContentType = "application/json", Frames = frames });
    }

    public static JsonElement UserMessage(string text)
    {
        var frames = new Frames();
        Json.Write(frames.Writer, text, static (writer, text) =>
        {
            writer.WriteStartObject();
            writer.WriteString("type", "message");
            writer.WriteString("role", "user");
            writer.WriteString("content", text);
            writer.WriteEndObject();
        });
        frames.Cut();
        using var document = JsonDocument.Parse(frames.All);
        return document.RootElement.Clone();
    }

    private bool Remove(string id)
    {
        if (!responses.TryRemove(id, out var entry))
            return false;
        foreach (var item in entry.Conversation)
        {
            if (item.Text("type") == "reasoning" && item.Text("id") is { } known)
                reasoning.TryRemove(known, out _);
        }

        return true;
    }

    private static Reply NotFound(SimulatedCall call, string id) =>
        OpenAIErrors.Reply(call, new ProviderError(404, "", $"Response with id '{id}' not found.", "id"));
}
