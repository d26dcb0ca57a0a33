namespace Sluice.Tests.Routing;

/// <summary>The same caller goes to the same target, and a change of the route moves few callers.</summary>
public sealed class StickyTests
{
    private const string Three = "  r: { strategy: sticky, targets: [local/a, local/b, local/c] }";

    [Fact]
    public void NewTarget_MovesOnlyItsShare()
    {
        using var before = new RoutingBench(Three);
        using var after = new RoutingBench("  r: { strategy: sticky, targets: [local/a, local/b, local/c, local/d] }");

        var moved = Users.Select(u => (From: First(before, u), To: First(after, u))).Where(m => m.From != m.To).ToArray();

        moved.ShouldAllBe(m => m.To == "local/d");
        moved.Length.ShouldBeInRange(200, 300); // a quarter of 1,000
    }

    [Fact]
    public void Callers_AreSpreadByWeight()
    {
        using var bench = new RoutingBench("  r: { strategy: sticky, targets: [{ model: local/a, weight: 3 }, local/b, { model: local/never, weight: 0 }] }");

        var first = Users.Select(u => First(bench, u)).ToArray();

        first.Count(f => f == "local/a").ShouldBeInRange(700, 800);
        first.ShouldNotContain("local/never");
    }

    [Fact]
    public void CallersOfOneThatRests_SpreadOverTheOthers()
    {
        using var bench = new RoutingBench(Three);

        var second = Users.Select(u => Order(bench, u)).Where(o => o.StartsWith("local/a", StringComparison.Ordinal)).Select(o => o.Split(' ')[1]).ToArray();

        second.Distinct().ShouldBe(["local/b", "local/c"], ignoreOrder: true);
        second.Count(s => s == "local/b").ShouldBeInRange(second.Length / 3, second.Length * 2 / 3);
    }

    [Fact]
    public void Session_SticksByItsHeader_AndUsersByTheirName()
    {
        using var bench = new RoutingBench("  r: { strategy: sticky, sticky: session, targets: [local/a, local/b, local/c] }");

        var orders = Users.Select(u => bench.Order("r", members: "\"user\":\"someone\",", headers: ("x-sluice-session", u))).Distinct().ToArray();
        var without = Users.Take(50).Select(_ => bench.Order("r", members: "\"user\":\"someone\",")).Distinct().ToArray();

        orders.Length.ShouldBe(6);
        without.ShouldHaveSingleItem();
    }

    [Fact]
    public void CallersThatNothingIdentifies_AreSpread()
    {
        using var bench = new RoutingBench(Three);

        Enumerable.Range(0, 100).Select(_ => bench.Order("r").Split(' ')[0]).Distinct().Count().ShouldBe(3);
    }

    [Fact]
    public void Prefix_StaysWhileAConversationGrows()
    {
        using var bench = new RoutingBench("  r: { strategy: sticky, sticky: prefix, targets: [local/a, local/b, local/c] }");
        var firsts = new List<string>();
        for (int i = 0; i < 60; i++)
        {
            string start = $$"""{"role":"system","content":"You are number {{i}}"},{"role":"user","content":"Hi"}""";
            string turn = bench.Order(bench.CallOf($$"""{"model":"r","messages":[{{start}}]}"""));
            string next = bench.Order(bench.CallOf($$"""{"model":"r","messages":[{{start}},{"role":"assistant","content":"Hello"},{"role":"user","content":"More"}]}"""));

            next.ShouldBe(turn);
            firsts.Add(turn.Split(' ')[0]);
        }
        firsts.Distinct().Count().ShouldBe(3);
    }

    private static IEnumerable<string> Users => Enumerable.Range(0, 1000).Select(i => $"user-{i}");

    private static string Order(RoutingBench bench, string user) => bench.Order("r", members: $"\"user\":\"{user}\",");

    private static string First(RoutingBench bench, string user) => Order(bench, user).Split(' ')[0];
}
