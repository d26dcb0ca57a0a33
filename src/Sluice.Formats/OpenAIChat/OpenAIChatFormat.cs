using Sluice.Wire;

namespace Sluice.Formats.OpenAIChat;

/// <summary><c>POST /v1/chat/completions</c> of OpenAI and of the vendors that copy it (platform.openai.com/docs/api-reference/chat).</summary>
internal sealed class OpenAIChatFormat() : ChatCompletionsFormat(ChatDialect.OpenAI, new ChatErrors(WireFormatId.OpenAIChat));
