using System.Text.Json;
using Sluice.Simulator.Hosting;

namespace Sluice.Simulator.Cohere;

/// <summary>The list of models, which only version 1 of the API has, and one of them.</summary>
internal static class CohereModels
{
    private static readonly string[] Names = ["command-a-03-2025", "command-a-reasoning-08-2025", "command-r7b-12-2024", "embed-v4.0"];

    public static Reply List(SimulatedCall call)
    {
        var frames = new Frames();
        var endpoint = call.Query("endpoint");
        Json.Write(frames.Writer, endpoint, static (writer, endpoint) =>
        {
            writer.WriteStartObject();
            writer.WriteStartArray("models");
            foreach (var name in Names.Where(name => endpoint is null || (endpoint == "embed") == name.StartsWith("embed", StringComparison.Ordinal)))
                Write(writer, name);
            writer.WriteEndArray();
            writer.WriteEndObject();
        });
        frames.Cut();
        return CohereProvider.AddHeaders(call, new Reply { ContentType = "application/json", Frames = frames }, 0);
    }

    public static Reply One(SimulatedCall call, string name)
    {
        call.Model = Uri.UnescapeDataString(name);
        if (call.Model.Contains("missing", StringComparison.OrdinalIgnoreCase))
            return new CohereProvider().Error(call, new ProviderError(404));
        var frames = new Frames();
        Json.Write(frames.Writer, call.Model, static (writer, model) => Write(writer, model));
        frames.Cut();
        return CohereProvider.AddHeaders(call, new Reply { ContentType = "application/json", Frames = frames }, 0);
    }

    private static void Write(Utf8JsonWriter writer, string name)
    {
        var embeds = name.StartsWith("embed", StringComparison.Ordinal);
        writer.WriteStartObject();
        writer.WriteString("name", name);
        writer.WriteBoolean("is_deprecated", false);
        writer.WriteStartArray("endpoints");
        foreach (var endpoint in embeds ? (ReadOnlySpan<string>)["embed", "classify"] : ["generate", "chat", "summarize"])
            writer.WriteStringValue(endpoint);
        writer.WriteEndArray();
        writer.WriteBoolean("finetuned", false);
        writer.WriteNumber("context_length", embeds ? 128_000 : 288_000);
        writer.WriteString("tokenizer_url", "");
        writer.WriteStartArray("default_endpoints");
        writer.WriteEndArray();
        writer.WriteEndObject();
    }
}
