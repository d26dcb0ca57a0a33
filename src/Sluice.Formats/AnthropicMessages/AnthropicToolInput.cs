using System.Text;
using System.Text.Json;
using Sluice.Chat;
using Sluice.Formats.Json;
using Sluice.Wire;

namespace Sluice.Formats.AnthropicMessages;

/// <summary>Arguments of a call as the JSON object that <c>tool_use.input</c> must be.</summary>
internal static class AnthropicToolInput
{
    /// <summary>The property in which free text (of OpenAI custom tools, or of a model that wrote no JSON) is put.</summary>
    public const string TextProperty = "input";

    /// <summary>Writes the input: the arguments where they are an object, an empty object for none, else the text in an object.</summary>
    public static void Write(Utf8JsonWriter writer, ToolCallPart call)
    {
        string arguments = call.Arguments;
        if (!call.IsCustom && (call.Notes.IsOwn() || IsObject(arguments)))
        {
            writer.WriteOneLine(RawJson.FromText(arguments));
            return;
        }
        writer.WriteStartObject();
        if (call.IsCustom || !string.IsNullOrWhiteSpace(arguments)) writer.WriteString(TextProperty, arguments);
        writer.WriteEndObject();
    }

    /// <summary>True when the arguments can be written as they are, or are none.</summary>
    public static bool IsExpressible(ToolCallPart call) => !call.IsCustom && (string.IsNullOrWhiteSpace(call.Arguments) || IsObject(call.Arguments));

    private static bool IsObject(string text)
    {
        int length = Encoding.UTF8.GetMaxByteCount(text.Length);
        byte[] rented = System.Buffers.ArrayPool<byte>.Shared.Rent(length);
        try
        {
            var reader = new Utf8JsonReader(rented.AsSpan(0, Encoding.UTF8.GetBytes(text, rented)), new JsonReaderOptions { MaxDepth = 128 });
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) return false;
            reader.Skip();
            return !reader.Read();
        }
        catch (JsonException)
        {
            return false;
        }
        finally
        {
            System.Buffers.ArrayPool<byte>.Shared.Return(rented);
        }
    }
}
