using System.Text.Json;
using Sluice.Chat;
using Sluice.Errors;
using Sluice.Formats.Shared;
using Sluice.Wire;

namespace Sluice.Formats.Json;

/// <summary>The border of a decoder: parses, runs, and turns every kind of malformed input into a value.</summary>
internal static class Decoding
{
    private static JsonDocumentOptions Options { get; } = new() { MaxDepth = 128 };

    /// <summary>For pieces of decoded documents that are parsed again: deeper than any document that is accepted.</summary>
    public static JsonDocumentOptions Pieces { get; } = new() { MaxDepth = 256 };

    /// <summary>Decodes a client's request.</summary>
    public static Outcome<T> Request<T, TState>(ReadOnlyMemory<byte> body, TState state, Func<JsonElement, TState, T> decode)
        where T : class
    {
        try
        {
            using var document = JsonDocument.Parse(body, Options);
            if (document.RootElement.ValueKind != JsonValueKind.Object) return new GatewayError(ErrorKind.InvalidRequest, "the body is not a JSON object");
            if (!JsonUnicode.IsValid(body.Span)) return new GatewayError(ErrorKind.InvalidRequest, "the body holds a string that is not valid Unicode");
            return decode(document.RootElement, state);
        }
        catch (WireFormatException e)
        {
            return e.ToRequestError();
        }
        catch (JsonException)
        {
            JsonMembers.Scan(body, out var fault);
            return new GatewayError(ErrorKind.InvalidRequest, fault?.Sentence ?? "the body is not JSON");
        }
        catch (InvalidOperationException)
        {
            // System.Text.Json: a string with an escaped lone surrogate or invalid UTF-8, found only when it is read.
            return new GatewayError(ErrorKind.InvalidRequest, "the body holds a string that is not valid Unicode");
        }
    }

    /// <summary>Rewords a request that was decoded before: pieces of it that were kept as they stood may be malformed too.</summary>
    public static Outcome<T> Again<T, TState>(TState state, Func<TState, T> reword)
        where T : class
    {
        try
        {
            return reword(state);
        }
        catch (WireFormatException e)
        {
            return e.ToRequestError();
        }
    }

    /// <summary>Decodes a provider's whole answer of another kind than a chat's.</summary>
    public static Outcome<T> Answer<T, TState>(ReadOnlyMemory<byte> body, TState state, Func<JsonElement, TState, T> decode)
        where T : class => Frame(JsonUnicode.Mend(body), state, decode);

    /// <summary>Decodes a whole answer of a chat. One that says nothing is a failure.</summary>
    public static Outcome<ChatResponse> Chat<TState>(ReadOnlyMemory<byte> body, TState state, Func<JsonElement, TState, ChatResponse> decode)
    {
        var read = OpenChat(body, state, decode);
        return read.IsSuccess ? EmptyAnswer.Check(read.Value) : read;
    }

    /// <summary>Decodes an answer of a chat that need not be over.</summary>
    public static Outcome<ChatResponse> OpenChat<TState>(ReadOnlyMemory<byte> body, TState state, Func<JsonElement, TState, ChatResponse> decode)
    {
        var marked = SplitText.Mark(body);
        var read = Frame(marked, state, decode);
        return read.IsSuccess && !marked.Equals(body) ? SplitText.Join(read.Value) : read;
    }

    /// <summary>Decodes one frame of a stream, whose characters are whole.</summary>
    public static Outcome<T> Frame<T, TState>(ReadOnlyMemory<byte> body, TState state, Func<JsonElement, TState, T> decode)
        where T : class
    {
        try
        {
            using var document = JsonDocument.Parse(body, Options);
            if (document.RootElement.ValueKind != JsonValueKind.Object) return new GatewayError(ErrorKind.MalformedAnswer, "the provider's answer is not a JSON object");
            return decode(document.RootElement, state);
        }
        catch (WireFormatException e)
        {
            return e.ToAnswerError();
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return new GatewayError(ErrorKind.MalformedAnswer, "the provider's answer is not valid JSON");
        }
    }
}
