using System.Text.Json;
using Sluice.Simulator.Hosting;

namespace Sluice.Simulator.Mistral;

/// <summary>The list of models with their capabilities, and one of them.</summary>
internal static class MistralModels
{
    private static readonly string[] Names = ["mistral-large-latest", "mistral-small-latest", "magistral-medium-latest", "mistral-embed"];

    public static Reply List(SimulatedCall call)
    {
        var frames = new Frames();
        Json.Write(frames.Writer, Names, static (writer, names) =>
        {
            writer.WriteStartObject();
            writer.WriteString("object", "list");
            writer.WriteStartArray("data");
            foreach (var name in names)
                Write(writer, name);
            writer.WriteEndArray();
            writer.WriteEndObject();
        });
        frames.Cut();
        return MistralErrors.AddHeaders(call, new Reply { ContentType = "application/json", Frames = frames });
    }

    public static Reply One(SimulatedCall call, string name)
    {
        call.Model = Uri.UnescapeDataString(name);
        if (call.Model.Contains("missing", StringComparison.OrdinalIgnoreCase))
            return MistralErrors.Reply(call, new ProviderError(404));
        var frames = new Frames();
        Json.Write(frames.Writer, call.Model, static (writer, model) => Write(writer, model));
        frames.Cut();
        return MistralErrors.AddHeaders(call, new Reply { ContentType = "application/json", Frames = frames });
    }

    private static void Write(Utf8JsonWriter writer, string name)
    {
        var embeds = name.Contains("embed", StringComparison.Ordinal);
        writer.WriteStartObject();
        writer.WriteString("id", name);
        writer.WriteString("object", "model");
        writer.WriteNumber("created", 1_750_000_000);
        writer.WriteString("owned_by", "mistralai");
        writer.WriteStartObject("capabilities");
        writer.WriteBoolean("completion_chat", !embeds);
        writer.WriteBoolean("function_calling", !embeds);
        writer.WriteBoolean("completion_fim", false);
        writer.WriteBoolean("fine_tuning", false);
        writer.WriteBoolean("vision", !embeds);
        writer.WriteEndObject();
        writer.WriteString("name", name);
        writer.WriteString("description", "A simulated model.");
        writer.WriteNumber("max_context_length", embeds ? 8192 : 131_072);
        writer.WriteStartArray("aliases");
        writer.WriteEndArray();
        writer.WriteNull("deprecation");
        writer.WriteNumber("default_model_temperature", 0.3);
        writer.WriteString("type", "base");
        writer.WriteEndObject();
    }
}
