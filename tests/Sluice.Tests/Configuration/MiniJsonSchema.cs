using System.Text.Json;
using System.Text.RegularExpressions;
using Sluice.Configuration.Binding;
using Sluice.Configuration.Yaml;

namespace Sluice.Tests.Configuration;

/// <summary>
/// As much of JSON Schema as our schema uses, so that the tests can judge a file as an editor would. A keyword that is not known here fails the test.
/// </summary>
internal static class MiniJsonSchema
{
    private static readonly HashSet<string> Annotations = ["$schema", "$defs", "title", "description", "default", "examples"];

    internal static List<string> Check(string schema, ConfigNode node) => Check(schema, JsonValues.ToJson(node));

    internal static List<string> Check(string schema, JsonElement value)
    {
        using var document = JsonDocument.Parse(schema);
        var errors = new List<string>();
        Check(document.RootElement, value, "$", document.RootElement, errors);
        return errors;
    }

    private static bool IsRight(JsonElement schema, JsonElement value, JsonElement root)
    {
        var errors = new List<string>();
        Check(schema, value, "", root, errors);
        return errors.Count == 0;
    }

    private static void Check(JsonElement schema, JsonElement value, string path, JsonElement root, List<string> errors)
    {
        foreach (var keyword in schema.EnumerateObject())
        {
            var rule = keyword.Value;
            var right = keyword.Name switch
            {
                _ when Annotations.Contains(keyword.Name) => true,
                "$ref" => CheckReference(rule.GetString()!, value, path, root, errors),
                "type" => rule.ValueKind is JsonValueKind.String ? IsType(value, rule.GetString()!) : rule.EnumerateArray().Any(type => IsType(value, type.GetString()!)),
                "enum" => rule.EnumerateArray().Any(item => JsonElement.DeepEquals(item, value)),
                "pattern" => value.ValueKind is not JsonValueKind.String || Regex.IsMatch(value.GetString()!, rule.GetString()!),
                "minimum" => value.ValueKind is not JsonValueKind.Number || value.GetDecimal() >= rule.GetDecimal(),
                "maximum" => value.ValueKind is not JsonValueKind.Number || value.GetDecimal() <= rule.GetDecimal(),
                "exclusiveMinimum" => value.ValueKind is not JsonValueKind.Number || value.GetDecimal() > rule.GetDecimal(),
                "minItems" => value.ValueKind is not JsonValueKind.Array || value.GetArrayLength() >= rule.GetInt32(),
                "required" => value.ValueKind is not JsonValueKind.Object || rule.EnumerateArray().All(name => value.TryGetProperty(name.GetString()!, out _)),
                "anyOf" => rule.EnumerateArray().Any(item => IsRight(item, value, root)),
                "oneOf" => rule.EnumerateArray().Count(item => IsRight(item, value, root)) == 1,
                "allOf" => rule.EnumerateArray().All(item => IsRight(item, value, root)),
                "not" => !IsRight(rule, value, root),
                "items" => CheckItems(rule, value, path, root, errors),
                "properties" or "additionalProperties" or "propertyNames" => CheckProperties(schema, keyword, value, path, root, errors),
                _ => throw new NotSupportedException($"the schema uses '{keyword.Name}'"),
            };
            if (!right) errors.Add($"{path}: {keyword.Name}");
        }
    }

    private static bool IsType(JsonElement value, string type) => type switch
    {
        "object" => value.ValueKind is JsonValueKind.Object,
        "array" => value.ValueKind is JsonValueKind.Array,
        "string" => value.ValueKind is JsonValueKind.String,
        "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        "null" => value.ValueKind is JsonValueKind.Null,
        "number" => value.ValueKind is JsonValueKind.Number,
        "integer" => value.ValueKind is JsonValueKind.Number && value.TryGetInt64(out _),
        _ => throw new NotSupportedException(type),
    };

    private static bool CheckReference(string reference, JsonElement value, string path, JsonElement root, List<string> errors)
    {
        Check(root.GetProperty("$defs").GetProperty(reference["#/$defs/".Length..]), value, path, root, errors);
        return true;
    }

    private static bool CheckItems(JsonElement rule, JsonElement value, string path, JsonElement root, List<string> errors)
    {
        if (value.ValueKind is not JsonValueKind.Array) return true;
        foreach (var item in value.EnumerateArray()) Check(rule, item, path + "[]", root, errors);
        return true;
    }

    private static bool CheckProperties(JsonElement schema, JsonProperty keyword, JsonElement value, string path, JsonElement root, List<string> errors)
    {
        if (value.ValueKind is not JsonValueKind.Object) return true;
        foreach (var member in value.EnumerateObject())
        {
            var known = schema.TryGetProperty("properties", out var properties) & (properties.ValueKind is JsonValueKind.Object && properties.TryGetProperty(member.Name, out var own));
            switch (keyword.Name)
            {
                case "properties" when known:
                    Check(properties.GetProperty(member.Name), member.Value, $"{path}.{member.Name}", root, errors);
                    break;
                case "additionalProperties" when !known && keyword.Value.ValueKind is JsonValueKind.False:
                    errors.Add($"{path}.{member.Name}: unknown");
                    break;
                case "additionalProperties" when !known:
                    Check(keyword.Value, member.Value, $"{path}.{member.Name}", root, errors);
                    break;
                case "propertyNames":
                    if (!Regex.IsMatch(member.Name, keyword.Value.GetProperty("pattern").GetString()!)) errors.Add($"{path}.{member.Name}: propertyNames");
                    break;
            }
        }

        return true;
    }
}
