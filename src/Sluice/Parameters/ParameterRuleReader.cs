using System.Text.Json;

namespace Sluice.Parameters;

/// <summary>Reads the rule file. It is our own and checked by tests, so a fault in it is an exception.</summary>
internal static class ParameterRuleReader
{
    public static IReadOnlyList<ParameterRule> Read(JsonElement root)
    {
        var rules = new List<ParameterRule>();
        foreach (var json in root.GetProperty("rules").EnumerateArray()) rules.Add(Rule(json));
        return rules;
    }

    private static ParameterRule Rule(JsonElement json) => new()
    {
        Id = json.GetProperty("id").GetString()!,
        Vendors = Texts(json, "vendors"),
        Models = Texts(json, "models"),
        Not = Texts(json, "not"),
        Formats = Texts(json, "formats"),
        Lanes = Texts(json, "lanes") switch
        {
            ["translated"] => ParameterLanes.Translated,
            ["native"] => ParameterLanes.Native,
            _ => ParameterLanes.Both,
        },
        WhileReasoning = Text(json, "when") switch
        {
            "reasoning" => true,
            "not_reasoning" => false,
            _ => null,
        },
        ReasonsByDefault = json.TryGetProperty("reasons_by_default", out var reasons) && reasons.GetBoolean(),
        Drop = Texts(json, "drop"),
        Keep = Bounds(json, "keep"),
        Rename = Renames(json),
        Clamp = Bounds(json, "clamp"),
        Exclusive = Texts(json, "exclusive"),
        MaxStop = json.TryGetProperty("max_stop", out var stop) ? stop.GetInt32() : null,
        Efforts = Texts(json, "efforts"),
        ToolsNeedEffortNone = json.TryGetProperty("tools_need_effort_none", out var tools) && tools.GetBoolean(),
        TakesCacheBreakpoints = json.TryGetProperty("takes_cache_breakpoints", out var breakpoints) && breakpoints.GetBoolean(),
        Thinking = Text(json, "thinking") switch
        {
            "adaptive" => ThinkingRule.Adaptive,
            "always" => ThinkingRule.Always,
            _ => ThinkingRule.None,
        },
        Why = json.GetProperty("why").GetString()!,
    };

    private static Dictionary<string, (double Min, double Max)> Bounds(JsonElement json, string name)
    {
        var bounds = new Dictionary<string, (double, double)>(StringComparer.Ordinal);
        if (!json.TryGetProperty(name, out var members)) return bounds;
        foreach (var member in members.EnumerateObject()) bounds[member.Name] = (member.Value[0].GetDouble(), member.Value[1].GetDouble());
        return bounds;
    }

    private static Dictionary<string, string> Renames(JsonElement json)
    {
        var renames = new Dictionary<string, string>(StringComparer.Ordinal);
        if (!json.TryGetProperty("rename", out var members)) return renames;
        foreach (var member in members.EnumerateObject()) renames[member.Name] = member.Value.GetString()!;
        return renames;
    }

    private static string? Text(JsonElement json, string name) => json.TryGetProperty(name, out var value) ? value.GetString() : null;

    private static string[] Texts(JsonElement json, string name)
    {
        if (!json.TryGetProperty(name, out var list)) return [];
        string[] texts = new string[list.GetArrayLength()];
        for (int i = 0; i < texts.Length; i++) texts[i] = list[i].GetString()!;
        return texts;
    }
}
