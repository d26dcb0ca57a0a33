namespace Sluice.Cli.Commands;

/// <summary>The configuration of the demo: every simulated provider, and one route over all of them.</summary>
internal static class DemoConfiguration
{
    public static string Text(Uri simulator, string listen, string database)
    {
        string url = simulator.GetLeftPart(UriPartial.Authority);
        return $$"""
            server: { listen: "{{listen}}" }
            storage: { sqlite: "{{database}}" }
            providers:
              sim-openai: { type: openai, base_url: "{{url}}/openai/v1", api_key: demo, formats: [openai-chat, openai-responses, openai-completions, openai-embeddings] }
              sim-anthropic: { type: anthropic, base_url: "{{url}}/anthropic", api_key: demo }
              sim-gemini: { type: gemini, base_url: "{{url}}/gemini", api_key: demo }
              sim-ollama: { type: ollama, base_url: "{{url}}/ollama", formats: [ollama-chat, ollama-generate, ollama-embed] }
            models:
              demo:
                strategy: fallback
                targets: [sim-openai/sim-large, sim-anthropic/sim-large, sim-gemini/sim-large, sim-ollama/sim-large]
            """;
    }
}
