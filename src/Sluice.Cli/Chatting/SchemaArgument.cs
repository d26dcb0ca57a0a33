using System.Text.Json;
using Sluice.Chat;
using Sluice.Wire;

namespace Sluice.Cli.Chatting;

/// <summary><c>--schema FILE</c>: the JSON Schema that the answer follows.</summary>
internal static class SchemaArgument
{
    private const int MaxName = 64;

    /// <summary>Reads a schema, or says why it cannot be sent.</summary>
    public static AnswerFormat? Read(string path, out string? fault)
    {
        fault = null;
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(path));
            if (document.RootElement.ValueKind != JsonValueKind.Object) fault = "is not a JSON object";
            else return new AnswerFormat("json_schema") { Name = NameOf(path), Schema = RawJson.From(document.RootElement), Strict = IsStrict(document.RootElement) ? true : null };
        }
        catch (JsonException e)
        {
            fault = $"is not JSON (line {e.LineNumber + 1}, column {e.BytePositionInLine + 1})";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            fault = File.Exists(path) ? e.Message : Directory.Exists(path) ? "is a directory; name a file" : "there is no such file";
        }
        return null;
    }

    // OpenAI takes letters, digits, '_' and '-' here, at most 64.
    private static string NameOf(string path)
    {
        string name = new([.. Path.GetFileName(path).Split('.')[0].Select(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' ? c : '_').Take(MaxName)]);
        return name.Length == 0 ? "answer" : name;
    }

    // OpenAI's rule for 'strict': every object closed, every property required. Where it is not met, asking for it would be an error.
    private static bool IsStrict(JsonElement schema)
    {
        if (schema.ValueKind == JsonValueKind.Array) return schema.EnumerateArray().All(IsStrict);
        if (schema.ValueKind != JsonValueKind.Object) return true;
        if (schema.TryGetProperty("properties", out var properties) && properties.ValueKind == JsonValueKind.Object)
        {
            if (!schema.TryGetProperty("additionalProperties", out var more) || more.ValueKind != JsonValueKind.False) return false;
            var required = schema.TryGetProperty("required", out var list) && list.ValueKind == JsonValueKind.Array ? list.EnumerateArray().Select(r => r.ToString()).ToHashSet(StringComparer.Ordinal) : [];
            if (properties.EnumerateObject().Any(p => !required.Contains(p.Name) || !IsStrict(p.Value))) return false;
        }
        return schema.EnumerateObject().Where(p => p.Name is "items" or "anyOf").All(p => IsStrict(p.Value))
            && schema.EnumerateObject().Where(p => p.Name is "$defs" or "definitions" && p.Value.ValueKind == JsonValueKind.Object).SelectMany(p => p.Value.EnumerateObject()).All(p => IsStrict(p.Value));
    }
}
