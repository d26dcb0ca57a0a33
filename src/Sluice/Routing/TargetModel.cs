using System.Collections.Concurrent;
using Sluice.Configuration;
using Sluice.Formats.Json;
using Sluice.Parameters;
using Sluice.Providers;
using Sluice.Resilience.Limits;
using Sluice.Transforms;
using Sluice.Upstream;
using Sluice.Wire;

namespace Sluice.Routing;

/// <summary>One model at one provider, with its effective settings. Immutable but for what it caches.</summary>
public sealed class TargetModel
{
    private readonly ConcurrentDictionary<(WireFormatId Format, EndpointKind Kind), Uri> _addresses = new();

    private readonly Lazy<ModelParameterRules> _parameterRules;

    private readonly Lazy<SchemaRules?> _schemas;

    internal TargetModel(ProviderModel provider, string model, TargetConfig? config, TargetState state)
    {
        Provider = provider;
        Model = model;
        Config = config;
        State = state;
        Deployment = provider.Config.Deployments.GetValueOrDefault(model, model);
        Formats = TargetFormats.Of(provider, model, Deployment);
        QuotedModel = JsonOutput.QuotedString(Deployment);
        _schemas = new Lazy<SchemaRules?>(() => SchemaRules.For(provider.Vendor, model));
        _parameterRules = new Lazy<ModelParameterRules>(() => Parameters.ParameterRules.For(provider.Vendor.Id, Formats.Rule is null ? model : PublishedModel.Parse(model).Name));
        Limits = LimitSet.Of(provider.Limits, new LimitScope($"target '{Id}'", config?.Limits ?? LimitsConfig.None, state.Limiter));
        ChatFormat = Formats.Rule is null ? provider.ChatFormat : Formats.Chat;
        UnsignedFamily = provider.Vendor.ReasoningBack switch
        {
            _ when provider.Config.Quirks.ReasoningBack is not null => $"{provider.Name}/{model}",
            "vendor" => $"{provider.Vendor.Id}/",
            "model" => $"{provider.Vendor.Id}/{model}",
            _ => null,
        };
        BodyRules = new BodyRules(this);
        ChatRules = new ChatRules(this);
        RequestHeaders = RequestHeaderRules.Of(config?.Headers ?? provider.Config.Headers, provider.Authenticator);
        ResponseHeaders = ResponseHeaderRules.Of(config?.ResponseHeaders ?? provider.Config.ResponseHeaders);
    }

    /// <summary>The provider.</summary>
    public ProviderModel Provider { get; }

    /// <summary>The model's name at the provider.</summary>
    public string Model { get; }

    /// <summary>The name that is sent: the deployment's where the provider has them.</summary>
    public string Deployment { get; }

    /// <summary>What the route says of this target; <see langword="null"/> where the model was named directly.</summary>
    public TargetConfig? Config { get; }

    /// <summary><c>provider/model</c>.</summary>
    public string Id => $"{Provider.Name}/{Model}";

    /// <summary>What is remembered of it across reloads.</summary>
    public TargetState State { get; }

    /// <summary>When it rests.</summary>
    public BreakerConfig Breaker => Config?.Breaker ?? Provider.Config.Breaker;

    /// <summary>How long each part of an attempt may take.</summary>
    public TimeoutsConfig Timeouts => Config?.Timeouts ?? Provider.Config.Timeouts;

    /// <summary>When and how often an attempt is repeated.</summary>
    public RetryConfig Retry => Config?.Retry ?? Provider.Config.Retry;

    /// <summary>The format in which clients of other formats reach it; <see langword="null"/> where this build does not speak it.</summary>
    internal IChatClientFormat? ChatFormat { get; }

    /// <summary>Whose reasoning without a signature it makes and takes back; <see langword="null"/> where it needs none.</summary>
    internal string? UnsignedFamily { get; }

    /// <summary>Whether a field that cannot be expressed refuses the call.</summary>
    public bool Strict => Config?.Strict ?? Provider.Config.Strict;

    /// <summary>The rates that each attempt is held to: the provider's and its own.</summary>
    internal LimitSet Limits { get; }

    /// <summary>The model as a label; <see langword="null"/> until somebody has asked.</summary>
    internal string? Label { get; set; }

    /// <summary>Whether a price is known; <see langword="null"/> until somebody has looked.</summary>
    internal bool? HasPrice { get; set; }

    /// <summary>What the catalogue says of it; <see langword="null"/> until somebody has looked.</summary>
    internal TargetFacts? Facts { get; set; }

    /// <summary>The formats in which it is asked.</summary>
    internal TargetFormats Formats { get; }

    /// <summary>Whose signatures of reasoning it makes and accepts; <c>*</c> for any.</summary>
    internal string Family => Formats.Rule?.Family ?? Provider.Vendor.Family;

    /// <summary>What its vendor wants changed in bodies of a format; <see langword="null"/> for nothing.</summary>
    internal VendorBody? BodyOf(WireFormatId format) => Formats.PathOf(format, Provider.Address).Body;

    /// <summary>The model's name in bodies of a format.</summary>
    internal string ModelIn(WireFormatId format) => BodyOf(format)?.Model is { } template ? PublishedModel.Parse(Deployment).Fill(template) : Formats.Rule is null ? Deployment : PublishedModel.Parse(Deployment).Name;

    /// <summary><see cref="ModelIn"/> as a JSON string.</summary>
    internal ReadOnlyMemory<byte> QuotedModelIn(WireFormatId format) => JsonOutput.QuotedString(ModelIn(format));

    /// <summary>The model's name as a JSON string.</summary>
    internal ReadOnlyMemory<byte> QuotedModel { get; }

    /// <summary>What the model's family does not take; decided at the first call.</summary>
    internal ModelParameterRules ParameterRules => _parameterRules.Value;

    /// <summary>The subset of JSON Schema that it understands; <see langword="null"/> for all. Decided at the first translated call.</summary>
    internal SchemaRules? Schemas => _schemas.Value;

    /// <summary>What is changed in bodies of the client's own format.</summary>
    internal BodyRules BodyRules { get; }

    /// <summary>What is changed in chat requests on the way to another format.</summary>
    internal ChatRules ChatRules { get; }

    /// <summary>Rules for headers sent there; <see langword="null"/> where none is written.</summary>
    internal RequestHeaderRules? RequestHeaders { get; }

    /// <summary>Rules for headers sent back; <see langword="null"/> where none is written.</summary>
    internal ResponseHeaderRules? ResponseHeaders { get; }

    /// <summary>Rules of <c>transforms</c> that can fit its calls; <see langword="null"/> where there are none.</summary>
    internal TargetTransforms? Transforms { get; init; }

    /// <summary>The address of an endpoint.</summary>
    public Uri Address(WireFormatId format, EndpointKind kind) =>
        _addresses.GetOrAdd((format, kind), static (key, self) => self.Provider.Address.Of(key.Format, self.Formats.PathOf(key.Format, self.Provider.Address), self.Deployment, key.Kind), this);
}
