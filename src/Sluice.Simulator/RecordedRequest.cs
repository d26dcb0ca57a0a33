using System.Text;

namespace Sluice.Simulator;

/// <summary>A request as the simulator received it.</summary>
/// <param name="Provider">The simulated vendor: <c>openai</c>, <c>anthropic</c>, <c>gemini</c>, <c>ollama</c>, <c>cohere</c> or <c>mistral</c>.</param>
/// <param name="Method">HTTP method.</param>
/// <param name="Path">Path with the vendor's prefix, without the query.</param>
/// <param name="Query">Query string with its question mark, or empty.</param>
/// <param name="Headers">Headers; names compare without regard to case, several values are joined by a comma.</param>
/// <param name="Body">The body's bytes.</param>
/// <param name="At">When the body had arrived.</param>
public sealed record RecordedRequest(
    string Provider,
    string Method,
    string Path,
    string Query,
    IReadOnlyDictionary<string, string> Headers,
    ReadOnlyMemory<byte> Body,
    DateTimeOffset At)
{
    /// <summary>The body as UTF-8 text.</summary>
    public string Text => Encoding.UTF8.GetString(Body.Span);
}
