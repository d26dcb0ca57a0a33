using System.Text;

namespace Sluice.Simulator.Answers;

/// <summary>Decides what to say. The same request gets the same answer.</summary>
internal static class Brain
{
    private const int MaxParallelCalls = 8;

    public static Answer Think(Ask ask, Directives directives)
    {
        var text = directives.Text;
        var reasoning = ask.Thinks ? ReasoningFor(text, ask) : "";
        if (directives.Filter)
            return Limit(ask, new Answer { Reasoning = reasoning, Finish = Finish.Filter });
        if (directives.Refuse)
            return Limit(ask, new Answer { Reasoning = reasoning, Text = "I'm sorry, I can't help with that.", Refused = true });
        var calls = ToolCalling.Choose(ask, text, MaxParallelCalls);
        return Limit(ask, calls.Count > 0
            ? new Answer { Reasoning = reasoning, Calls = calls, Finish = Finish.ToolCalls, Text = PlanFor(ask, calls) }
            : new Answer { Reasoning = reasoning, Text = TextFor(ask, text, directives) });
    }

    private static string TextFor(Ask ask, string text, Directives directives)
    {
        if (directives.Characters is { } length)
            return Filler(text, length);
        if (ask.WantsJson)
            return SchemaSample.Make(ask.Schema, text);
        var answer = new StringBuilder();
        foreach (var result in ask.Results)
            answer.Append(answer.Length > 0 ? " " : "").Append(result.Name ?? "The tool").Append(result.IsError ? " failed: " : " returned: ").Append(result.Text).Append('.');
        if (ask.Media.Count > 0)
            answer.Append(answer.Length > 0 ? " " : "").Append("I see ").AppendJoin(", ", ask.Media).Append('.');
        if (text.Contains("system?", StringComparison.OrdinalIgnoreCase))
            answer.Append(answer.Length > 0 ? " " : "").Append(string.IsNullOrEmpty(ask.System) ? "There is no system prompt." : "System prompt: " + ask.System);
        else if (ask.Results.Count == 0)
            answer.Append(answer.Length > 0 ? " " : "").Append("You said: ").Append(text);
        return answer.ToString();
    }

    private static string PlanFor(Ask ask, IReadOnlyList<ToolUse> calls) =>
        ask.SpeaksBeforeCalls && ask.Demand == ToolDemand.Auto ? $"I'll use {string.Join(" and ", calls.Select(call => call.Name))}." : "";

    private static string ReasoningFor(string text, Ask ask)
    {
        var subject = text.Length > 60 ? text[..60] : text;
        var step = ask.Results.Count > 0 ? "The tool results are in, so I can answer." : ask.Tools.Count > 0 ? "A tool may help here." : "I can answer this directly.";
        return $"The user wrote \"{subject}\". {step}";
    }

    private static string Filler(string text, int length)
    {
        const string Words = "The quick brown fox jumps over the lazy dog while the river runs on. ";
        return string.Create(length, text, static (span, _) =>
        {
            for (var at = 0; at < span.Length; at += Words.Length)
                Words.AsSpan(0, Math.Min(Words.Length, span.Length - at)).CopyTo(span[at..]);
        });
    }

    /// <summary>Applies stop sequences, then the token limit, and counts.</summary>
    private static Answer Limit(Ask ask, Answer answer)
    {
        var (text, finish, stopped) = (answer.Text, answer.Finish, answer.StopSequence);
        var cut = -1;
        foreach (var stop in ask.Stops)
        {
            var at = stop.Length == 0 ? -1 : text.IndexOf(stop, StringComparison.Ordinal);
            if (at >= 0 && (cut < 0 || at < cut))
                (cut, stopped, finish) = (at, stop, Finish.StopSequence);
        }

        if (cut >= 0)
            text = text[..cut];

        // Reasoning counts against the limit first: a small limit can leave no room for an answer, as with the real models.
        var reasoning = answer.Reasoning;
        var budget = ask.MaxTokens is { } max and > 0 ? max * 4L : long.MaxValue;
        if (reasoning.Length > budget)
            (reasoning, text, finish, stopped) = (Head(reasoning, (int)budget), "", Finish.Length, null);
        else if (answer.Calls.Count == 0 && text.Length > budget - reasoning.Length)
            (text, finish, stopped) = (Head(text, (int)(budget - reasoning.Length)), Finish.Length, null);
        var calls = finish == Finish.Length ? [] : answer.Calls;
        return answer with
        {
            Reasoning = reasoning,
            Text = text,
            Calls = calls,
            Finish = finish,
            StopSequence = stopped,
            ReasoningTokens = PromptMeter.TokensOf(reasoning.Length),
            VisibleTokens = PromptMeter.TokensOf(text.Length) + calls.Sum(call => PromptMeter.TokensOf(call.Name.Length + call.Arguments.Length)),
        };
    }

    private static string Head(string text, int length) =>
        length > 0 && length < text.Length && char.IsHighSurrogate(text[length - 1]) ? text[..(length - 1)] : text[..Math.Min(length, text.Length)];
}
