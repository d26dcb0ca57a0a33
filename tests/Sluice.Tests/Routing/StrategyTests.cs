namespace Sluice.Tests.Routing;

/// <summary>In which order each strategy tries its targets.</summary>
public sealed class StrategyTests
{
    [Fact]
    public void Cheapest_DependsOnTheRequest()
    {
        using var bench = new RoutingBench("""
              r:
                strategy: cheapest
                targets:
                  - openai/nobody-knows
                  - { model: local/dear-answers, price: { input: 1, output: 100 } }
                  - { model: local/dear-prompts, price: { input: 20, output: 2 } }
            """);

        bench.Order("r", members: "\"max_tokens\":500,").ShouldBe("local/dear-prompts local/dear-answers openai/nobody-knows");
        bench.Order("r", string.Concat(Enumerable.Repeat("word ", 4000)), "\"max_tokens\":5,").ShouldBe("local/dear-answers local/dear-prompts openai/nobody-knows");
    }

    [Fact]
    public void Cheapest_KnowsTheCatalogue()
    {
        using var bench = new RoutingBench("  r: { strategy: cheapest, targets: [openai/gpt-4, openai/gpt-5.4-mini, openai/gpt-4o-mini] }");

        bench.Order("r").ShouldBe("openai/gpt-4o-mini openai/gpt-5.4-mini openai/gpt-4");
    }

    [Theory]
    [InlineData(null, "", "Hi", "local/rest")]
    [InlineData("team-search", "", "Hi", "local/team local/rest")]
    [InlineData(null, "x-tier: gold", "Hi", "local/gold local/rest")]
    [InlineData(null, "x-tier: goldfish", "Hi", "local/rest")]
    [InlineData("team-a", "x-tier: gold", "Hi", "local/team local/gold local/rest")]
    [InlineData(null, "", "LONG", "local/long local/rest")]
    public void Conditional_TakesTheFirstWhoseConditionHolds(string? key, string header, string text, string expected)
    {
        using var bench = new RoutingBench("""
              r:
                strategy: conditional
                targets:
                  - { model: local/team, when: { keys: [team-*] } }
                  - { model: local/gold, when: { headers: { x-tier: gold } } }
                  - { model: local/long, when: { min_tokens: 1000 } }
                  - { model: local/tools, when: { needs: [tools], max_tokens: 100 } }
                  - local/rest
            """);
        var headers = header.Length == 0 ? [] : new[] { (header.Split(": ")[0], header.Split(": ")[1]) };

        bench.Order("r", text == "LONG" ? string.Concat(Enumerable.Repeat("word ", 4000)) : text, key: key, headers: headers).ShouldBe(expected);
    }

    [Fact]
    public void Conditional_SeesWhatTheRequestNeeds()
    {
        using var bench = new RoutingBench("""
              r:
                strategy: conditional
                targets:
                  - { model: local/both, when: { needs: [tools, schema] } }
                  - { model: local/tools, when: { needs: [tools] } }
                  - { model: local/eyes, when: { needs: [vision] } }
                  - { model: local/thinker, when: { needs: [reasoning] } }
            """);
        const string Tool = """ "tools":[{"type":"function","function":{"name":"f"}}], """;

        bench.Order("r", members: Tool).ShouldBe("local/tools");
        bench.Order("r", members: Tool + """ "response_format":{"type":"json_schema","json_schema":{"name":"a","schema":{}}}, """).ShouldBe("local/both local/tools");
        bench.Order("r", members: "\"reasoning_effort\":\"high\",").ShouldBe("local/thinker");
        bench.Order("r").ShouldStartWith("no target of 'r' can serve this request: local/both: when.needs: the request does not need tools; local/tools: when.needs");
    }

    [Fact]
    public void NestedRoute_KeepsItsOwnStrategy()
    {
        using var bench = new RoutingBench("""
              outer: { targets: [inner, local/last] }
              inner: { strategy: round_robin, targets: [local/a, local/b] }
            """);

        string[] orders = [bench.Order("outer"), bench.Order("outer"), bench.Order("inner"), bench.Order("outer")];

        orders.ShouldBe(["local/a local/b local/last", "local/b local/a local/last", "local/a local/b", "local/b local/a local/last"]);
    }

    [Fact]
    public void NestedRoutes_AreWeighedAsGroups()
    {
        using var bench = new RoutingBench("""
              outer: { strategy: weighted, targets: [{ model: inner, weight: 1 }, { model: local/z, weight: 0 }] }
              inner: { targets: [local/a, local/b] }
            """);

        for (int i = 0; i < 20; i++) bench.Order("outer").ShouldBe("local/a local/b local/z");
    }

    [Fact]
    public void LeastBusy_PrefersTheIdle_AndTakesTurnsAmongThem()
    {
        using var bench = new RoutingBench("  r: { strategy: least_busy, targets: [local/a, local/b, local/c] }");
        bench.State("local/a").Began();

        string[] orders = [bench.Order("r"), bench.Order("r"), bench.Order("r")];

        orders.ShouldBe(["local/b local/c local/a", "local/b local/c local/a", "local/c local/b local/a"]);
    }

    [Fact]
    public void Auto_SwitchedOff_TriesOnlyTheFirst()
    {
        using var bench = new RoutingBench("  r: { auto: false, targets: [local/a, local/b] }");

        bench.Order("r").ShouldBe("local/a");
        bench.Order("r", headers: ("x-sluice-targets", "local/b, local/a")).ShouldBe("local/b local/a");
    }

    [Fact]
    public void Canary_GetsItsShare_AndTheRestIsItsFallback()
    {
        using var bench = new RoutingBench("  r: { targets: [local/a], canary: { model: local/new, percent: 30 } }");

        int taken = Enumerable.Range(0, 2000).Count(i => bench.Order("r") == "local/new local/a");

        // A seeded generator: the count is the same in every run, and near 600.
        taken.ShouldBeInRange(540, 660);
    }

    [Fact]
    public void Canary_KeepsItsCallers()
    {
        using var bench = new RoutingBench("  r: { targets: [local/a], canary: { model: local/new, percent: 30 } }");

        var first = Enumerable.Range(0, 1000).Select(i => bench.Order("r", headers: ("x-sluice-session", $"s{i}"))).ToArray();
        var second = Enumerable.Range(0, 1000).Select(i => bench.Order("r", headers: ("x-sluice-session", $"s{i}"))).ToArray();

        second.ShouldBe(first);
        first.Count(o => o == "local/new local/a").ShouldBeInRange(250, 350);
    }
}
