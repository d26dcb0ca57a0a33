using Sluice.Chat;

namespace Sluice.Formats.OpenAIChat;

/// <summary>Knows what a vendor's own tool does by its name.</summary>
internal static class HostedTools
{
    /// <summary>True for a search of the web, whoever runs it (<c>web_search_20250305</c>, <c>web_search_preview</c>, <c>googleSearch</c> ...).</summary>
    public static bool IsWebSearch(HostedTool tool) =>
        tool.Type.Contains("web_search", StringComparison.OrdinalIgnoreCase) || tool.Type.Replace("_", "", StringComparison.Ordinal).Equals("googleSearch", StringComparison.OrdinalIgnoreCase);
}
