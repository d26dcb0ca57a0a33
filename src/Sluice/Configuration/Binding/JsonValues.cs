using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Sluice.Configuration.Yaml;

namespace Sluice.Configuration.Binding;

/// <summary>Turns nodes into JSON by YAML's core rules: a plain <c>5</c> is a number, <c>"5"</c> is text.</summary>
internal static class JsonValues
{
    internal static JsonElement ToJson(ConfigNode node)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer)) Write(node, writer);
        var reader = new Utf8JsonReader(buffer.WrittenSpan);
        return JsonElement.ParseValue(ref reader);
    }

    internal static void Write(ConfigNode node, Utf8JsonWriter writer)
    {
        switch (node)
        {
            case MapNode map:
                writer.WriteStartObject();
                foreach (var entry in map.Entries)
                {
                    writer.WritePropertyName(entry.Key);
                    Write(entry.Value, writer);
                }

                writer.WriteEndObject();
                break;
            case ListNode list:
                writer.WriteStartArray();
                foreach (var item in list.Items) Write(item, writer);
                writer.WriteEndArray();
                break;
            case ScalarNode scalar:
                WriteScalar(scalar, writer);
                break;
        }
    }

    private static void WriteScalar(ScalarNode scalar, Utf8JsonWriter writer)
    {
        if (scalar.IsNull) writer.WriteNullValue();
        else if (scalar.Plain && BoolType(scalar.Text) is { } truth) writer.WriteBooleanValue(truth);
        else if (scalar.Plain && IsJsonNumber(scalar.Text)) writer.WriteRawValue(scalar.Text);
        else if (scalar.Plain && decimal.TryParse(scalar.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && scalar.Text is not ['0', _, ..]) writer.WriteNumberValue(number);
        else writer.WriteStringValue(scalar.Text);
    }

    private static bool? BoolType(string text) => Schema.BoolType.TryParse(text, out var value) ? value : null;

    /// <summary>Whether the text is a number as JSON spells it, so that its spelling can be kept.</summary>
    private static bool IsJsonNumber(string text)
    {
        var i = text.StartsWith('-') ? 1 : 0;
        if (i >= text.Length || !char.IsAsciiDigit(text[i])) return false;
        if (text[i] == '0' && i + 1 < text.Length && char.IsAsciiDigit(text[i + 1])) return false;
        i = Digits(text, i);
        if (i < text.Length && text[i] == '.')
        {
            var end = Digits(text, i + 1);
            if (end == i + 1) return false;
            i = end;
        }

        if (i < text.Length && text[i] is 'e' or 'E')
        {
            i++;
            if (i < text.Length && text[i] is '+' or '-') i++;
            var end = Digits(text, i);
            if (end == i) return false;
            i = end;
        }

        return i == text.Length;
    }

    private static int Digits(string text, int from)
    {
        while (from < text.Length && char.IsAsciiDigit(text[from])) from++;
        return from;
    }
}
