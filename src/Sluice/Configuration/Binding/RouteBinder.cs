using System.Globalization;
using Sluice.Configuration.Schema;
using Sluice.Configuration.Validation;
using Sluice.Configuration.Yaml;

namespace Sluice.Configuration.Binding;

/// <summary>Binds one route and its targets, each over its provider.</summary>
internal sealed class RouteBinder(DefaultsConfig defaults, IReadOnlyDictionary<string, ProviderConfig> providers, IReadOnlySet<string> routes, BindingContext context)
{
    internal RouteConfig Bind(MapEntry entry)
    {
        var path = StructureValidator.Join("models", entry.Key);
        var reader = new ObjectReader(RouteSchema.Route, entry.Value, path, context);
        var shorthand = ObjectReader.Scalar(entry.Value, TextType.Model);
        var sticky = reader.Enum<StickyKey>("sticky");
        var strategy = reader.Enum<RouteStrategy>("strategy") ?? RouteStrategy.Fallback;
        return new RouteConfig
        {
            Name = entry.Key,
            Strategy = strategy,
            Targets = shorthand is not null ? [Target(shorthand, default, reader)] : Targets(reader),
            Description = reader.Text("description"),
            Enabled = reader.Bool("enabled") ?? true,
            Auto = reader.Bool("auto") ?? true,
            Timeouts = SharedBinder.Timeouts(reader.Object("timeout"), defaults.Timeouts),
            Limits = SharedBinder.Limits(reader.Object("limits"), LimitsConfig.None),
            Budget = SharedBinder.Budget(reader.Object("budget")),
            StickyBy = sticky ?? (strategy is RouteStrategy.Sticky ? StickyKey.User : null),
            Hedge = Hedge(reader.Object("hedge")),
            Shadow = Share(reader, "shadow"),
            Canary = Share(reader, "canary"),
            Continue = reader.Bool("continue") ?? false,
            Wait = reader.Bool("wait"),
            Strict = reader.Bool("strict") ?? defaults.Strict,
            OnDisconnect = reader.Enum<DisconnectPolicy>("on_disconnect"),
            Params = reader.FreeMap("params", defaults.Params),
        };
    }

    private List<TargetConfig> Targets(ObjectReader route)
    {
        var targets = new List<TargetConfig>();
        if (route.Items("targets") is not { } items) return targets;
        for (var i = 0; i < items.Count; i++)
        {
            var reader = new ObjectReader(RouteSchema.Target, items[i] as MapNode, string.Create(CultureInfo.InvariantCulture, $"{route.PathOf("targets")}[{i}]"), context);
            var model = ObjectReader.Scalar(items[i], TextType.Model) ?? reader.Text("model");
            // A target without a model has its fault already; its place is kept so that numbers in messages stay true.
            targets.Add(Target(model ?? "", reader, route));
        }

        return targets;
    }

    private TargetConfig Target(string model, ObjectReader reader, ObjectReader route)
    {
        var isRoute = routes.Contains(model);
        var slash = model.IndexOf('/', StringComparison.Ordinal);
        var provider = !isRoute && slash > 0 ? model[..slash] : null;
        var result = new TargetConfig
        {
            Model = model,
            Provider = provider,
            ModelName = provider is null ? null : model[(slash + 1)..],
            Route = isRoute ? model : null,
        };
        var above = provider is not null && providers.TryGetValue(provider, out var known) ? known : Unknown(provider ?? "");
        result = result with
        {
            Timeouts = SharedBinder.Timeouts(route.Object("timeout"), above.Timeouts),
            Retry = SharedBinder.Retry(route.Object("retry"), above.Retry),
            Breaker = above.Breaker,
            Params = route.FreeMap("params", above.Params),
            ProviderSpecific = above.ProviderSpecific,
            Headers = above.Headers,
            ResponseHeaders = above.ResponseHeaders,
            Price = above.Price,
            UnknownPrice = above.UnknownPrice,
            Strict = route.Bool("strict") ?? above.Strict,
        };
        return reader.IsWritten ? Own(result, reader) : result;
    }

    private static TargetConfig Own(TargetConfig target, ObjectReader reader) => target with
    {
        Enabled = reader.Bool("enabled") ?? true,
        Weight = reader.Int("weight") ?? 1,
        When = Condition(reader.Object("when")),
        Timeouts = SharedBinder.Timeouts(reader.Object("timeout"), target.Timeouts),
        Retry = SharedBinder.Retry(reader.Object("retry"), target.Retry),
        Breaker = SharedBinder.Breaker(reader.Object("breaker"), target.Breaker),
        Limits = SharedBinder.Limits(reader.Object("limits"), LimitsConfig.None),
        Params = reader.FreeMap("params", target.Params),
        ProviderSpecific = reader.FreeMap("provider_specific", target.ProviderSpecific),
        Headers = SharedBinder.Headers(reader.Object("headers"), target.Headers),
        ResponseHeaders = SharedBinder.Headers(reader.Object("response_headers"), target.ResponseHeaders),
        Price = SharedBinder.Price(reader.Object("price"), target.Price),
        UnknownPrice = reader.Enum<UnknownPricePolicy>("unknown_price") ?? target.UnknownPrice,
        Strict = reader.Bool("strict") ?? target.Strict,
    };

    private ShareConfig? Share(ObjectReader route, string key)
    {
        var reader = route.Object(key);
        var percent = reader.Double("percent");
        return reader.Text("model") is { } model ? new ShareConfig { Target = Target(model, default, route), Percent = percent ?? 0 } : null;
    }

    private static HedgeConfig? Hedge(ObjectReader reader)
    {
        if (reader.Text("after") is not { } after) return null;
        var isPercentile = after.StartsWith('p');
        return new HedgeConfig
        {
            After = !isPercentile && Quantities.TryParseDuration(after, out var delay) ? delay : null,
            AfterPercentile = isPercentile ? double.Parse(after.AsSpan(1), CultureInfo.InvariantCulture) : null,
            MaxShare = reader.Double("max_share") ?? new HedgeConfig().MaxShare,
            MaxSpend = reader.Double("max_spend") ?? new HedgeConfig().MaxSpend,
        };
    }

    private static ConditionConfig? Condition(ObjectReader reader) => !reader.IsWritten ? null : new ConditionConfig
    {
        Keys = reader.Texts("keys"),
        Headers = reader.TextMap("headers", StringComparer.OrdinalIgnoreCase) ?? Empty<string>.Map,
        MinTokens = reader.Long("min_tokens"),
        MaxTokens = reader.Long("max_tokens"),
        Needs = reader.Texts("needs") ?? [],
    };

    // A provider that does not exist has its fault elsewhere; its target still shows what the defaults give.
    private ProviderConfig Unknown(string name) => new()
    {
        Name = name,
        Type = "",
        Timeouts = defaults.Timeouts,
        Retry = defaults.Retry,
        Breaker = defaults.Breaker,
        Params = defaults.Params,
        Headers = defaults.Headers,
        ResponseHeaders = defaults.ResponseHeaders,
        UnknownPrice = defaults.UnknownPrice,
        Strict = defaults.Strict,
    };
}
