using Sluice.Engine;
using Sluice.Wire;

namespace Sluice.Tests.Engine;

/// <summary>What a log line or an error says of what was lost.</summary>
public sealed class LossTextTests
{
    [Fact]
    public void Few_AreNamedAll()
    {
        Loss[] losses = [new("seed", "no such thing", LossKind.Dropped), new("stop", "cut", LossKind.Changed)];

        LossText.Paths(losses).ShouldBe("seed, stop");
        LossText.WithReasons(losses).ShouldBe("seed (no such thing); stop (cut)");
    }

    [Fact]
    public void Many_EndInTheirNumber()
    {
        var losses = Enumerable.Range(0, 100_000).Select(i => new Loss($"messages[{i:000000}]", "why", LossKind.Dropped)).ToArray();

        string text = LossText.Paths(losses);

        text.Length.ShouldBeLessThan(6000);
        text.ShouldStartWith("messages[000000], messages[000001]");
        text.ShouldMatch(@"\.\.\. and 99\d{3} more$");
    }

    [Fact]
    public void NameOfAnySize_IsLeftOut() => LossText.Paths([new Loss(new string('x', 1_000_000), "why", LossKind.Dropped)]).ShouldBe("... and 1 more");
}
