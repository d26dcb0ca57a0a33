namespace Sluice.Cli.Commands;

/// <summary>What the demo prints: things to try.</summary>
internal static class DemoWelcome
{
    public static void Print(Uri address)
    {
        string url = address.GetLeftPart(UriPartial.Authority);
        Console.WriteLine($$"""
            Sluice listens on {{url}} with simulated providers. Nothing leaves this machine, and any API key will do.

            Try:
              curl {{url}}/v1/chat/completions -H 'content-type: application/json' \
                -d '{"model":"demo","messages":[{"role":"user","content":"Hello"}]}'

            Point an official SDK at it:
              openai              base URL {{url}}/v1    chat, completions, responses, embeddings, models
              @anthropic-ai/sdk   base URL {{url}}       messages, count_tokens
              @google/genai       base URL {{url}}       generateContent, countTokens, embedContent
              ollama              host     {{url}}       chat, generate, embed, embeddings, list, show, ps

            Models, each from every SDK:
              demo                     a route: falls back over all four
              sim-openai/sim-large     sim-anthropic/sim-large
              sim-gemini/sim-large     sim-ollama/sim-large

            Ctrl-C ends it.
            """);
    }
}
