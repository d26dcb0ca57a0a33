using Sluice.Wire;

namespace Sluice.Formats.Tests;

public sealed class WireFormatsTests
{
    [Fact]
    public void All_EveryFormatOfTheAssembly_StandsThereOnce()
    {
        var written = typeof(WireFormats).Assembly.GetTypes().Where(t => t is { IsAbstract: false, IsInterface: false } && t.IsAssignableTo(typeof(IWireFormat)));

        WireFormats.All.Select(f => f.GetType().Name).ShouldBe(written.Select(t => t.Name), ignoreOrder: true);
        WireFormats.All.Select(f => f.Id).ShouldBeUnique();
    }
}
