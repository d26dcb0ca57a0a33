using System.Text.Json;
using Sluice.Simulator.Hosting;

namespace Sluice.Simulator.Gemini;

/// <summary>The list of models, and one of them.</summary>
internal static class GeminiModels
{
    private static readonly string[] Names = ["gemini-3.5-flash", "gemini-2.5-pro", "gemini-2.5-flash", "gemini-embedding-001", "sim-large"];

    public static Reply List(SimulatedCall call)
    {
        var size = int.TryParse(call.Query("pageSize"), out var asked) && asked > 0 ? asked : 50;
        var skip = int.TryParse(call.Query("pageToken"), out var token) && token > 0 ? token : 0;
        var frames = new Frames();
        Json.WriteIndented(frames.Writer, (size, skip), static (writer, page) =>
        {
            writer.WriteStartObject();
            writer.WriteStartArray("models");
            foreach (var name in Names.Skip(page.skip).Take(page.size))
                Write(writer, name);
            writer.WriteEndArray();
            if (page.skip + page.size < Names.Length)
                writer.WriteString("nextPageToken", (page.skip + page.size).ToString());
            writer.WriteEndObject();
        });
        frames.Cut();
        return GeminiErrors.AddHeaders(new Reply { ContentType = "application/json; charset=UTF-8", Frames = frames });
    }

    public static Reply One(SimulatedCall call, string name)
    {
        call.Model = name;
        if (name.Contains("missing", StringComparison.OrdinalIgnoreCase))
            return GeminiErrors.Reply(call, new ProviderError(404));
        var frames = new Frames();
        Json.WriteIndented(frames.Writer, name, static (writer, model) => Write(writer, model));
        frames.Cut();
        return GeminiErrors.AddHeaders(new Reply { ContentType = "application/json; charset=UTF-8", Frames = frames });
    }

    private static void Write(Utf8JsonWriter writer, string name)
    {
        var embeds = name.Contains("embedding", StringComparison.Ordinal);
        writer.WriteStartObject();
        writer.WriteString("name", "models/" + name);
        writer.WriteString("version", "001");
        writer.WriteString("displayName", name);
        writer.WriteString("description", "A simulated model.");
        writer.WriteNumber("inputTokenLimit", embeds ? 2048 : 1_048_576);
        writer.WriteNumber("outputTokenLimit", embeds ? 1 : 65_536);
        writer.WriteStartArray("supportedGenerationMethods");
        foreach (var method in embeds ? (ReadOnlySpan<string>)["embedContent", "countTokens"] : ["generateContent", "countTokens"])
            writer.WriteStringValue(method);
        writer.WriteEndArray();
        if (!embeds)
        {
            writer.WriteNumber("temperature", 1);
            writer.WriteNumber("topP", 0.95);
            writer.WriteNumber("topK", 64);
        }

        writer.WriteEndObject();
    }
}
