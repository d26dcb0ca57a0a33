using System.Text.Json;
using Sluice.Wire;

namespace Sluice.Accounting;

/// <summary>
/// Estimates the input tokens of a request from its bytes, in one pass and without an object model, for any format: texts by script and length,
/// schemas by size, media by kind. Names, ids and other members that no model reads count nothing.
/// </summary>
public static class BodyTokens
{
    private const double MessageOverhead = 4;
    private const int Base = 3;

    /// <summary>Estimates a request.</summary>
    /// <param name="json">Its body: valid JSON.</param>
    /// <param name="format">Its format.</param>
    public static long Estimate(ReadOnlySpan<byte> json, WireFormatId format)
    {
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = 1024 });
        double total = Base;
        double schema = SchemaBytes(format);
        bool hasTools = false;
        var kind = MemberKind.Text;
        var before = JsonTokenType.None;
        bool isTokens = false;
        while (reader.Read())
        {
            switch (reader.TokenType)
            {
                case JsonTokenType.PropertyName:
                    kind = BodyMembers.KindOf(reader.ValueSpan);
                    if (kind == MemberKind.Role) total += MessageOverhead;
                    if (kind is not (MemberKind.Schema or MemberKind.Ignored)) break;
                    reader.Read();
                    long start = reader.TokenStartIndex;
                    reader.Skip();
                    long length = reader.BytesConsumed - start;
                    // An empty list of tools is none.
                    if (kind == MemberKind.Schema && length > 2) (total, hasTools) = (total + (length / schema), true);
                    break;
                case JsonTokenType.String when kind == MemberKind.Text:
                    total += MediaTokens.IsDataUrl(reader.ValueSpan) ? MediaTokens.OfDataUrl(reader.ValueSpan) : TextTokens.Of(reader.ValueSpan);
                    break;
                case JsonTokenType.String when kind == MemberKind.Data:
                    total += MediaTokens.IsDataUrl(reader.ValueSpan) ? MediaTokens.OfDataUrl(reader.ValueSpan) : MediaTokens.OfBase64(reader.ValueSpan);
                    break;
                case JsonTokenType.String when kind == MemberKind.Address:
                    total += MediaTokens.IsDataUrl(reader.ValueSpan) ? MediaTokens.OfDataUrl(reader.ValueSpan) : MediaTokens.OfAddress;
                    break;
                // A list of numbers is a prompt, or what comes before it, in tokens.
                case JsonTokenType.Number when kind == MemberKind.Text && (before == JsonTokenType.StartArray || isTokens):
                    total++;
                    (isTokens, before) = (true, JsonTokenType.Number);
                    continue;
                default:
                    break;
            }
            (isTokens, before) = (false, reader.TokenType);
        }
        return (long)Math.Ceiling(total + (hasTools ? ToolPrompt(format) : 0));
    }

    // OpenAI and Google show schemas to the model in a terser form than JSON.
    private static double SchemaBytes(WireFormatId format) =>
        format.Value.StartsWith("openai", StringComparison.Ordinal) || format.Value.StartsWith("gemini", StringComparison.Ordinal) || format.Value.StartsWith("ollama", StringComparison.Ordinal) ? 8 : 4.5;

    // What a vendor writes around declared tools before the model reads them. Anthropic documents some 300 to 500 tokens, by model.
    private static double ToolPrompt(WireFormatId format) =>
        format.Value.StartsWith("anthropic", StringComparison.Ordinal) ? 470 : format.Value.StartsWith("cohere", StringComparison.Ordinal) ? 1000 : 15;
}
