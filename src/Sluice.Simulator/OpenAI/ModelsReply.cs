using System.Text.Json;
using Sluice.Simulator.Hosting;

namespace Sluice.Simulator.OpenAI;

/// <summary>The list of models, and one of them.</summary>
internal static class ModelsReply
{
    private static readonly string[] Names = ["gpt-5.4", "gpt-5.4-mini", "gpt-4o-mini", "deepseek-reasoner", "gpt-3.5-turbo-instruct", "text-embedding-3-small", "text-embedding-3-large", "sim-large"];

    public static Reply List(SimulatedCall call) => Send(call, Names, static (writer, names) =>
    {
        writer.WriteStartObject();
        writer.WriteString("object", "list");
        writer.WriteStartArray("data");
        foreach (var name in names)
            Write(writer, name);
        writer.WriteEndArray();
        writer.WriteEndObject();
    });

    public static Reply One(SimulatedCall call, string name)
    {
        name = Uri.UnescapeDataString(name);
        if (!name.Contains("missing", StringComparison.OrdinalIgnoreCase))
            return Send(call, name, static (writer, id) => Write(writer, id));
        return OpenAIErrors.Reply(call, new ProviderError(404, "model_not_found", $"The model '{name}' does not exist", "model"));
    }

    private static void Write(Utf8JsonWriter writer, string name)
    {
        writer.WriteStartObject();
        writer.WriteString("id", name);
        writer.WriteString("object", "model");
        writer.WriteNumber("created", 1_750_000_000);
        writer.WriteString("owned_by", "system");
        writer.WriteEndObject();
    }

    private static Reply Send<TState>(SimulatedCall call, TState state, Action<Utf8JsonWriter, TState> write)
    {
        var frames = new Frames();
        Json.WriteIndented(frames.Writer, state, write);
        frames.Cut();
        return OpenAIHeaders.Add(call, new Reply { ContentType = "application/json", Frames = frames });
    }
}
