using System.Text.Json;
using Sluice.Chat;
using Sluice.Formats.Json;
using Sluice.Formats.Shared;

namespace Sluice.Formats.OllamaChat;

/// <summary>
/// The member <c>sluice</c> of a tool call: <c>{"signature": "...", "reasoning": [{"text", "signature", "redacted"}]}</c>. It holds what a provider
/// must get back with the results of the call, in <see cref="SignatureEnvelope"/>s that name its owner. Signed reasoning carries its text too,
/// because a signature is good for exactly that text.
/// </summary>
internal static class CarriedReasoning
{
    private const string NoFamily = "";

    /// <summary>Reads the member; anything that is not ours is passed over.</summary>
    public static IReadOnlyList<ReasoningPart> Read(JsonElement ride, out Signature? signature)
    {
        signature = ride.Text("signature"u8) is { } own ? Open(own) : null;
        if (ride.Get("reasoning"u8) is not { ValueKind: JsonValueKind.Array } list) return [];
        var parts = new List<ReasoningPart>();
        foreach (var item in list.EnumerateArray())
        {
            if (item.ValueKind != JsonValueKind.Object) continue;
            parts.Add(new ReasoningPart(item.Text("text"u8) ?? "")
            {
                Signature = item.Text("signature"u8) is { } value ? Open(value) : null,
                IsRedacted = item.Get("redacted"u8) is { ValueKind: JsonValueKind.True },
            });
        }
        return parts;
    }

    /// <summary>Writes the member where there is anything to carry.</summary>
    public static void Write(Utf8JsonWriter writer, Signature? signature, IReadOnlyList<ReasoningPart> reasoning)
    {
        bool signed = reasoning.Any(r => r.Signature is not null);
        if (signature is null && !signed) return;
        writer.WriteStartObject("sluice"u8);
        if (signature is not null) writer.WriteString("signature"u8, SignatureEnvelope.Write(signature, NoFamily));
        if (signed) WriteReasoning(writer, reasoning);
        writer.WriteEndObject();
    }

    private static void WriteReasoning(Utf8JsonWriter writer, IReadOnlyList<ReasoningPart> reasoning)
    {
        writer.WriteStartArray("reasoning"u8);
        foreach (var part in reasoning)
        {
            writer.WriteStartObject();
            writer.WriteString("text"u8, part.Text);
            if (part.Signature is not null) writer.WriteString("signature"u8, SignatureEnvelope.Write(part.Signature, NoFamily));
            if (part.IsRedacted) writer.WriteBoolean("redacted"u8, true);
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
    }

    private static Signature? Open(string value) => SignatureEnvelope.Read(value, NoFamily) is { Family: not NoFamily } signature ? signature : null;
}
