using System.Collections.Concurrent;
using System.Collections.Frozen;
using Sluice.Configuration;
using Sluice.Errors;
using Sluice.Telemetry.Logging;
using Sluice.Transforms;
using Sluice.Transforms.Rules;
using Sluice.Upstream;

namespace Sluice.Routing;

/// <summary>A configuration with everything resolved: the snapshot that a call begins and ends with.</summary>
public sealed class GatewayModel
{
    private const int MaxCachedNames = 4096;
    private const int MaxCachedName = 256;
    private readonly FrozenDictionary<string, ProviderModel> _providers;
    private readonly FrozenDictionary<string, RouteModel> _routes;
    private readonly ConcurrentDictionary<string, RouteModel> _direct = new(StringComparer.Ordinal);
    private readonly IModelNames _names;
    private readonly Func<string, TargetState> _targets;
    private readonly TransformRule[] _transforms;
    private readonly ModelPatterns? _allowedModels;
    private readonly UpstreamBorder _border;

    internal GatewayModel(SluiceConfig config, UpstreamClientPool pool, Func<string, ProviderState> states, Func<string, TargetState> targets, IModelNames names)
    {
        Config = config;
        Secrets = SecretMask.Of(config);
        _border = new UpstreamBorder(Secrets, config.Admin.Key, []);
        Log = new LogSettings(config.Logging, Secrets);
        _names = names;
        Costs = new Pricing.CallCosts(config.Catalog.Files);
        _targets = targets;
        _allowedModels = ModelPatterns.Of(config.Allow.Models, config.Providers.Keys);
        _transforms = [.. config.Transforms.Select(t => new TransformRule(t))];
        Providers = [.. config.Providers.Values.Where(p => p.Enabled && IsAllowed(config.Allow.Providers, p.Name)).Select(p => new ProviderModel(p, pool, states(p.Name), new UpstreamBorder(Secrets, config.Admin.Key, ConfiguredSecrets.Of(config, p))))];
        _providers = Providers.ToFrozenDictionary(p => p.Name, StringComparer.OrdinalIgnoreCase);
        var routes = new RouteResolver(config, _providers, Target, _allowedModels, []);
        Routes = [.. config.Routes.Values.Where(r => r.Enabled && !RoutePattern.IsPattern(r.Name)).Select(routes.Resolve)];
        Patterns = [.. config.Routes.Values.Where(r => r.Enabled && RoutePattern.IsPattern(r.Name)).OrderByDescending(r => RoutePattern.Length(r.Name)).ThenBy(r => r.Name, StringComparer.Ordinal)];
        _routes = Routes.ToFrozenDictionary(r => r.Name, StringComparer.OrdinalIgnoreCase);
        FinishesCalls = config.Providers.Values.Any(p => p.OnDisconnect is DisconnectPolicy.Finish) || config.Routes.Values.Any(r => r.OnDisconnect is DisconnectPolicy.Finish);
        ConfiguredModels = RouteTargets.Select(t => t.Id)
            .Concat(Patterns.SelectMany(r => r.Targets).Where(t => t.Provider is not null).Select(t => t.Model))
            .Concat(Providers.SelectMany(p => (p.Config.Models ?? []).Select(m => $"{p.Name}/{m}")))
            .ToFrozenSet(StringComparer.Ordinal);
    }

    /// <summary>What the user wrote.</summary>
    public SluiceConfig Config { get; }

    /// <summary>Takes its secrets out of what is told.</summary>
    public SecretMask Secrets { get; }

    /// <summary>What is logged.</summary>
    internal LogSettings Log { get; }

    /// <summary>What calls cost.</summary>
    internal Pricing.CallCosts Costs { get; }

    /// <summary>Whether any call may be read to its end after its client has left.</summary>
    internal bool FinishesCalls { get; }

    /// <summary>The ids of all models that the configuration names, as providers' lists or as targets.</summary>
    internal FrozenSet<string> ConfiguredModels { get; }

    /// <summary>A target's model as a label: models that only requests name count as one.</summary>
    internal string LabelOf(TargetModel target) => target.Label ??= ConfiguredModels.Contains(target.Id) ? target.Model : "other";

    /// <summary>The targets of all routes, with those of their canaries and shadows.</summary>
    internal IEnumerable<TargetModel> RouteTargets => Routes.SelectMany(r => r.Targets.Concat(r.Canary?.Targets ?? []).Concat(r.Shadow?.Targets ?? []));

