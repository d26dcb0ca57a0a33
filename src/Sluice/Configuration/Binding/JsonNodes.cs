using System.Text.Json;
using Sluice.Configuration.Importing;
using Sluice.Configuration.Yaml;

namespace Sluice.Configuration.Binding;

/// <summary>JSON as nodes, so that it is checked and written like a configuration. Of members that come twice the last counts.</summary>
internal static class JsonNodes
{
    public static ConfigNode Of(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Object => Map(json),
        JsonValueKind.Array => NodeBuilder.List(json.EnumerateArray().Select(Of)),
        JsonValueKind.String => NodeBuilder.Text(json.GetString()!),
        _ => NodeBuilder.Plain(json.GetRawText()),
    };

    private static MapNode Map(JsonElement json)
    {
        var map = new NodeBuilder();
        foreach (var member in json.EnumerateObject()) map.Set(member.Name, Of(member.Value));
        return map.Build();
    }
}
