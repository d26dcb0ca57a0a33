using System.Text.Json;

namespace Sluice.Formats.Tests.Grammar;

/// <summary>Thrown by a judge: the written bytes break a rule of the dialect.</summary>
internal sealed class GrammarFaultException(string message) : Exception(message);

/// <summary>
/// Reads the bytes of a stream as a strict client of the dialect does and says what is seen. Written from the vendors' documentation and SDK types, with none
/// of the codecs under test.
/// </summary>
internal abstract class Judge
{
    /// <summary>What was seen so far.</summary>
    public Seen Seen { get; } = new();

    /// <summary>Reads a whole body.</summary>
    public abstract void Read(string body);

    protected static void Must(bool condition, string rule)
    {
        if (!condition) throw new GrammarFaultException(rule);
    }

    protected static JsonElement Parse(string json)
    {
        try
        {
            return JsonDocument.Parse(json).RootElement;
        }
        catch (JsonException e)
        {
            throw new GrammarFaultException($"no JSON ({e.Message}): {json}");
        }
    }

    protected static JsonElement Member(JsonElement parent, string name, params JsonValueKind[] kinds)
    {
        Must(parent.ValueKind == JsonValueKind.Object, $"an object was expected where {name} stands: {parent}");
        Must(parent.TryGetProperty(name, out var value), $"{name} is required: {parent}");
        Must(kinds.Length == 0 || kinds.Contains(value.ValueKind), $"{name} is {value.ValueKind}: {parent}");
        return value;
    }

    protected static string Text(JsonElement parent, string name) => Member(parent, name, JsonValueKind.String).GetString()!;

    protected static string Filled(JsonElement parent, string name)
    {
        string text = Text(parent, name);
        Must(text.Length > 0, $"{name} is empty: {parent}");
        return text;
    }

    protected static int Int(JsonElement parent, string name)
    {
        var value = Member(parent, name, JsonValueKind.Number);
        Must(value.TryGetInt32(out int number), $"{name} is no whole number: {parent}");
        return number;
    }

    protected static IEnumerable<JsonElement> Items(JsonElement parent, string name) => Member(parent, name, JsonValueKind.Array).EnumerateArray();

    protected static bool Has(JsonElement parent, string name, out JsonElement value) => parent.TryGetProperty(name, out value) && value.ValueKind != JsonValueKind.Null;

    /// <summary>The events of a body of server-sent events; comments are passed over. Every event has exactly one data line.</summary>
    protected static IEnumerable<(string Event, string Data)> Events(string body)
    {
        string text = body.Replace("\r\n", "\n", StringComparison.Ordinal);
        if (text.Length == 0) yield break;
        Must(text.EndsWith("\n\n", StringComparison.Ordinal), "the last event is not ended by an empty line");
        foreach (string block in text[..^2].Split("\n\n"))
        {
            string name = "";
            string? data = null;
            foreach (string line in block.Split('\n'))
            {
                if (line.StartsWith(':')) continue;
                if (line.StartsWith("event: ", StringComparison.Ordinal)) name = line[7..];
                else if (line.StartsWith("data: ", StringComparison.Ordinal) && data is null) data = line[6..];
                else throw new GrammarFaultException($"an odd line: {line}");
            }
            if (data is not null) yield return (name, data);
            else Must(name.Length == 0, $"event {name} without data");
        }
    }
}
