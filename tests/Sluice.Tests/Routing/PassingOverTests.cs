using Sluice.Engine;
using Sluice.Errors;
using Sluice.Routing;

namespace Sluice.Tests.Routing;

/// <summary>A target that cannot serve a request is passed over, with a reason; one that nothing is known of is tried.</summary>
public sealed class PassingOverTests : IDisposable
{
    private const string Image = """{"type":"image_url","image_url":{"url":"https://example.com/a.png"}}""";

    private readonly RoutingBench _bench = new("""
          small-first: { targets: [openai/gpt-4, openai/gpt-4o-mini] }
          blind: { targets: [openai/gpt-4, openai/gpt-3.5-turbo] }
          unknown: { targets: [openai/gpt-4, local/mystery] }
          one: openai/gpt-4
        """);

    public static TheoryData<string, string> Needs => new()
    {
        { $$"""{"model":"small-first","messages":[{"role":"user","content":[{{Image}}]}]}""", "takes no images" },
        { """{"model":"small-first","messages":[{"role":"user","content":[{"type":"file","file":{"file_data":"data:application/pdf;base64,AAAA","filename":"a.pdf"}}]}]}""", "takes no documents" },
        { """{"model":"small-first","response_format":{"type":"json_schema","json_schema":{"name":"a","schema":{"type":"object"}}},"messages":[{"role":"user","content":"x"}]}""", "answers by no JSON schema" },
    };

    [Theory]
    [MemberData(nameof(Needs))]
    public void Target_ThatLacksWhatTheRequestNeeds_IsPassedOver(string body, string reason)
    {
        var call = _bench.CallOf(body);

        _bench.Order(call).ShouldBe("openai/gpt-4o-mini");
        call.PassedOver.ShouldHaveSingleItem().ShouldBe(new PassedOver("openai/gpt-4", PassCause.Capability, reason));
    }

    [Theory]
    [InlineData("""{"model":"small-first","messages":[{"role":"user","content":"what is an \"image_url\" in a \"file\"?"}]}""")]
    [InlineData("""{"model":"small-first","response_format":{"type":"json_object"},"messages":[{"role":"user","content":"schema"}]}""")]
    [InlineData("""{"model":"small-first","tools":[{"type":"function","function":{"name":"f","parameters":{"type":"object"}}}],"messages":[{"role":"user","content":"x"}]}""")]
    public void Request_ThatOnlySpeaksOfSuchThings_PassesNothingOver(string body)
    {
        var call = _bench.CallOf(body);

        _bench.Order(call).ShouldBe("openai/gpt-4 openai/gpt-4o-mini");
        call.PassedOver.ShouldBeNull();
    }

    [Fact]
    public void Prompt_ThatDoesNotFit_GoesToTheLargerContext()
    {
        var call = _bench.Call("small-first", string.Concat(Enumerable.Repeat("twelve words make a sentence that is long enough for this test. ", 1000)));

        _bench.Order(call).ShouldBe("openai/gpt-4o-mini");
        call.PassedOver.ShouldHaveSingleItem().Reason.ShouldStartWith("its context of 8,192 tokens is too small for about 1");
    }

    [Fact]
    public void OutputLimit_CountsTowardsTheContext() =>
        _bench.Order("small-first", members: "\"max_tokens\":8190,").ShouldBe("openai/gpt-4o-mini");

    [Fact]
    public void EstimateThatIsNearTheWindow_IsTriedWhereNothingElseFits()
    {
        // Some 9,000 tokens for windows of 8,192: the estimate may be that wrong.
        string text = string.Concat(Enumerable.Repeat("word ", 7900));

        using var bench = new RoutingBench("  both: { targets: [openai/gpt-4, openai/gpt-4-0613] }");
        bench.Order("both", text).ShouldBe("openai/gpt-4");
        bench.Order("both", text + text).ShouldStartWith("no target of 'both' can serve this request: openai/gpt-4: its context of 8,192 tokens is too small");
    }

    [Fact]
    public void ContextTooSmallEverywhere_IsSaidAsSuch()
    {
        var call = _bench.Call("blind", string.Concat(Enumerable.Repeat("word ", 40_000)));
        _bench.Order(call);

        var error = new TargetSelector(new Random(1)).Select(call).Error!;

        error.Kind.ShouldBe(ErrorKind.ContextTooLong);
        error.StatusOrDefault.ShouldBe(400);
        error.Message.ShouldContain("openai/gpt-3.5-turbo: its context of 16,385 tokens");
    }

    [Fact]
    public void NeedThatNobodyMeets_IsRefusedWithEachReason()
    {
        var call = _bench.CallOf($$"""{"model":"blind","messages":[{"role":"user","content":[{{Image}}]}]}""");

        var error = new TargetSelector(new Random(1)).Select(call).Error!;

        error.StatusOrDefault.ShouldBe(400);
        error.Message.ShouldBe("no target of 'blind' can serve this request: openai/gpt-4: takes no images; openai/gpt-3.5-turbo: takes no images");
    }

    [Fact]
    public void UnknownModel_IsTakenToBeAble() =>
        _bench.Order(_bench.CallOf($$"""{"model":"unknown","messages":[{"role":"user","content":[{{Image}}]}]}""")).ShouldBe("local/mystery");

    [Fact]
    public void OnlyTarget_IsLeftToItsProvider() =>
        _bench.Order(_bench.CallOf($$"""{"model":"one","messages":[{"role":"user","content":[{{Image}}]}]}""")).ShouldBe("openai/gpt-4");

    [Fact]
    public void Restriction_OfAGuard_HoldsForRoutesAndModels()
    {
        var call = _bench.Call("small-first");
        call.Restrict(new TargetRestriction(t => t.Model != "gpt-4", "key 'k' may not"));
        var direct = _bench.Call("openai/gpt-4");
        direct.Restrict(new TargetRestriction(_ => false, "key 'k' may use nothing"));

        _bench.Order(call).ShouldBe("openai/gpt-4o-mini");
        var refused = new TargetSelector(new Random(1)).Select(direct).Error!;
        refused.StatusOrDefault.ShouldBe(403);
        refused.Message.ShouldContain("openai/gpt-4: key 'k' may use nothing");
    }

    public void Dispose() => _bench.Dispose();
}
