namespace Sluice.Pricing;

/// <summary>The names under which fees for hosted tools are kept.</summary>
internal static class ToolFees
{
    /// <summary>The fee's name for a tool as a provider calls it; <see langword="null"/> for a tool that costs nothing beyond its tokens.</summary>
    public static string? Name(string tool)
    {
        string name = tool.ToLowerInvariant();
        foreach (string ending in (ReadOnlySpan<string>)["_requests", "_calls", "_call", "_queries"])
        {
            if (name.EndsWith(ending, StringComparison.Ordinal)) name = name[..^ending.Length];
        }
        return name switch
        {
            "web_search_preview" or "google_search" or "search_web" => "web_search",
            "search_units" => "search",
            "x_search" => "social_search",
            "code_interpreter" => "code_execution",
            // Anthropic: "no additional charges beyond standard token costs".
            "web_fetch" or "tool_search" => null,
            _ => name,
        };
    }
}