    /// <summary>The targets that providers' lists of models name.</summary>
    internal IEnumerable<TargetModel> ListedTargets => Providers.SelectMany(p => (p.Config.Models ?? []).Select(m => Resolve($"{p.Name}/{m}"))).Where(r => r.IsSuccess).SelectMany(r => r.Value!.Targets);

    /// <summary>The providers in the order written.</summary>
    public IReadOnlyList<ProviderModel> Providers { get; }

    /// <summary>The routes in the order written.</summary>
    public IReadOnlyList<RouteModel> Routes { get; }

    /// <summary>The routes whose names are patterns, the longest first.</summary>
    public IReadOnlyList<RouteConfig> Patterns { get; }

    /// <summary>
    /// Finds where calls for a name go: a route, one whose pattern fits, a <c>provider/model</c>, a model that exactly one provider has, or one that the catalogue
    /// knows of exactly one.
    /// </summary>
    public Outcome<RouteModel> Resolve(string name) => Resolve(name, null);

    /// <summary>The same for a name that has another spelling, which counts where nobody has a model of the first.</summary>
    internal Outcome<RouteModel> Resolve(string name, string? alias)
    {
        if (_routes.TryGetValue(name, out var route)) return route.Targets.Count > 0 ? route : new GatewayError(ErrorKind.NotFound, $"route '{route.Name}' has no target that is enabled");
        if (alias is not null && !IsListed(name)) return Resolve(alias);
        if (_direct.TryGetValue(name, out var direct)) return direct;
        if (ModelName.Fault(name) is { } fault) return Misnamed(fault);
        if (!_border.MayGoUp(name)) return new GatewayError(ErrorKind.InvalidRequest, "the name of the model carries a key of this gateway: keys go into the Authorization header") { Param = "model", Code = "invalid_model" };
        var found = ByPattern(name) ?? Direct(name);
        if (found.IsSuccess && !found.Value.IsByCatalogue && name.Length <= MaxCachedName && _direct.Count < MaxCachedNames) _direct.TryAdd(name, found.Value);
        return found;
    }

    /// <summary>Another number each time that more became known of what providers have.</summary>
    internal long NamesRevision => _names.Revision;

    /// <summary>Asks the providers for their models that were not asked yet, where a name could not be found or only guessed by the catalogue.</summary>
    internal ValueTask LearnAsync(RouteModel? found, GatewayError? error, CancellationToken cancellationToken) =>
        found is { IsByCatalogue: true } || error is { Code: "model_not_found" or ClientTargets.UnknownTarget } ? _names.LearnAsync(Providers, cancellationToken) : ValueTask.CompletedTask;

    /// <summary>Finds where calls for a name go, and asks the providers for their models where that helps.</summary>
    internal async ValueTask<Outcome<RouteModel>> FindAsync(string name, string? alias, CancellationToken cancellationToken)
    {
        long before = NamesRevision;
        var found = Resolve(name, alias);
        await LearnAsync(found.Value, found.Error, cancellationToken).ConfigureAwait(false);
        return NamesRevision == before ? found : Resolve(name, alias);
    }

    /// <summary>What the catalogue says of a target; looked up once.</summary>
    internal TargetFacts Facts(TargetModel target) => target.Facts ??= TargetFacts.Of(target, Costs.Book);

    // What names a configured provider goes there, but for a pattern that spells that provider out. Else the longest pattern that fits.
    private Outcome<RouteModel>? ByPattern(string name)
    {
        if (Patterns.Count == 0) return null;
        int slash = name.IndexOf('/');
        var provider = slash > 0 && _providers.ContainsKey(name[..slash]) ? name.AsSpan(0, slash + 1) : default;
        foreach (var pattern in Patterns)
        {
            if (!pattern.Name.AsSpan().StartsWith(provider, StringComparison.OrdinalIgnoreCase) || RoutePattern.Match(pattern.Name, name) is not { } parts) continue;
            var resolver = new RouteResolver(Config, _providers, Target, _allowedModels, parts);
            var route = resolver.Resolve(pattern);
            if (resolver.Fault is { } fault) return Misnamed(fault);
            Outcome<RouteModel> found = route.Targets.Count > 0 ? route : new GatewayError(ErrorKind.NotFound, $"no target of route '{pattern.Name}' has '{Cut(name)}'") { Param = "model", Code = "model_not_found" };
            return found;
        }
        return null;
    }

