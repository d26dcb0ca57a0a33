namespace Sluice.Chat;

/// <summary>
/// An opaque payload by which a provider knows its own reasoning again: Anthropic's thinking signature or redacted data, Gemini's
/// <c>thoughtSignature</c>, OpenAI's <c>encrypted_content</c>. It goes back byte for byte, and only to its own family.
/// </summary>
/// <param name="Value">The payload as the provider spelled it.</param>
/// <param name="Family">Whose it is: <c>anthropic</c>, <c>gemini</c>, <c>openai</c>, <c>openrouter</c>, <c>bedrock</c> ...</param>
public sealed record Signature(string Value, string Family);
