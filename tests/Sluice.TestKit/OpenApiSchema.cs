using System.Text.Json;
using System.Text.RegularExpressions;

namespace Sluice.TestKit;

/// <summary>
/// Judges JSON by a schema of OpenAI's published description (<c>../shared/openapi/openai.json</c>): types, required members, enums and
/// alternatives. Members that a schema does not name are allowed, as JSON Schema has it.
/// </summary>
public sealed class OpenApiSchema
{
    private static readonly Lazy<JsonElement> Document = new(() => JsonDocument.Parse(File.ReadAllBytes(Path.Combine(RepositoryPaths.Shared, "openapi", "openai.json"))).RootElement);

    private readonly JsonElement _schema;

    private OpenApiSchema(JsonElement schema) => _schema = schema;

    /// <summary>True when the description is there.</summary>
    public static bool IsAvailable => File.Exists(Path.Combine(RepositoryPaths.Shared, "openapi", "openai.json"));

    /// <summary>A schema of the description by its name (<c>Response</c>, <c>CreateChatCompletionResponse</c>).</summary>
    public static OpenApiSchema Of(string name) => new(Component(name));

    /// <summary>The first fault with its path; <see langword="null"/> for a valid document.</summary>
    public string? Fault(string json) => Fault(JsonDocument.Parse(json).RootElement);

    /// <summary>The first fault with its path; <see langword="null"/> for a valid document.</summary>
    public string? Fault(JsonElement value) => Check(_schema, value, "$", 0);

    private static JsonElement Component(string name) => Document.Value.GetProperty("components").GetProperty("schemas").GetProperty(name);

    private static string? Check(JsonElement schema, JsonElement value, string path, int depth)
    {
        if (depth > 64) return null;
        // It may stand beside a reference (`usage` of a chunk).
        if (value.ValueKind == JsonValueKind.Null && schema.TryGetProperty("nullable", out var nullable) && nullable.GetBoolean()) return null;
        if (schema.TryGetProperty("$ref", out var reference)) return Check(Component(reference.GetString()!.Split('/')[^1]), value, path, depth + 1);
        if (schema.TryGetProperty("allOf", out var all))
        {
            foreach (var part in all.EnumerateArray())
            {
                if (Check(part, value, path, depth + 1) is { } fault) return fault;
            }
        }
        foreach (string name in new[] { "anyOf", "oneOf" })
        {
            if (schema.TryGetProperty(name, out var alternatives) && Best(alternatives, value, path, depth) is { } fault) return fault;
        }
        if (schema.TryGetProperty("enum", out var values) && !values.EnumerateArray().Any(v => JsonElement.DeepEquals(v, value))) return $"{path}: {value} is none of {values}";
        if (schema.TryGetProperty("const", out var constant) && !JsonElement.DeepEquals(constant, value)) return $"{path}: {value} is not {constant}";
        if (schema.TryGetProperty("type", out var type) && !IsOf(type, value)) return $"{path}: {value.ValueKind} where {type} is asked for";
        if (Bounds(schema, value) is { } bound) return $"{path}: {bound}";
        return value.ValueKind switch
        {
            JsonValueKind.Object => CheckObject(schema, value, path, depth),
            JsonValueKind.Array => CheckArray(schema, value, path, depth),
            _ => null,
        };
    }

    // Of several alternatives that all fail, the fault that lies deepest says most.
    private static string? Best(JsonElement alternatives, JsonElement value, string path, int depth)
    {
        string? best = null;
        foreach (var alternative in alternatives.EnumerateArray())
        {
            if (Check(alternative, value, path, depth + 1) is not { } fault) return null;
            if (best is null || Depth(fault) > Depth(best)) best = fault;
        }
        return best;
    }

    private static int Depth(string fault) => fault.TakeWhile(c => c != ':').Count(c => c is '.' or '[');

    private static string? CheckObject(JsonElement schema, JsonElement value, string path, int depth)
    {
        if (schema.TryGetProperty("required", out var required))
        {
            foreach (var name in required.EnumerateArray())
            {
                if (!value.TryGetProperty(name.GetString()!, out _)) return $"{path}.{name}: is required";
            }
        }
        bool hasProperties = schema.TryGetProperty("properties", out var properties);
        bool hasRest = schema.TryGetProperty("additionalProperties", out var rest) && rest.ValueKind == JsonValueKind.Object;
        foreach (var member in value.EnumerateObject())
        {
            if (hasProperties && properties.TryGetProperty(member.Name, out var property))
            {
                if (Check(property, member.Value, $"{path}.{member.Name}", depth + 1) is { } fault) return fault;
            }
            else if (rest.ValueKind == JsonValueKind.False)
            {
                return $"{path}.{member.Name}: is not allowed";
            }
            else if (hasRest && Check(rest, member.Value, $"{path}.{member.Name}", depth + 1) is { } restFault)
            {
                return restFault;
            }
        }
        return null;
    }

    private static string? Bounds(JsonElement schema, JsonElement value)
    {
        double? size = value.ValueKind switch
        {
            JsonValueKind.Number => value.GetDouble(),
            JsonValueKind.String => value.GetString()!.EnumerateRunes().Count(),
            JsonValueKind.Array => value.GetArrayLength(),
            JsonValueKind.Object => value.EnumerateObject().Count(),
            _ => null,
        };
        string suffix = value.ValueKind switch { JsonValueKind.Number => "imum", JsonValueKind.String => "Length", JsonValueKind.Array => "Items", _ => "Properties" };
        if (size is null) return null;
        if (schema.TryGetProperty("min" + suffix, out var min) && size < min.GetDouble()) return $"{size} is below min{suffix} {min}";
        if (schema.TryGetProperty("max" + suffix, out var max) && size > max.GetDouble()) return $"{size} is above max{suffix} {max}";
        return value.ValueKind == JsonValueKind.String && schema.TryGetProperty("pattern", out var pattern) && !Regex.IsMatch(value.GetString()!, pattern.GetString()!) ? $"{value} does not match {pattern}" : null;
    }

    private static string? CheckArray(JsonElement schema, JsonElement value, string path, int depth)
    {
        if (!schema.TryGetProperty("items", out var items)) return null;
        int index = 0;
        foreach (var item in value.EnumerateArray())
        {
            if (Check(items, item, $"{path}[{index++}]", depth + 1) is { } fault) return fault;
        }
        return null;
    }

    private static bool IsOf(JsonElement type, JsonElement value) =>
        type.ValueKind == JsonValueKind.Array ? type.EnumerateArray().Any(t => IsOf(t.GetString()!, value)) : IsOf(type.GetString()!, value);

    private static bool IsOf(string type, JsonElement value) => type switch
    {
        "null" => value.ValueKind == JsonValueKind.Null,
        "string" => value.ValueKind == JsonValueKind.String,
        "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        "integer" => value.ValueKind == JsonValueKind.Number && value.GetDouble() % 1 == 0,
        "number" => value.ValueKind == JsonValueKind.Number,
        "array" => value.ValueKind == JsonValueKind.Array,
        "object" => value.ValueKind == JsonValueKind.Object,
        _ => true,
    };
}
