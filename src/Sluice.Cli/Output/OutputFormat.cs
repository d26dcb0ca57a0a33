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
    public static Option<string> Option()
    {
        var option = new Option<string>("--output", "-o") { Description = "table, json or yaml", HelpName = "FORMAT", DefaultValueFactory = _ => "table" };
        option.AcceptOnlyFromAmong("table", "json", "yaml");
        return option;
    }

    /// <summary>Data as JSON or YAML.</summary>
    public static string Write(ConfigNode node, string format)
    {
        if (format == "yaml") return YamlText.Write(node as MapNode ?? new MapNode(node.Origin, [new MapEntry("items", node.Origin, node)]));
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping })) JsonValues.Write(node, json);
        return Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length) + "\n";
    }
}
