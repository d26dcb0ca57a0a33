using System.Collections.Frozen;
using Sluice.Configuration;
using Sluice.Errors;
using Sluice.Formats;
using Sluice.Providers;
using Sluice.Resilience.Keys;
using Sluice.Resilience.Limits;
using Sluice.Upstream;
using Sluice.Wire;

namespace Sluice.Routing;

/// <summary>A provider as calls see it: its configuration with everything resolved. Immutable; a reload makes a new one.</summary>
public sealed class ProviderModel
{
    private readonly FrozenDictionary<WireFormatId, IWireFormat> _native;

    /// <summary>Resolves a provider.</summary>
    /// <param name="config">Its configuration.</param>
    /// <param name="pool">The connections.</param>
    /// <param name="state">What outlives a reload.</param>
    internal ProviderModel(ProviderConfig config, UpstreamClientPool pool, ProviderState state)
    {
        Config = config;
        State = state;
        Vendor = Vendors.Get(config.Type);
        Address = ProviderAddress.Of(Vendor, config);
        Client = pool.Get(config.Tls, config.Proxy, config.Timeouts.Connect);
        Keys = KeyRing.Of(config, state.KeyOf);
        Authenticator = UpstreamAuthenticator.For(this);
        Limits = new LimitScope($"provider '{config.Name}'", config.Limits, state.Limiter);
        var configured = (config.Formats ?? []).Select(f => new WireFormatId(f)).ToArray();
        var ids = Vendor.NativeFormats(Address.IsOwn, configured);
        _native = ids.Select(WireFormats.Find).OfType<IWireFormat>().ToFrozenDictionary(f => f.Id);
        ChatFormat = WireFormats.Find<IChatClientFormat>(Vendor.PrimaryFormat);
        EmbeddingFormat = _native.Values.OfType<IEmbeddingClientFormat>().FirstOrDefault();
        CountFormat = _native.Values.OfType<ICountTokensClientFormat>().FirstOrDefault();
    }

    /// <summary>The name in <c>provider/model</c>.</summary>
    public string Name => Config.Name;

    /// <summary>The vendor as telemetry conventions call it.</summary>
    internal string GenAIName => _genAIName ??= Telemetry.GenAINames.Provider(Vendor.Id);

    private string? _genAIName;

    /// <summary>What the user wrote, inherited settings filled in.</summary>
    public ProviderConfig Config { get; }

    /// <summary>Counters and rests that outlive a reload.</summary>
    public ProviderState State { get; }

    /// <summary>The vendor's entry.</summary>
    public VendorDescriptor Vendor { get; }

    /// <summary>The addresses of its endpoints.</summary>
    public ProviderAddress Address { get; }

    /// <summary>The format that other formats are translated to; <see langword="null"/> where this build does not speak it.</summary>
    public IChatClientFormat? ChatFormat { get; }

    /// <summary>The format of its embeddings; <see langword="null"/> where it has none.</summary>
    public IEmbeddingClientFormat? EmbeddingFormat { get; }

    /// <summary>The format of its token counting; <see langword="null"/> where it has none.</summary>
    public ICountTokensClientFormat? CountFormat { get; }

    /// <summary>The format in which a model is asked by clients of other formats; <see langword="null"/> where this build does not speak it.</summary>
    public IChatClientFormat? ChatFormatOf(string model)
    {
        foreach (var (format, part) in Vendor.FormatsOfModels)
        {
            if (model.Contains(part, StringComparison.OrdinalIgnoreCase) && Native(format) is IChatClientFormat own) return own;
        }
        return ChatFormat;
    }

    internal HttpMessageInvoker Client { get; }

    internal UpstreamAuthenticator Authenticator { get; }

    /// <summary>Its keys.</summary>
    internal KeyRing Keys { get; }

    /// <summary>Its rates.</summary>
    internal LimitScope Limits { get; }

    /// <summary>What each of its keys is good for now; empty where it needs none.</summary>
    public IReadOnlyList<KeyStatus> KeyStatus => Keys.Status();

    /// <summary>The format, where the upstream speaks it itself.</summary>
    public IWireFormat? Native(WireFormatId format) => _native.GetValueOrDefault(format);

    /// <summary>True where a stream must be asked for its usage, and may be.</summary>
    public bool AsksForStreamUsage(WireFormatId format) => Vendor.AcceptsIncludeUsage && format == WireFormatId.OpenAIChat;

    /// <summary>What a user can do about an error of this provider; <see langword="null"/> where nothing special.</summary>
    public string? Guidance(ErrorKind kind) => kind.Value switch
    {
        "authentication" => $"The key of provider '{Name}' was refused. {Vendor.Guidance}",
        "permission" => $"The key of provider '{Name}' may not use this. {Vendor.Guidance}",
        "quota_spent" => $"The account of provider '{Name}' is out of credit or quota.",
        _ => null,
    };
}
