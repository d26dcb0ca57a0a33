using Sluice.Chat;
using Sluice.Formats.Json;
using Sluice.Formats.Shared;

namespace Sluice.Formats.OpenAIChat;

/// <summary>Writes how much to reason, in the vendor's way: <c>reasoning_effort</c>, OpenRouter's <c>reasoning</c>, DeepSeek's and Z.ai's <c>thinking</c>.</summary>
internal static class ChatReasoningOptions
{
    private static readonly string[] Names = ["reasoning_effort", "reasoning", "thinking", "prompt_mode"];

    /// <summary>Writes the members.</summary>
    public static void Write(MemberWriter members, ReasoningOptions? options, ChatWriteScope scope)
    {
        if (options is null)
        {
            foreach (string name in Names) members.Silent(name);
            return;
        }
        var spelling = Spelling.Of(options.Notes, scope.Dialect.Id);
        if (spelling.Has("~reasoning_effort") || spelling.Has("~reasoning") || spelling.Has("~thinking") || spelling.Has("~prompt_mode"))
        {
            WriteOwn(members, options, spelling);
            return;
        }
        Report(options, scope);
        if (ReasoningScale.EffortOf(options) is not { } effort) return;
        if (scope.Vendor.TakesReasoningObject) WriteObject(members, options, effort);
        else if (scope.Vendor.TakesThinkingSwitch) WriteSwitch(members, options, effort);
        else members.Output.WriteString("reasoning_effort", effort);
    }

    private static void WriteOwn(MemberWriter members, ReasoningOptions options, Spelling spelling)
    {
        foreach (string name in Names)
        {
            var spelled = spelling[$"~{name}"];
            if (spelled.IsAbsent) members.Silent(name);
            else if (name == "reasoning_effort") members.Text(name, options.Effort);
            else members.Raw(name, spelled);
        }
    }

    private static void Report(ReasoningOptions options, ChatWriteScope scope)
    {
        scope.Losses.Unknown(options.Notes, scope.Dialect.Id, "reasoning");
        // Who gives the reasoning itself shows more than a summary does.
        bool shows = scope.Vendor.ReasoningMember is not null && options.Summary == "auto";
        if (options.Summary is not null && !shows) scope.Losses.Dropped("reasoning.summary", "this format gives no summaries of reasoning");
        if (options.BudgetTokens is > 0 && !scope.Vendor.TakesReasoningObject) scope.Losses.Changed("reasoning.budget_tokens", "this format knows effort only: the nearest one was taken");
    }

    private static void WriteObject(MemberWriter members, ReasoningOptions options, string effort)
    {
        var output = members.Output;
        output.WriteStartObject("reasoning");
        if (options.BudgetTokens is > 0) output.WriteNumber("max_tokens", options.BudgetTokens.Value);
        else output.WriteString("effort", effort);
        if (options.IncludeText == false) output.WriteBoolean("exclude", true);
        output.WriteEndObject();
    }

    private static void WriteSwitch(MemberWriter members, ReasoningOptions options, string effort)
    {
        var output = members.Output;
        output.WriteStartObject("thinking");
        output.WriteString("type", effort == "none" ? "disabled" : "enabled");
        output.WriteEndObject();
        if (effort != "none" && options.Effort is not null) output.WriteString("reasoning_effort", effort);
    }
}
