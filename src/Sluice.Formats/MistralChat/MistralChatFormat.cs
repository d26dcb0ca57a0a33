using Sluice.Formats.OpenAIChat;

namespace Sluice.Formats.MistralChat;

/// <summary>
/// <c>POST /v1/chat/completions</c> of Mistral (docs.mistral.ai/api): Chat Completions with reasoning as <c>thinking</c> parts of the content, <c>random_seed</c>,
/// <c>document_url</c>, nine-character call ids, and errors of its own shape. The differences are in <see cref="ChatDialect.Mistral"/>.
/// </summary>
internal sealed class MistralChatFormat() : ChatCompletionsFormat(ChatDialect.Mistral, new MistralErrors());