    private Outcome<RouteModel> Direct(string name)
    {
        int slash = name.IndexOf('/');
        if (slash > 0 && _providers.TryGetValue(name[..slash], out var provider)) return Model(provider, name[(slash + 1)..]);
        ProviderModel[] owners = [.. Providers.Where(p => _names.Knows(p, name))];
        if (owners.Length == 1) return Model(owners[0], name);
        if (owners.Length > 1) return Ambiguous(name, owners, "is offered by");
        if (Providers.Count == 1 && slash < 0) return Model(Providers[0], name);
        // Vendors take names that they do not list: aliases, dated ones, old ones.
        ProviderModel[] vendors = [.. Providers.Where(p => p.Config.Models is null && Costs.Book.Model(p.Config, name) is { Id: not "*" })];
        if (vendors.Length == 1) return Model(vendors[0], name) is { IsSuccess: true, Value: var guess } ? guess with { IsByCatalogue = true } : Model(vendors[0], name);
        return vendors.Length > 1 ? Ambiguous(name, vendors, "may be a model of") : Unknown(name);
    }

    private static GatewayError Misnamed(string fault) =>
        new(ErrorKind.InvalidRequest, $"the name of the model {fault}: write a route, a provider/model or a model, in plain segments") { Param = "model", Code = "invalid_model" };

    private static GatewayError Ambiguous(string name, ProviderModel[] owners, string why)
    {
        string choices = string.Join(" or ", owners.Select(o => $"'{o.Name}/{name}'"));
        return new GatewayError(ErrorKind.NotFound, $"model '{name}' {why} several providers: ask for {choices}") { Status = 404, Param = "model", Code = "model_not_found" };
    }

    // 'provider/model' by the configuration's or the provider's own list, or a model that somebody lists.
    private bool IsListed(string name)
    {
        int slash = name.IndexOf('/');
        if (slash > 0 && _providers.TryGetValue(name[..slash], out var provider)) return _names.Of(provider).Contains(name[(slash + 1)..]);
        return Providers.Any(p => _names.Of(p).Contains(name));
    }

    private Outcome<RouteModel> Model(ProviderModel provider, string model)
    {
        string id = $"{provider.Name}/{model}";
        if (_allowedModels?.Fit(provider.Name, model) == false)
        {
            return new GatewayError(ErrorKind.Permission, $"model '{id}' is not among those that allow.models permits") { Param = "model" };
        }
        if (provider.Config.Models is { } listed && !listed.Contains(model, StringComparer.Ordinal))
        {
            string near = NearestNames.Suggestion(model, listed);
            return new GatewayError(ErrorKind.NotFound, $"provider '{provider.Name}' offers no model '{model}'.{near}") { Param = "model", Code = "model_not_found" };
        }
        return new RouteModel(id, IsNamed: false, [Target(provider, model, null)], provider.Config.Timeouts, null);
    }

    private GatewayError Unknown(string name)
    {
        var known = Routes.Select(r => r.Name).Concat(Providers.SelectMany(p => _names.Of(p).Select(m => $"{p.Name}/{m}"))).Concat(Providers.SelectMany(p => _names.Of(p)));
        string near = MistypedProvider(name) ?? NearestNames.Suggestion(name, known.Distinct(StringComparer.Ordinal));
        string how = Providers.Count == 0 ? " No provider is configured." : $" Ask for a route or for provider/model with one of: {string.Join(", ", Providers.Select(p => p.Name))}.";
        return new GatewayError(ErrorKind.NotFound, $"model '{Cut(name)}' is not known.{near}{how}") { Param = "model", Code = "model_not_found" };
    }

    // 'opnai/gpt-4o' is 'openai/gpt-4o' even where nobody has listed openai's models.
    private string? MistypedProvider(string name)
    {
        int slash = name.IndexOf('/');
        if (slash <= 0) return null;
        var near = NearestNames.Of(name[..slash], Providers.Select(p => p.Name));
        return near.Count == 0 ? null : $" Did you mean {string.Join(" or ", near.Select(n => $"'{n}{Cut(name[slash..])}'"))}?";
    }

    private TargetModel Target(ProviderModel provider, string model, TargetConfig? config) =>
        new(provider, model, config, _targets($"{provider.Name}/{model}")) { Transforms = TargetTransforms.Of(_transforms, provider.Name, model) };

    private static bool IsAllowed(IReadOnlyList<string>? patterns, string name) => patterns is null || patterns.Any(p => Wildcard.Matches(p, name));

    private static string Cut(string name) => name.Length <= 200 ? name : name[..200] + "...";
}
