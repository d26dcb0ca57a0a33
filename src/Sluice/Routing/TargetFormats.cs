using System.Collections.Frozen;
using Sluice.Formats;
using Sluice.Providers;
using Sluice.Wire;

namespace Sluice.Routing;

/// <summary>The formats in which a model is asked: its vendor's, or those that the vendor's entry gives to models like it. Immutable.</summary>
internal sealed class TargetFormats
{
    private readonly FrozenDictionary<WireFormatId, IWireFormat> _native;

    private TargetFormats(IEnumerable<WireFormatId> formats, VendorModelRule? rule)
    {
        IWireFormat[] known = [.. formats.Select(WireFormats.Find).OfType<IWireFormat>()];
        _native = known.ToFrozenDictionary(f => f.Id);
        Rule = rule;
        Embeddings = known.OfType<IEmbeddingClientFormat>().FirstOrDefault();
        Count = known.OfType<ICountTokensClientFormat>().FirstOrDefault();
        Chat = known.OfType<IChatClientFormat>().FirstOrDefault();
    }

    /// <summary>The vendor's rule for the model; <see langword="null"/> for none.</summary>
    public VendorModelRule? Rule { get; }

    /// <summary>The format that chats of other formats are translated to; <see langword="null"/> where there is none.</summary>
    public IChatClientFormat? Chat { get; }

    /// <summary>The format of embeddings; <see langword="null"/> where there is none.</summary>
    public IEmbeddingClientFormat? Embeddings { get; }

    /// <summary>The format of token counts; <see langword="null"/> where there is none.</summary>
    public ICountTokensClientFormat? Count { get; }

    /// <summary>The formats of a vendor's usual models.</summary>
    /// <param name="formats">Their names, the first choice first.</param>
    public static TargetFormats Usual(IEnumerable<WireFormatId> formats) => new(formats, null);

    /// <summary>The formats of a model.</summary>
    /// <param name="provider">Its provider.</param>
    /// <param name="model">Its name.</param>
    /// <param name="deployment">The name that is sent: it may say nothing of the model.</param>
    public static TargetFormats Of(ProviderModel provider, string model, string deployment) =>
        (provider.Vendor.RuleOf(deployment, provider.ConfiguredFormats) ?? provider.Vendor.RuleOf(model, provider.ConfiguredFormats)) is { } rule ? new TargetFormats(rule.Formats.Keys, rule) : provider.Formats;

    /// <summary>The format, where the model is asked in it without translation.</summary>
    public IWireFormat? Native(WireFormatId format) => _native.GetValueOrDefault(format);

    /// <summary>The path of a format.</summary>
    public VendorPath PathOf(WireFormatId format, ProviderAddress address) => Rule?.Formats.GetValueOrDefault(format) ?? address.PathOf(format);
}
