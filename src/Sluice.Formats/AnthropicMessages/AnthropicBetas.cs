using System.Text.Json;
using Sluice.Chat;
using Sluice.Formats.Json;
using Sluice.Wire;

namespace Sluice.Formats.AnthropicMessages;

/// <summary>
/// The <c>anthropic-beta</c> header: what the client named, and what the body cannot go without. Names are those of the vendor's SDK
/// (<c>AnthropicBeta</c>).
/// </summary>
internal static class AnthropicBetas
{
    /// <summary>The headers of a request.</summary>
    public static IReadOnlyList<KeyValuePair<string, string>> Headers(ChatRequest request) =>
        Names(request) is { Count: > 0 } names ? [new("anthropic-beta", string.Join(',', names))] : [];

    /// <summary>The names, for a body that holds them (Bedrock's <c>anthropic_beta</c>).</summary>
    public static List<string> Names(ChatRequest request)
    {
        var names = new List<string>();
        if (Shape.Value(request.Notes.Own(), "betas") is { } said) names.AddRange(said.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));
        foreach (string needed in Needed(request))
        {
            if (!names.Exists(n => SameFeature(n, needed))) names.Add(needed);
        }
        return names;
    }

    private static IEnumerable<string> Needed(ChatRequest request)
    {
        var notes = request.Notes.Own();
        if (HasFiles(request)) yield return "files-api-2025-04-14";
        if (!notes.Field("mcp_servers").IsAbsent) yield return "mcp-client-2025-04-04";
        if (Shape.Has(notes, "output_format")) yield return "structured-outputs-2025-11-13";
        if (notes.Field("speed") is { IsAbsent: false, IsNull: false } speed && speed.ToString() == "\"fast\"") yield return "fast-mode-2026-02-01";
        if (notes.Field("container") is { IsAbsent: false, IsNull: false } container && container.ToString().StartsWith('{')) yield return "skills-2025-10-02";
        foreach (string beta in OfContextManagement(notes.Field("context_management"))) yield return beta;
        foreach (var tool in request.Tools)
        {
            if (tool is HostedTool hosted && OfTool(hosted) is { } beta) yield return beta;
        }
    }

    private static IEnumerable<string> OfContextManagement(RawJson management)
    {
        if (management.IsAbsent || management.IsNull || management.ToElement().Get("edits"u8) is not { ValueKind: JsonValueKind.Array } edits) yield break;
        foreach (var edit in edits.EnumerateArray())
        {
            yield return edit.Text("type"u8)?.StartsWith("compact_", StringComparison.Ordinal) == true ? "compact-2026-01-12" : "context-management-2025-06-27";
        }
    }

    private static string? OfTool(HostedTool tool) => tool.Type switch
    {
        "computer_20241022" => "computer-use-2024-10-22",
        "computer_20250124" => "computer-use-2025-01-24",
        "computer_20251124" => "computer-use-2025-11-24",
        "code_execution_20250522" => "code-execution-2025-05-22",
        "advisor_20260301" => "advisor-tool-2026-03-01",
        _ => null,
    };

    private static bool HasFiles(ChatRequest request) => request.Notes.IsOwn() && request.Messages.Any(m => m.Parts.Any(IsFile));

    private static bool IsFile(Part part) => part switch
    {
        MediaPart { Source: FileMedia } => true,
        RawPart { Type: "container_upload" } => true,
        ToolResultPart result => result.Content.Any(IsFile),
        _ => false,
    };

    // Two dates of one feature exclude each other: the client's counts.
    private static bool SameFeature(string a, string b) => Feature(a).SequenceEqual(Feature(b));

    private static ReadOnlySpan<char> Feature(string beta) => beta.Length > 11 && beta[^11] == '-' ? beta.AsSpan(0, beta.Length - 11) : beta;
}
