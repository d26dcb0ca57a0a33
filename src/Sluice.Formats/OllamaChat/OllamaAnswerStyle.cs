namespace Sluice.Formats.OllamaChat;

/// <summary>Which endpoint's answer is written: the two differ only in where the text stands.</summary>
internal enum OllamaAnswerStyle
{
    /// <summary><c>/api/chat</c>: under <c>message</c>.</summary>
    Chat,

    /// <summary><c>/api/generate</c>: <c>response</c> and <c>thinking</c> at the root.</summary>
    Generate,
}
