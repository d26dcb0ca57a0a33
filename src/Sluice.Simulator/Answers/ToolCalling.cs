namespace Sluice.Simulator.Answers;

/// <summary>Which tools to call, and with what.</summary>
internal static class ToolCalling
{
    public static IReadOnlyList<ToolUse> Choose(Ask ask, string text, int most)
    {
        if (ask.Tools.Count == 0 || ask.Demand == ToolDemand.None)
            return [];
        if (ask.Demand == ToolDemand.Auto && ((ask.Results.Count > 0 && !CallsForMore(ask)) || text.Contains("no tool", StringComparison.OrdinalIgnoreCase)))
            return [];
        if (ask.DemandedTool is { } demanded && ask.Tools.Find(tool => tool.Name == demanded) is { } named)
            return [Use(named, text)];
        var open = ask.AllowedTools is { } allowed ? ask.Tools.FindAll(tool => allowed.Contains(tool.Name)) : ask.Tools;
        if (open.Count == 0)
            return [];
        var several = ask.Parallel && open.Count > 1
            && (text.Contains("several", StringComparison.OrdinalIgnoreCase) || text.Contains("parallel", StringComparison.OrdinalIgnoreCase));
        if (several)
            return [.. open.Take(most).Select(tool => Use(tool, text))];
        return [Use(open.Find(tool => text.Contains(tool.Name, StringComparison.OrdinalIgnoreCase)) ?? open[0], text)];
    }

    private static bool CallsForMore(Ask ask) => ask.Results.Exists(result => result.Text.Contains("[[sim:again]]", StringComparison.Ordinal));

    private static ToolUse Use(OfferedTool tool, string text) =>
        new(tool.Name, tool.Schema is { } schema ? SchemaSample.Make(schema, text) : "{}");
}
