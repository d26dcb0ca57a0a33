using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Sluice.Configuration.Binding;
using Sluice.Configuration.Schema;
using Sluice.Configuration.Yaml;

namespace Sluice.Configuration.Rendering;

/// <summary>Writes the schema as JSON Schema, draft 2020-12, for editors.</summary>
internal sealed class JsonSchemaWriter
{
    private readonly Dictionary<ObjectType, string> names = [];
    private readonly List<ObjectType> definitions = [];
    private readonly Utf8JsonWriter writer;

    private JsonSchemaWriter(Utf8JsonWriter writer) => this.writer = writer;

    internal static string Write()
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, NewLine = "\n" }))
            new JsonSchemaWriter(json).WriteDocument();
        return Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length) + "\n";
    }

    private void WriteDocument()
    {
        writer.WriteStartObject();
        writer.WriteString("$schema", "https://json-schema.org/draft/2020-12/schema");
        writer.WriteString("title", "Sluice configuration");
        WriteObjectBody(RootSchema.Root);
        writer.WriteStartObject("$defs");
        // Writing a definition may name further ones.
        for (var i = 0; i < definitions.Count; i++)
        {
            writer.WriteStartObject(names[definitions[i]]);
            WriteObjectBody(definitions[i]);
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private void WriteObjectBody(ObjectType type)
    {
        writer.WriteString("description", type.Summary);
        writer.WriteTypes("object", "null");
        writer.WriteBoolean("additionalProperties", false);
        writer.WriteStartObject("properties");
        foreach (var key in type.Keys)
        {
            writer.WriteStartObject(key.Name);
            WriteType(key.Type);
            writer.WriteString("description", key.Summary);
            if (key.Default is { } byDefault) WriteLiteral("default", byDefault, key.Type);
            if (key.Example is { } example)
            {
                writer.WriteStartArray("examples");
                WriteLiteral(null, example, key.Type);
                writer.WriteEndArray();
            }

            writer.WriteEndObject();
        }

        writer.WriteEndObject();
        writer.WriteNames("required", type.Keys.Where(key => key.Required).Select(key => key.Name));
        WriteChoices(type);
    }

    private void WriteChoices(ObjectType type)
    {
        if (type.OneOf.Count > 0)
        {
            writer.WriteStartArray("oneOf");
            foreach (var key in type.OneOf)
            {
                writer.WriteStartObject();
                writer.WriteNames("required", [key]);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
        }

        if (type.Exclusive.Count == 0) return;
        writer.WriteStartArray("allOf");
        foreach (var group in type.Exclusive)
        {
            for (var i = 0; i < group.Count; i++)
            {
                for (var j = i + 1; j < group.Count; j++)
                {
                    writer.WriteStartObject();
                    writer.WriteStartObject("not");
                    writer.WriteString("type", "object");
                    writer.WriteNames("required", [group[i], group[j]]);
                    writer.WriteEndObject();
                    writer.WriteEndObject();
                }
            }
        }

        writer.WriteEndArray();
    }

    private void WriteType(ConfigType type)
    {
        switch (type)
        {
            case ObjectType keys:
                writer.WriteString("$ref", "#/$defs/" + NameOf(keys));
                break;
            case ListType list:
                if (list.NotEmpty)
                {
                    writer.WriteString("type", "array");
                    writer.WriteNumber("minItems", 1);
                }
                else
                {
                    writer.WriteTypes("array", "null");
                }

                WriteNested("items", list.Item);
                break;
            case MapType map:
                writer.WriteTypes("object", "null");
                if (map.KeyType is ShapeType shape)
                {
                    writer.WriteStartObject("propertyNames");
                    writer.WriteString("pattern", shape.Pattern);
                    writer.WriteEndObject();
                }

                WriteNested("additionalProperties", map.Value);
                break;
            case EitherType either:
                writer.WriteStartArray("anyOf");
                WriteAlternative(either.Shorthand);
                WriteAlternative(either.Full);
                writer.WriteEndArray();
                break;
            case ScalarType scalar:
                writer.WriteScalar(scalar);
                break;
        }
    }

    private void WriteAlternative(ConfigType type)
    {
        writer.WriteStartObject();
        WriteType(type);
        writer.WriteEndObject();
    }

    private void WriteNested(string name, ConfigType type)
    {
        writer.WriteStartObject(name);
        WriteType(type);
        writer.WriteEndObject();
    }

    private void WriteLiteral(string? name, string yaml, ConfigType type)
    {
        if (name is not null) writer.WritePropertyName(name);
        var isText = type is ScalarType and not PlainType;
        if (!isText && YamlReader.ReadValue(yaml.StartsWith("${", StringComparison.Ordinal) ? "''" : yaml, ConfigurationOrigin.BuiltIn, new FaultList()) is { } node) JsonValues.Write(node, writer);
        else writer.WriteStringValue(yaml.Trim('"', '\''));
    }

    private string NameOf(ObjectType type)
    {
        if (names.TryGetValue(type, out var name)) return name;
        name = type.Name.Replace(' ', '_');
        if (names.ContainsValue(name)) name += "_" + names.Count.ToString(System.Globalization.CultureInfo.InvariantCulture);
        names.Add(type, name);
        definitions.Add(type);
        return name;
    }
}
