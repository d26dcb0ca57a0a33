using System.Text.Json;
using Sluice.Errors;
using Sluice.Formats.Json;
using Sluice.Formats.OpenAIChat;
using Sluice.Wire;

namespace Sluice.Formats.MistralChat;

/// <summary>Mistral's errors: <c>{"object":"error","message","type","param","code"}</c>, and <c>{"detail":[...]}</c> for a malformed body.</summary>
internal sealed class MistralErrors() : ChatErrors(WireFormatId.MistralChat)
{
    /// <inheritdoc/>
    protected override void WriteBody(Utf8JsonWriter writer, GatewayError error)
    {
        writer.WriteStartObject();
        writer.WriteString("object", "error");
        WriteMembers(writer, error);
        writer.WriteEndObject();
    }

    /// <inheritdoc/>
    protected override bool IsBody(RawJson raw) =>
        !raw.IsAbsent && raw.ToElement() is { ValueKind: JsonValueKind.Object } body && (body.Get("message"u8) ?? body.Get("detail"u8)) is not null;
}
