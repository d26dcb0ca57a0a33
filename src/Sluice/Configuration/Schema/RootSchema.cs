namespace Sluice.Configuration.Schema;

/// <summary>The whole file.</summary>
internal static class RootSchema
{
    internal static readonly ObjectType Defaults = new(
        "defaults",
        "What every provider and route inherits.",
        Key.Object("timeout", SharedSchema.Timeout),
        Key.Object("retry", SharedSchema.Retry),
        Key.Object("breaker", SharedSchema.Breaker),
        Key.Object("limits", SharedSchema.Limits, "Rates that each provider is held to."),
        Key.FreeMap("params", "Request parameters used where the client gives none, by their names in Chat Completions. Each is sent where the provider's format has it; a name that no format has is sent with chat calls as it is.", "{ temperature: 0.7, max_tokens: 1000 }"),
        Key.Object("headers", SharedSchema.Headers, "Rules for headers sent upstream."),
        Key.Object("response_headers", SharedSchema.Headers, "Rules for headers sent back to the client."),
        Key.Bool("strict", new DefaultsConfig().Strict, "Refuse with status 400 what a target cannot express, instead of dropping it."),
        Key.Enum<DisconnectPolicy>("on_disconnect", new DefaultsConfig().OnDisconnect, "What happens upstream when the client goes away: `cancel` ends the call, `finish` reads an answer that has been asked for to its end, for the ledger."),
        Key.Bool("wait", new DefaultsConfig().Wait, "Let a call over a limit wait for room within its deadline, instead of status 429."),
        Key.Enum<UnknownPricePolicy>("unknown_price", new DefaultsConfig().UnknownPrice, "What a budget does with a model whose price nobody knows."));

    internal static readonly ObjectType Allow = new(
        "allow",
        "Which providers and models may be used at all.",
        Key.List("providers", TextType.ProviderName, "Names of providers; without it all.", "[openai, local]"),
        Key.List("models", TextType.ModelPattern, "Model ids or patterns; without it all.", "[\"openai/*\", local/qwen2.5:7b]"));

    internal static readonly ObjectType Root = new(
        "file",
        "The configuration of Sluice.",
        Key.Path("extends", "A file that this one is merged over, relative to this one.", "./base.yaml"),
        Key.Object("server", ServerSchema.Server),
        Key.Object("admin", ServerSchema.Admin),
        Key.Object("storage", ServerSchema.Storage),
        Key.Object("defaults", Defaults),
        Key.Object("allow", Allow),
        Key.Of("providers", new MapType(ProviderSchema.Provider) { KeyType = ShapeType.Identifier }, "The upstreams, by the names that stand before the slash in `provider/model`."),
        Key.Of("models", new MapType(new EitherType(TextType.Model, RouteSchema.Route)) { KeyType = ShapeType.RouteName }, "The routes, by the names that clients ask for. A name with `*` stands for all names that fit."),
        Key.List("transforms", RuleSchema.Transform, "Rules that change requests and responses, in the order they apply."),
        Key.Object("keys", RuleSchema.Keys),
        Key.Object("budgets", SharedSchema.Budget, "The budget of the whole gateway."),
        Key.Object("cache", RuleSchema.Cache),
        Key.Object("catalog", RuleSchema.Catalog),
        Key.Object("logging", ServerSchema.Logging),
        Key.Object("telemetry", ServerSchema.Telemetry));
}
