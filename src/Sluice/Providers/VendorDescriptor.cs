using System.Collections.ObjectModel;
using Sluice.Configuration;
using Sluice.Wire;

namespace Sluice.Providers;

/// <summary>
/// What is known of a vendor's API: the entry of a provider's <c>type</c> in the embedded file <c>vendors.json</c>. Immutable.
/// </summary>
public sealed record VendorDescriptor
{
    /// <summary>The name in a provider's <c>type</c>, e.g. <c>openai</c>.</summary>
    public required string Id { get; init; }

    /// <summary>A name for people.</summary>
    public required string Name { get; init; }

    /// <summary>The vendor's own address without the version segment; it may hold <c>{region}</c> or <c>{vertex_host}</c>. Null where the user must give one.</summary>
    public string? BaseUrl { get; init; }

    /// <summary>The version segment of its paths (<c>v1</c>), added to a base URL that has none; empty where there is none.</summary>
    public string Version { get; init; } = "";

    /// <summary>The API version that a query or header carries where the user gives none (Azure); null where there is none.</summary>
    public string? ApiVersion { get; init; }

    /// <summary>How the credential travels.</summary>
    public required VendorAuth Auth { get; init; }

    /// <summary>True where many servers of this kind ask for no key.</summary>
    public bool KeyOptional { get; init; }

    /// <summary>Environment variables that hold the key by common usage, the first choice first.</summary>
    public IReadOnlyList<string> KeyVariables { get; init; } = [];

    /// <summary>Environment variables that hold the address by common usage.</summary>
    public IReadOnlyList<string> BaseUrlVariables { get; init; } = [];

    /// <summary>The page where a key is made; null where there is none.</summary>
    public string? KeyUrl { get; init; }

    /// <summary>A sentence for someone whose key is missing or refused: which variable to set and where a key is made.</summary>
    public required string Guidance { get; init; }

    /// <summary>The chat format that its server certainly speaks.</summary>
    public required WireFormatId PrimaryFormat { get; init; }

    /// <summary>The paths of all formats that the vendor's own server speaks, <see cref="PrimaryFormat"/> among them.</summary>
    public required IReadOnlyDictionary<WireFormatId, VendorPath> Formats { get; init; }

    /// <summary>The paths that hold where the base URL ends in a version segment and the vendor has another addressing for that (Azure's <c>/openai/v1</c>); empty elsewhere.</summary>
    public IReadOnlyDictionary<WireFormatId, VendorPath> VersionedFormats { get; init; } = ReadOnlyDictionary<WireFormatId, VendorPath>.Empty;

    /// <summary>True where every base URL is one's own resource at the vendor (Azure), so that all its formats apply.</summary>
    public bool AlwaysOwnBase { get; init; }

    /// <summary>Headers of every request to it.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = Empty<string>.Map;

    /// <summary>Where its models are listed; null where it lists none.</summary>
    public VendorModelList? Models { get; init; }

    /// <summary>The headers in which it tells its limits.</summary>
    public IReadOnlyList<VendorLimitHeader> LimitHeaders { get; init; } = [];

    /// <summary>The headers that say when to try again, the more exact first. <c>retry-after-ms</c> is in milliseconds, <c>retry-after</c> in seconds or a date.</summary>
    public IReadOnlyList<string> RetryHeaders { get; init; } = [];

    /// <summary>Whose signatures of reasoning it makes and accepts: <c>anthropic</c>, <c>gemini</c>, <c>openai</c> ...; <c>*</c> where it serves models of many makers.</summary>
    public required string Family { get; init; }

    /// <summary>Models that are asked in another way than the others; of those that fit one the first counts.</summary>
    public IReadOnlyList<VendorModelRule> ModelRules { get; init; } = [];

    /// <summary>
    /// Who may get back reasoning that has no signature: <c>vendor</c> where every model of the vendor takes the reasoning of its others (DeepSeek refuses a tool turn
    /// without it), <c>model</c> where only the model that made it; null where it need not come back.
    /// </summary>
    public string? ReasoningBack { get; init; }

    /// <summary>The providers of the catalogue whose records apply, the first first; empty where prices depend on the server.</summary>
    public IReadOnlyList<string> Catalog { get; init; } = [];

    /// <summary>What its servers refuse though their format has it.</summary>
    public VendorQuirks Quirks { get; init; } = VendorQuirks.None;

    /// <summary>The format that carries what <see cref="PrimaryFormat"/> cannot: tools that the vendor runs, and reasoning beside tools; null where there is none.</summary>
    public WireFormatId? RicherFormat { get; init; }

    /// <summary>How it is told to go on with an answer that has begun; null where it starts anew.</summary>
    public VendorPrefill? Prefill { get; init; }

    /// <summary>Whether a streaming Chat Completions request may carry <c>stream_options.include_usage</c>.</summary>
    public bool AcceptsIncludeUsage { get; init; } = true;

    /// <summary>How a Chat Completions request spells the output limit: <c>max_completion_tokens</c> or <c>max_tokens</c>; null where the format settles it.</summary>
    public string? MaxTokensName { get; init; }

    /// <summary>
    /// The formats in which the vendor can be called without translation, the primary first.
    /// </summary>
    /// <param name="ownBaseUrl">True when the address is the vendor's own (<see cref="ProviderAddress.IsOwn"/>). A server at another
    /// address that speaks the vendor's language promises the primary chat format only; embeddings and token counting always apply.</param>
    /// <param name="configured">Formats that the user's configuration lists besides (<c>formats:</c>).</param>
    public IReadOnlyList<WireFormatId> NativeFormats(bool ownBaseUrl, IReadOnlyList<WireFormatId> configured)
    {
        List<WireFormatId> native = [PrimaryFormat];
        foreach (var format in configured)
        {
            if (!native.Contains(format) && PathOf(format, versionedBase: false) is not null) native.Add(format);
        }
        foreach (var format in Formats.Keys)
        {
            if (!native.Contains(format) && (ownBaseUrl || AlwaysOwnBase || IsSideFormat(format))) native.Add(format);
        }
        return native;
    }

    /// <summary>The path of a format: the vendor's, or the usual one where the vendor's entry has none; null for a format without a known path.</summary>
    /// <param name="format">The format.</param>
    /// <param name="versionedBase">True when the base URL ends in a version segment.</param>
    public VendorPath? PathOf(WireFormatId format, bool versionedBase) =>
        versionedBase && VersionedFormats.TryGetValue(format, out var versioned) ? versioned
        : Formats.TryGetValue(format, out var own) ? own
        : Vendors.UsualPaths.GetValueOrDefault(format);

    /// <summary>The rule of a model; null for one that is asked as the vendor's entry says.</summary>
    /// <param name="model">The model's name at the provider.</param>
    /// <param name="configured">Formats that the user's configuration lists (<c>formats:</c>).</param>
    public VendorModelRule? RuleOf(string model, IReadOnlyList<WireFormatId> configured)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(configured);
        return ModelRules.FirstOrDefault(r => (r.OnlyWhereListed is not { } asked || configured.Contains(asked)) && r.Covers(model));
    }

    private static bool IsSideFormat(WireFormatId format) =>
        format.Value.Contains("embed", StringComparison.Ordinal) || format.Value.Contains("count-tokens", StringComparison.Ordinal);
}
