using System.CommandLine;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Sluice.Configuration.Binding;
using Sluice.Configuration.Rendering;
using Sluice.Configuration.Yaml;

namespace Sluice.Cli.Output;

/// <summary><c>--output table|json|yaml</c> of a listing.</summary>
internal static class OutputFormat
{
    private static readonly JsonWriterOptions Indented = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The option.</summary>
    /// <param name="fallback">What is written where nothing is asked for.</param>
    public static Option<string> Option(string fallback = "table")
    {
        var option = new Option<string>("--output", "-o") { Description = "table, json or yaml", HelpName = "FORMAT", DefaultValueFactory = _ => fallback };
        option.AcceptOnlyFromAmong("table", "json", "yaml");
        return option;
    }

    /// <summary>Data as JSON or YAML.</summary>
    public static string Write(ConfigNode node, string format)
    {
        if (format == "yaml") return YamlText.Write(node as MapNode ?? new MapNode(node.Origin, [new MapEntry("items", node.Origin, node)]));
        return Json(json => JsonValues.Write(node, json)) + "\n";
    }

    /// <summary>What is written as JSON, as JSON or YAML.</summary>
    public static string Write(Action<Utf8JsonWriter> write, string format)
    {
        string text = Json(write);
        if (format == "json") return text + "\n";
        using var document = JsonDocument.Parse(text);
        return Write(JsonNodes.Of(document.RootElement), format);
    }

    private static string Json(Action<Utf8JsonWriter> write)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, Indented)) write(json);
        return Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length);
    }
}
