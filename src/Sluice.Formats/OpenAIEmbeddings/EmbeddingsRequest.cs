using System.Collections.Frozen;
using System.Text.Json;
using Sluice.Embeddings;
using Sluice.Formats.Json;
using Sluice.Wire;

namespace Sluice.Formats.OpenAIEmbeddings;

/// <summary>The request: <c>input</c> is a text, a list of texts, a list of token ids, or a list of such lists.</summary>
internal static class EmbeddingsRequest
{
    private static readonly FrozenSet<string> Known = FrozenSet.Create(StringComparer.Ordinal, "model", "input", "dimensions", "encoding_format", "user", "input_type", "truncation", "output_dtype");

    // Not OpenAI's: how its clients (as extra members) and servers like vLLM spell what only other vendors know.
    private static readonly string[] OfVendors = ["input_type", "truncation", "output_dtype"];

    /// <summary>Reads a body. Throws <see cref="WireFormatException"/>.</summary>
    public static EmbeddingRequest Read(JsonElement body)
    {
        var notes = new NotesBuilder(WireFormatId.OpenAIEmbeddings);
        notes.Sort(body, Known);
        foreach (string name in OfVendors)
        {
            if (body.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null) notes.Spell(name, value.GetRawText());
        }
        var input = body.Get("input"u8) ?? throw new WireFormatException("input", "is missing; a string or a list is required");
        bool single = input.ValueKind == JsonValueKind.String || IsTokens(input);
        string? encoding = body.String("encoding_format"u8);
        if (encoding is not (null or "float" or "base64")) throw new WireFormatException("encoding_format", "must be float or base64");
        return new EmbeddingRequest
        {
            Model = body.RequiredString("model"u8),
            Inputs = single ? [ReadInput(input, "input")] : ReadInputs(input),
            IsSingle = single,
            Dimensions = body.Int32("dimensions"u8),
            Encoding = encoding,
            User = body.String("user"u8),
            Purpose = body.String("input_type"u8),
            Truncate = body.Boolean("truncation"u8),
            NumberType = body.String("output_dtype"u8),
            Notes = notes.Build(),
        };
    }

    /// <summary>Writes a body.</summary>
    public static void Write(Utf8JsonWriter output, EmbeddingRequest request, string model, LossReport losses)
    {
        losses.Unknown(request.Notes, WireFormatId.OpenAIEmbeddings, "");
        var members = new MemberWriter(output, request.Notes, WireFormatId.OpenAIEmbeddings);
        if (request.Purpose is not null && !members.Spelling.Has("input_type")) losses.Dropped("purpose", "this format does not say what vectors are for");
        if (request.NumberType is not (null or "float") && !members.Spelling.Has("output_dtype")) losses.Dropped("output_dtype", "this format gives floats only");
        if (request.Title is not null) losses.Dropped("title", "this format has no titles");
        if (request.Truncate is not null && !members.Spelling.Has("truncation")) losses.Dropped("truncate", "this format refuses inputs that are too long");
        output.WriteStartObject();
        output.WriteString("model", model);
        output.WritePropertyName("input");
        if (!request.IsSingle || request.Inputs.Count != 1) output.WriteStartArray();
        foreach (var input in request.Inputs) WriteInput(output, input);
        if (!request.IsSingle || request.Inputs.Count != 1) output.WriteEndArray();
        members.Number("dimensions", request.Dimensions);
        members.Text("encoding_format", request.Encoding);
        members.Text("user", request.User);
        foreach (string name in OfVendors) members.Silent(name);
        members.Rest();
        output.WriteEndObject();
    }

    private static bool IsTokens(JsonElement input) => input.ValueKind == JsonValueKind.Array && input.GetArrayLength() > 0 && input[0].ValueKind == JsonValueKind.Number;

    private static List<EmbeddingInput> ReadInputs(JsonElement input)
    {
        if (input.ValueKind != JsonValueKind.Array) throw new WireFormatException("input", "must be a string or a list");
        var inputs = new List<EmbeddingInput>(input.GetArrayLength());
        foreach (var item in input.EnumerateArray()) inputs.Add(ReadInput(item, $"input[{inputs.Count}]"));
        return inputs;
    }

    private static EmbeddingInput ReadInput(JsonElement input, string path)
    {
        if (input.ValueKind == JsonValueKind.String) return new EmbeddingInput { Text = input.GetString() };
        if (input.ValueKind != JsonValueKind.Array) throw new WireFormatException(path, "must be a string or a list of token ids");
        var tokens = new List<int>(input.GetArrayLength());
        foreach (var token in input.EnumerateArray())
        {
            tokens.Add(token.ValueKind == JsonValueKind.Number && token.TryGetInt32(out int id) ? id : throw new WireFormatException($"{path}[{tokens.Count}]", "must be a token id"));
        }
        return new EmbeddingInput { Tokens = tokens };
    }

    private static void WriteInput(Utf8JsonWriter output, EmbeddingInput input)
    {
        if (input.Tokens is null)
        {
            output.WriteStringValue(input.Text);
            return;
        }
        output.WriteStartArray();
        foreach (int token in input.Tokens) output.WriteNumberValue(token);
        output.WriteEndArray();
    }
}
