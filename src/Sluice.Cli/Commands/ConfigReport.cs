using System.Globalization;
using Sluice.Configuration.Importing;
using Sluice.Configuration.Yaml;
using Sluice.Configuration;

namespace Sluice.Cli.Commands;

/// <summary>A load's result as data, for <c>--output json</c> and <c>yaml</c>.</summary>
internal static class ConfigReport
{
    public static MapNode Describe(ConfigurationResult result, string? name = null)
    {
        var report = new NodeBuilder().Set("name", name).SetPlain("valid", result.IsValid ? "true" : "false").Set("files", Texts(result.Files.Select(Relative)));
        if (result.Config is { } config)
        {
            report.Set("providers", NodeBuilder.List(config.Providers.Values.Select(Describe)));
            report.Set("routes", NodeBuilder.List(config.Routes.Values.Select(Describe)));
        }

        report.Set("faults", NodeBuilder.List(result.Faults.Select(fault => Place(fault.Origin, fault.Path).Set("what", fault.What).Set("remedy", fault.Remedy).Build())));
        report.Set("warnings", NodeBuilder.List(result.Warnings.Select(warning => Place(warning.Origin, warning.Path).Set("what", warning.What).Build())));
        return report.Build();
    }

    /// <summary>A path as people write it from here.</summary>
    public static string Relative(string path)
    {
        var relative = Path.GetRelativePath(Directory.GetCurrentDirectory(), path);
        return relative.StartsWith("..", StringComparison.Ordinal) ? path : relative;
    }

    private static ConfigNode Describe(ProviderConfig provider) => new NodeBuilder().Set("name", provider.Name).Set("type", provider.Type)
        .SetPlain("enabled", provider.Enabled ? "true" : "false").Set("models", provider.Models is { } models ? Texts(models) : null).Build();

    private static ConfigNode Describe(RouteConfig route) => new NodeBuilder().Set("name", route.Name).Set("targets", Texts(route.Targets.Select(target => target.Model))).Build();

    private static NodeBuilder Place(ConfigurationOrigin origin, string path) => new NodeBuilder().Set("origin", origin.ToString())
        .SetPlain("line", origin.Line > 0 ? origin.Line.ToString(CultureInfo.InvariantCulture) : null)
        .SetPlain("column", origin.Column > 0 ? origin.Column.ToString(CultureInfo.InvariantCulture) : null).Set("path", path);

    private static ListNode Texts(IEnumerable<string> texts) => NodeBuilder.List(texts.Select(NodeBuilder.Text));
}
