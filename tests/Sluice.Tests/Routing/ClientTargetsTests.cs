namespace Sluice.Tests.Routing;

/// <summary>A client's own list restricts and reorders, and opens nothing.</summary>
public sealed class ClientTargetsTests : IDisposable
{
    private readonly RoutingBench _bench = new("""
          r: { strategy: round_robin, targets: [local/a, local/b, inner] }
          inner: { targets: [openai/gpt-4, openai/gpt-4o-mini] }
        """);

    [Theory]
    [InlineData("local/b", "local/b")]
    [InlineData("local/b, local/a", "local/b local/a")]
    [InlineData("inner, local/a", "openai/gpt-4 openai/gpt-4o-mini local/a")]
    [InlineData("openai/gpt-4o-mini,local/a", "openai/gpt-4o-mini local/a")]
    [InlineData("gpt-4o-mini, a, a", "openai/gpt-4o-mini local/a")]
    public void Header_RestrictsAndReorders(string list, string expected) => _bench.Order("r", headers: ("x-sluice-targets", list)).ShouldBe(expected);

    [Fact]
    public void ModelsInTheBody_DoTheSame()
    {
        var call = _bench.Call("r", members: """ "models":["local/b","local/a"], """);

        _bench.Order(call).ShouldBe("local/b local/a");
        call.TakesModelsOut.ShouldBeTrue();
        call.Chat.Value!.Notes.ShouldBeNull();
    }

    [Theory]
    [InlineData("local/bb", "'local/bb' is no target of 'r'. Did you mean 'local/b' or 'local/a'?")]
    [InlineData("openai/gpt-5.4", "'openai/gpt-5.4' is no target of 'r'.")]
    [InlineData(" , ", "names no target")]
    public void NameOutsideTheRoute_IsRefused(string list, string sentence)
    {
        var call = _bench.Call("r", headers: ("x-sluice-targets", list));

        call.Error!.StatusOrDefault.ShouldBe(400);
        call.Error.Message.ShouldStartWith("x-sluice-targets: " + sentence);
        call.Error.Param.ShouldBe("x-sluice-targets");
    }

    [Theory]
    [InlineData("[1]")]
    [InlineData("[[\"a\"]]")]
    [InlineData("[\"local/a\",null]")]
    [InlineData("[\"\\ud800\"]")]
    public void Models_ThatAreNoNames_AreRefused(string models) =>
        _bench.Call("r", members: $"\"models\":{models},").Error!.Message.ShouldBe("models: must be a list of model names");

    [Fact]
    public void ModelNamedDirectly_FallsBackToTheList()
    {
        _bench.Order("openai/gpt-4o-mini", members: """ "models":["local/a","local/b"], """).ShouldBe("openai/gpt-4o-mini local/a local/b");
        _bench.Order("local/a", headers: ("x-sluice-targets", "local/b, local/a")).ShouldBe("local/b local/a");
    }

    [Fact]
    public void List_DoesNotEscapeWhatIsAllowed()
    {
        using var bench = new RoutingBench("  r: { targets: [local/a] }\nallow: { models: [\"local/*\"] }");

        bench.Order("local/a", headers: ("x-sluice-targets", "openai/gpt-4")).ShouldBe("x-sluice-targets: model 'openai/gpt-4' is not among those that allow.models permits");
    }

    [Fact]
    public void List_IsBounded() =>
        _bench.Call("r", headers: ("x-sluice-targets", string.Join(',', Enumerable.Repeat("local/a", 33)))).Error!.Message.ShouldContain("33 targets; 32 are allowed");

    public void Dispose() => _bench.Dispose();
}
