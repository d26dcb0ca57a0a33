using System.Text.Encodings.Web;
using System.Text.Json;

namespace Sluice.Formats.AnthropicMessages;

/// <summary>The input of a tool of free text, which comes in pieces, as the JSON that <c>partial_json</c> must be: <c>{"input":"..."}</c>.</summary>
internal sealed class AnthropicFreeInput
{
    private static readonly string Head = $"{{\"{AnthropicToolInput.TextProperty}\":\"";
    private string _half = "";
    private bool _hasBegun;

    /// <summary>The JSON of a piece. The first half of a surrogate pair waits for the other.</summary>
    public string Next(string piece)
    {
        string text = _half + piece;
        _half = text.Length > 0 && char.IsHighSurrogate(text[^1]) ? text[^1..] : "";
        return Begin() + JsonEncodedText.Encode(text.AsSpan(0, text.Length - _half.Length), JavaScriptEncoder.UnsafeRelaxedJsonEscaping);
    }

    /// <summary>What ends the JSON.</summary>
    public string End() => $"{Begin()}{(_half.Length > 0 ? "\ufffd" : "")}\"}}";

    private string Begin()
    {
        string head = _hasBegun ? "" : Head;
        _hasBegun = true;
        return head;
    }
}
