using System.Text.Json;
using Sluice.Simulator.Hosting;

namespace Sluice.Simulator.Ollama;

/// <summary>The local models: list, running ones, details, and the server's version.</summary>
internal static class OllamaModels
{
    private const string Digest = "845dbda0ea48ed749caafd9e6037047aa19acfcfd82e704d7ca97d631a0b697e";
    private static readonly (string Name, string Family, string Parameters)[] Known = [("qwen2.5:7b", "qwen2", "7.6B"), ("llama3.2:latest", "llama", "3.2B"), ("nomic-embed-text:latest", "nomic-bert", "137M"), ("sim-large", "llama", "3.2B")];

    public static Reply Version(SimulatedCall call) => OllamaReplies.Whole(call, static (writer, _) =>
    {
        writer.WriteStartObject();
        writer.WriteString("version", "0.13.5");
        writer.WriteEndObject();
    });

    public static Reply Tags(SimulatedCall call) => OllamaReplies.Whole(call, static (writer, call) => WriteList(writer, call, running: false));

    public static Reply Running(SimulatedCall call) => OllamaReplies.Whole(call, static (writer, call) => WriteList(writer, call, running: true));

    public static Reply Show(SimulatedCall call) => OllamaReplies.Whole(call, static (writer, call) =>
    {
        writer.WriteStartObject();
        writer.WriteString("license", "Apache License 2.0");
        writer.WriteString("modelfile", $"FROM {call.Model}\n");
        writer.WriteString("parameters", "stop                           \"<|im_end|>\"");
        writer.WriteString("template", "{{ .Prompt }}");
        WriteDetails(writer, "qwen2", "7.6B");
        writer.WriteStartObject("model_info");
        writer.WriteString("general.architecture", "qwen2");
        writer.WriteNumber("general.parameter_count", 7_615_616_512);
        writer.WriteNumber("qwen2.context_length", 32_768);
        writer.WriteNumber("qwen2.embedding_length", 3584);
        writer.WriteEndObject();
        writer.WriteStartArray("capabilities");
        foreach (var capability in (ReadOnlySpan<string>)["completion", "tools", "vision", "thinking"])
            writer.WriteStringValue(capability);
        writer.WriteEndArray();
        writer.WriteString("modified_at", "2026-01-02T03:04:05.678901234Z");
        writer.WriteEndObject();
    });

    private static void WriteList(Utf8JsonWriter writer, SimulatedCall call, bool running)
    {
        writer.WriteStartObject();
        writer.WriteStartArray("models");
        foreach (var (name, family, parameters) in running ? Known.AsSpan(0, 1) : Known)
        {
            writer.WriteStartObject();
            writer.WriteString("name", name);
            writer.WriteString("model", name);
            if (!running)
                writer.WriteString("modified_at", "2026-01-02T03:04:05.678901234Z");
            writer.WriteNumber("size", 4_683_087_332);
            writer.WriteString("digest", Digest);
            WriteDetails(writer, family, parameters);
            if (running)
            {
                writer.WriteString("expires_at", OllamaReplies.Now(call));
                writer.WriteNumber("size_vram", 4_683_087_332);
                writer.WriteNumber("context_length", 32_768);
            }

            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void WriteDetails(Utf8JsonWriter writer, string family, string parameters)
    {
        writer.WriteStartObject("details");
        writer.WriteString("parent_model", "");
        writer.WriteString("format", "gguf");
        writer.WriteString("family", family);
        writer.WriteStartArray("families");
        writer.WriteStringValue(family);
        writer.WriteEndArray();
        writer.WriteString("parameter_size", parameters);
        writer.WriteString("quantization_level", "Q4_K_M");
        writer.WriteEndObject();
    }
}
