using Sluice.Chat;
using Sluice.Wire;

namespace Sluice.Formats.Shared;

/// <summary>
/// The functions that a request offers, for formats that know functions only and say less about the choice among them. What a choice forbids is not
/// offered: a model cannot call what it does not know.
/// </summary>
internal static class OfferedTools
{
    /// <summary>The functions to offer with their places in the request; other tools are reported as lost.</summary>
    /// <param name="request">The request.</param>
    /// <param name="losses">Where to report.</param>
    /// <param name="named">True where a single tool is forced by offering it alone.</param>
    /// <param name="none">True where "no calls" is said by offering nothing.</param>
    public static IReadOnlyList<(FunctionTool Tool, int Index)> Select(ChatRequest request, LossReport losses, bool named, bool none)
    {
        var offered = new List<(FunctionTool, int)>();
        var choice = request.ToolChoice;
        var allowed = choice?.Allowed.ToHashSet(StringComparer.Ordinal);
        for (int i = 0; i < request.Tools.Count; i++)
        {
            switch (request.Tools[i])
            {
                case FunctionTool function when IsAllowed(function.Name, choice, allowed, named, none):
                    offered.Add((function, i));
                    break;
                case FunctionTool:
                    break;
                case CustomTool custom:
                    losses.Dropped($"tools[{i}]", $"the provider has no tools of free text such as '{custom.Name}'");
                    break;
                case HostedTool hosted:
                    losses.Dropped($"tools[{i}]", $"'{hosted.Type}' is a tool that only {hosted.Format} runs");
                    break;
                default:
                    losses.Dropped($"tools[{i}]", "the provider has no such tools");
                    break;
            }
        }
        if (offered.Count < request.Tools.Count(t => t is FunctionTool)) losses.Changed("tool_choice", "tools that the choice leaves out are not offered");
        return offered;
    }

    private static bool IsAllowed(string name, ToolChoice? choice, HashSet<string>? allowed, bool named, bool none) => choice?.Mode switch
    {
        "none" => !none,
        "tool" => !named || choice.Name == name,
        "allowed" => allowed!.Contains(name),
        _ => true,
    };
}
