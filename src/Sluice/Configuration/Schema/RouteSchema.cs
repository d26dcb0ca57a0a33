namespace Sluice.Configuration.Schema;

/// <summary>Keys of a route and its targets.</summary>
internal static class RouteSchema
{
    internal static readonly IReadOnlyList<string> Capabilities = ["vision", "audio", "documents", "tools", "schema", "reasoning"];

    internal static readonly ObjectType Condition = new(
        "condition",
        "When a target may be chosen; every part that is written must hold.",
        Key.List("keys", TextType.Any, "Names of keys, or patterns.", "[team-*]"),
        Key.Of("headers", new MapType(ShapeType.HeaderValue) { KeyType = ShapeType.HeaderName, Placeholder = "HEADER" }, "Headers of the client and their values; `*` stands for any.", "{ x-tier: gold }"),
        Key.Integer("min_tokens", null, "Least estimated input tokens.", 0, 1_000_000_000, "8000"),
        Key.Integer("max_tokens", null, "Most estimated input tokens.", 0, 1_000_000_000, "8000"),
        Key.List("needs", new EnumType([.. Capabilities]), "Capabilities that the request needs.", "[vision]"));

    internal static readonly ObjectType Target = new(
        "target",
        "One target of a route. Its own settings win over the route's, those over the provider's, those over `defaults`.",
        Key.Of("model", TextType.Model, "`provider/model`, or the name of another route.", "openai/gpt-5.4-mini").Required(),
        Key.Bool("enabled", true, "Use it."),
        Key.Integer("weight", 1, "Its share under `strategy: weighted`.", 0, 1_000_000, "3"),
        Key.Object("when", Condition),
        Key.Object("timeout", SharedSchema.Timeout).Inherited(),
        Key.Object("retry", SharedSchema.Retry).Inherited(),
        Key.Object("breaker", SharedSchema.Breaker).Inherited(),
        Key.Object("limits", SharedSchema.Limits, "Rates of this target alone; the provider's hold besides."),
        Key.FreeMap("params", "Request parameters used where the client gives none, by their names in Chat Completions. Each is sent where the provider's format has it; a name that no format has is sent with chat calls as it is.", "{ temperature: 0.2 }").Inherited(),
        Key.FreeMap("provider_specific", "Members merged into every body, in the provider's own format.", "{ top_k: 40 }").Inherited(),
        Key.Object("headers", SharedSchema.Headers, "Rules for headers sent upstream.").Inherited(),
        Key.Object("response_headers", SharedSchema.Headers, "Rules for headers sent back to the client.").Inherited(),
        Key.Object("price", SharedSchema.Price).Inherited(),
        Key.Enum<UnknownPricePolicy>("unknown_price", UnknownPricePolicy.Refuse, "What a budget does with a model whose price nobody knows.").Inherited(),
        Key.Bool("strict", false, "Refuse what the target cannot express.").Inherited());

    internal static readonly EitherType TargetOrModel = new(TextType.Model, Target);

    internal static readonly ObjectType Hedge = new(
        "hedge",
        "A second attempt that is started while the first has not answered; the first content wins.",
        Key.Of("after", ShapeType.HedgeDelay, "A delay, or a percentile of the target's own time to first token.", "p95").Required(),
        Key.Ratio("max_share", new HedgeConfig().MaxShare, "Largest share of calls that may be hedged."),
        Key.Ratio("max_spend", new HedgeConfig().MaxSpend, "Largest share of the route's spending that hedges may make up."));

    internal static readonly ObjectType Share = new(
        "share",
        "A target that gets a share of the calls.",
        Key.Of("model", TextType.Model, "The target.", "openai/gpt-5.4").Required(),
        Key.Of("percent", new NumberType(0, 100), "Its share of the calls.", "5").Required());

    internal static readonly ObjectType Route = new(
        "route",
        "A name that clients ask for and that stands for targets. A single model id is short for a route with that one target.",
        Key.Enum<RouteStrategy>("strategy", RouteStrategy.Fallback, "How a target is chosen."),
        new ConfigKey("targets", new ListType(TargetOrModel) { NotEmpty = true }, "The targets, in order.") { Required = true, Example = "[anthropic/claude-sonnet-5, { model: openai/gpt-5.4, weight: 2 }]" },
        Key.Text("description", "Text for the model list.", example: "\"good and fast\""),
        Key.Bool("enabled", true, "Offer it."),
        Key.Bool("auto", true, "Choose among the targets; `false` means that only the first is tried unless the client lists its own."),
        Key.Object("timeout", SharedSchema.Timeout, "Timeouts of its targets; `total` bounds the whole call besides.").Inherited(),
        Key.Object("retry", SharedSchema.Retry).Inherited(),
        Key.Object("limits", SharedSchema.Limits, "Rates of all calls by this route."),
        Key.Object("budget", SharedSchema.Budget),
        Key.FreeMap("params", "Request parameters used where the client gives none, by their names in Chat Completions. Each is sent where the provider's format has it; a name that no format has is sent with chat calls as it is.", "{ temperature: 0.2 }").Inherited(),
        Key.Enum<StickyKey>("sticky", null, "What sticks a caller to a target."),
        Key.Object("hedge", Hedge),
        Key.Object("shadow", Share, "A target that gets a copy of calls and whose answer is ignored."),
        Key.Object("canary", Share, "A target that serves a part of the calls."),
        Key.Bool("continue", false, "After a break in mid-stream, ask the next target to go on from the text so far."),
        Key.Bool("wait", false, "Let a call over a limit wait for room within its deadline.").Inherited(),
        Key.Bool("strict", false, "Refuse what a target cannot express.").Inherited(),
        Key.Enum<DisconnectPolicy>("on_disconnect", DisconnectPolicy.Cancel, "What happens upstream when the client goes away: `cancel` ends the call, `finish` reads an answer that has been asked for to its end, for the ledger.").Inherited())
    {
        Absent = new Dictionary<string, string>(StringComparer.Ordinal) { ["cache"] = "take it out: every call asks a provider" },
    };
}
