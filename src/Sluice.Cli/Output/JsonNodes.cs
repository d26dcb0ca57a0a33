using System.Text.Json;
using Sluice.Configuration;
using Sluice.Configuration.Importing;
using Sluice.Configuration.Yaml;

namespace Sluice.Cli.Output;

/// <summary>JSON as nodes, so that what is written as JSON can be written as YAML.</summary>
internal static class JsonNodes
{
    public static ConfigNode Of(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Object => new MapNode(ConfigurationOrigin.BuiltIn, [.. json.EnumerateObject().Select(member => new MapEntry(member.Name, ConfigurationOrigin.BuiltIn, Of(member.Value)))]),
        JsonValueKind.Array => NodeBuilder.List(json.EnumerateArray().Select(Of)),
        JsonValueKind.String => NodeBuilder.Text(json.GetString()!),
        _ => NodeBuilder.Plain(json.GetRawText()),
    };
}
