using System.Text.Json;
using Sluice.Simulator.Hosting;

namespace Sluice.Simulator.Anthropic;

/// <summary>The list of models, and one of them.</summary>
internal static class AnthropicModels
{
    private static readonly (string Id, string Name)[] Known = [("claude-sonnet-5", "Claude Sonnet 5"), ("claude-opus-5", "Claude Opus 5"), ("claude-haiku-5-5", "Claude Haiku 5.5"), ("sim-large", "Simulated")];

    public static Reply List(SimulatedCall call)
    {
        var frames = new Frames();
        Json.Write(frames.Writer, Known, static (writer, models) =>
        {
            writer.WriteStartObject();
            writer.WriteStartArray("data");
            foreach (var (id, name) in models)
                Write(writer, id, name);
            writer.WriteEndArray();
            writer.WriteBoolean("has_more", false);
            writer.WriteString("first_id", models[0].Id);
            writer.WriteString("last_id", models[^1].Id);
            writer.WriteEndObject();
        });
        frames.Cut();
        return AnthropicErrors.AddHeaders(call, new Reply { ContentType = "application/json", Frames = frames });
    }

    public static Reply One(SimulatedCall call, string id)
    {
        call.Model = Uri.UnescapeDataString(id);
        if (call.Model.Contains("missing", StringComparison.OrdinalIgnoreCase))
            return AnthropicErrors.Reply(call, new ProviderError(404));
        var frames = new Frames();
        Json.Write(frames.Writer, call.Model, static (writer, model) => Write(writer, model, model));
        frames.Cut();
        return AnthropicErrors.AddHeaders(call, new Reply { ContentType = "application/json", Frames = frames });
    }

    private static void Write(Utf8JsonWriter writer, string id, string name)
    {
        writer.WriteStartObject();
        writer.WriteString("type", "model");
        writer.WriteString("id", id);
        writer.WriteString("display_name", name);
        writer.WriteString("created_at", "2026-02-24T00:00:00Z");
        writer.WriteEndObject();
    }
}
