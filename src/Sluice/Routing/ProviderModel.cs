using Sluice.Configuration;
using Sluice.Errors;
using Sluice.Formats;
using Sluice.Providers;
using Sluice.Resilience.Keys;
using Sluice.Resilience.Limits;
using Sluice.Upstream;
using Sluice.Upstream.Identity;
using Sluice.Wire;

namespace Sluice.Routing;

/// <summary>A provider as calls see it: its configuration with everything resolved. Immutable; a reload makes a new one.</summary>
public sealed class ProviderModel
{
    private static readonly ProxyConfig NoProxy = new();
    private static readonly TimeSpan LocalConnect = TimeSpan.FromSeconds(1);

    /// <summary>Resolves a provider.</summary>
    /// <param name="config">Its configuration.</param>
    /// <param name="pool">The connections.</param>
    /// <param name="state">What outlives a reload.</param>
    /// <param name="border">What may cross to it and back.</param>
    internal ProviderModel(ProviderConfig config, UpstreamClientPool pool, ProviderState state, UpstreamBorder border)
    {
        Config = config;
        Border = border;
        State = state;
        Vendor = Vendors.Get(config.Type);
        Address = ProviderAddress.Of(Vendor, config);
        Client = pool.Get(config.Tls, config.Proxy, config.Timeouts.Connect);
        Keys = KeyRing.Of(config, state.KeyOf);
        Authenticator = UpstreamAuthenticator.For(this, new IdentityHttp(Client, pool.Get(TlsConfig.Default, NoProxy, LocalConnect)));
        Limits = new LimitScope($"provider '{config.Name}'", config.Limits, state.Limiter);
        ConfiguredFormats = [.. (config.Formats ?? []).Select(f => new WireFormatId(f))];
        Formats = TargetFormats.Usual(Vendor.NativeFormats(Address.IsOwn, ConfiguredFormats));
        ChatFormat = WireFormats.Find<IChatClientFormat>(Vendor.PrimaryFormat);
        RicherFormat = Vendor.RicherFormat is { } richer ? Formats.Native(richer) as IChatClientFormat : null;
        Quirks = new TargetQuirks(this);
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

    /// <summary>The formats of its usual models; those of one model are <see cref="TargetModel.Formats"/>.</summary>
    internal TargetFormats Formats { get; }

    /// <summary>The format that carries what <see cref="ChatFormat"/> cannot, where the server speaks it; <see langword="null"/> where it does not.</summary>
    internal IChatClientFormat? RicherFormat { get; }

    /// <summary>What is changed in its requests because its servers would refuse it.</summary>
    internal TargetQuirks Quirks { get; }

    /// <summary>The formats that its configuration lists.</summary>
    internal IReadOnlyList<WireFormatId> ConfiguredFormats { get; }

    internal HttpMessageInvoker Client { get; }

    internal UpstreamAuthenticator Authenticator { get; }

    /// <summary>Decides what crosses to it and back.</summary>
    internal UpstreamBorder Border { get; }

    /// <summary>Its keys.</summary>
    internal KeyRing Keys { get; }

    /// <summary>Its rates.</summary>
    internal LimitScope Limits { get; }

    /// <summary>What each of its keys is good for now; empty where it needs none.</summary>
    public IReadOnlyList<KeyStatus> KeyStatus => Keys.Status();

    /// <summary>The format, where the upstream speaks it itself.</summary>
    public IWireFormat? Native(WireFormatId format) => Formats.Native(format);

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
