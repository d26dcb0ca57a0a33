using System.Text;
using Sluice.Formats.Json;
using Sluice.Formats.Shared;
using Sluice.Wire;

namespace Sluice.Parameters;

/// <summary>
/// Anthropic's <c>thinking</c>, for clients that were written before a model: newer ones answer 400 to a budget of tokens, some also to being
/// told not to think (platform.claude.com, overviews of Opus 5.5 and Sonnet 5.5).
/// </summary>
internal static class ThinkingInBody
{
    public static void Apply(ParameterRule rule, JsonMembers members, JsonEdits edits, ref LazyLosses losses)
    {
        if (ReasoningInBody.Inner(members, "thinking"u8) is not { } thinking) return;
        string? type = thinking.GetString("type"u8);
        if (rule.Thinking == ThinkingRule.Always && type == "disabled")
        {
            edits.Remove("thinking"u8);
            losses.Dropped("thinking", rule.Why);
        }
        if (rule.Thinking != ThinkingRule.Adaptive || type != "enabled") return;
        edits.Set("thinking"u8, Adaptive(thinking));
        if (thinking.GetInt64("budget_tokens"u8) is { } budget) SetEffort(members, edits, (int)Math.Clamp(budget, 1, int.MaxValue));
        losses.Changed("thinking", rule.Why);
    }

    private static byte[] Adaptive(JsonMembers thinking) => thinking.GetString("display"u8) is var display and ("omitted" or "summarized")
        ? Encoding.UTF8.GetBytes($$"""{"type":"adaptive","display":"{{display}}"}""")
        : """{"type":"adaptive"}"""u8.ToArray();

    private static void SetEffort(JsonMembers members, JsonEdits edits, int budget)
    {
        // "minimal" is no effort of Anthropic's.
        string effort = ReasoningScale.Effort(budget) is "minimal" or "low" ? "low" : ReasoningScale.Effort(budget);
        if (!members.TryGet("output_config"u8, out _)) edits.Set("output_config"u8, Encoding.UTF8.GetBytes($$"""{"effort":"{{effort}}"}"""));
        else if (ReasoningInBody.Inner(members, "output_config"u8)?.GetString("effort"u8) is null) ReasoningInBody.SetInner(members, edits, "output_config"u8, "effort"u8, Encoding.UTF8.GetBytes($"\"{effort}\""));
    }
}
