using System.Text;
using Sluice.Configuration;
using Sluice.Wire;

namespace Sluice.Providers;

/// <summary>
/// The addresses of one provider's endpoints, from its base URL as people write it. Pure: the same input gives the same address.
/// Building one allocates, so callers keep what they use often.
/// </summary>
/// <remarks>
/// Rules: the vendor's version segment is added unless the base URL already ends in one (<c>v1</c>, <c>v1beta</c>, <c>v4</c>); for
/// OpenAI's formats unless one stands anywhere in it, because such addresses are meant whole
/// (<c>https://generativelanguage.googleapis.com/v1beta/openai</c>). What the base URL already holds of the endpoint's path is not
/// repeated (<c>.../v1/chat/completions</c>, <c>.../openai/deployments/x</c>, <c>.../api</c>). The bare host of a vendor stands for its
/// whole address (<c>https://api.groq.com</c>). A query of the base URL is kept and wins.
/// </remarks>
public sealed class ProviderAddress
{
    private readonly VendorDescriptor _vendor;
    private readonly Dictionary<string, string> _variables;
    private readonly string _origin;
    private readonly string[] _segments;
    private readonly string _query;
    private readonly bool _endsInVersion;

    /// <summary>Makes the addresses of a provider.</summary>
    /// <param name="vendor">The vendor's entry.</param>
    /// <param name="baseUrl">The address as the user wrote it; null for the vendor's own.</param>
    /// <param name="variables">Values of the placeholders <c>api_version</c>, <c>project</c>, <c>location</c>, <c>region</c> where the provider sets them.</param>
    /// <exception cref="ArgumentException">The vendor has no address of its own and none was given.</exception>
    public ProviderAddress(VendorDescriptor vendor, Uri? baseUrl, IReadOnlyDictionary<string, string>? variables = null)
    {
        ArgumentNullException.ThrowIfNull(vendor);
        _vendor = vendor;
        _variables = Variables(vendor, variables);
        var own = vendor.BaseUrl is null ? null : new Uri(Fill(vendor.BaseUrl, null));
        var address = baseUrl ?? own ?? throw new ArgumentException($"a provider of type '{vendor.Id}' needs a base_url", nameof(baseUrl));
        IsOwn = vendor.AlwaysOwnBase || (own is not null && IsSameServer(own, address));
        if (own is not null && IsOwn && address.AbsolutePath == "/") address = new UriBuilder(own) { Query = address.Query }.Uri;
        _origin = $"{address.Scheme}://{address.Authority}";
        _query = address.Query.TrimStart('?');
        _segments = address.AbsolutePath.Split('/', StringSplitOptions.RemoveEmptyEntries);
        _endsInVersion = _segments.Length > 0 && IsVersion(_segments[^1]);
    }

    /// <summary>Makes the addresses of a configured provider.</summary>
    public static ProviderAddress Of(VendorDescriptor vendor, ProviderConfig provider)
    {
        var variables = new Dictionary<string, string>(StringComparer.Ordinal);
        if (provider.ApiVersion is { } version) variables["api_version"] = version;
        if (provider.Project is { } project) variables["project"] = project;
        if (provider.Location is { } location) variables["location"] = location;
        if (provider.Aws?.Region is { } region) variables["region"] = region;
        return new ProviderAddress(vendor, provider.BaseUrl, variables);
    }

    /// <summary>True when this is the vendor's own server, so that all its formats may be expected there.</summary>
    public bool IsOwn { get; }

    /// <summary>The address of an endpoint.</summary>
    /// <param name="format">The format that is spoken there.</param>
    /// <param name="model">The model's name at the provider; Azure: the deployment's.</param>
    /// <param name="kind">Which of the format's endpoints.</param>
    /// <exception cref="ArgumentException">The format has no known path.</exception>
    public Uri Of(WireFormatId format, string model, EndpointKind kind = EndpointKind.Whole) => Of(format, PathOf(format), model, kind);

    /// <summary>The address of an endpoint whose path is known.</summary>
    internal Uri Of(WireFormatId format, VendorPath path, string model, EndpointKind kind)
    {
        bool wholeBase = format.Value.StartsWith("openai-", StringComparison.Ordinal) || format == WireFormatId.MistralChat;
        return Join(path.For(kind), path.Unversioned, wholeBase, model);
    }

    /// <summary>The path of a format.</summary>
    /// <exception cref="ArgumentException">The format has no known path.</exception>
    internal VendorPath PathOf(WireFormatId format) =>
        _vendor.PathOf(format, _endsInVersion) ?? throw new ArgumentException($"the path of format '{format}' is not known for '{_vendor.Id}'", nameof(format));

    /// <summary>The address of the model list; null where the vendor has none.</summary>
    /// <param name="next">The value of <see cref="VendorModelList.Next"/> in the page before; null for the first page.</param>
    public Uri? Models(string? next = null)
    {
        if (_vendor.Models is not { } list) return null;
        string template = _endsInVersion ? list.VersionedPath ?? list.Path : list.Path;
        if (next is not null && list.NextParameter is { } parameter)
        {
            template += $"{(template.Contains('?') ? '&' : '?')}{parameter}={Uri.EscapeDataString(next)}";
        }
        bool wholeBase = _vendor.PrimaryFormat.Value.StartsWith("openai-", StringComparison.Ordinal);
        return list.BaseUrl is { } other && IsOwn
            ? ExactUri.Of(Fill(other, null) + Fill(template, null))
            : Join(template, list.Unversioned, wholeBase, null);
    }

    private Uri Join(string template, bool unversioned, bool wholeBase, string? model)
    {
        int mark = template.IndexOf('?');
        string[] wanted = (mark < 0 ? template : template[..mark]).Split('/', StringSplitOptions.RemoveEmptyEntries);
        ReadOnlySpan<string> root = _segments;
        if (_endsInVersion && unversioned)
        {
            root = root[..^1];
        }
        else if (!unversioned && _vendor.Version.Length > 0 && !_endsInVersion && !(wholeBase && Array.Exists(_segments, IsVersion)))
        {
            wanted = [_vendor.Version, .. wanted];
        }
        var address = new StringBuilder(_origin);
        foreach (string segment in root) address.Append('/').Append(segment);
        foreach (string segment in wanted.AsSpan(Overlap(root, wanted))) address.Append('/').Append(Fill(segment, model));
        string query = MergeQuery(mark < 0 ? "" : Fill(template[(mark + 1)..], model));
        if (query.Length > 0) address.Append('?').Append(query);
        return ExactUri.Of(address.ToString());
    }

    // How many segments at the end of the base are already the first ones of the path.
    private static int Overlap(ReadOnlySpan<string> root, string[] wanted)
    {
        for (int length = Math.Min(root.Length, wanted.Length); length > 0; length--)
        {
            bool same = true;
            for (int i = 0; same && i < length; i++)
            {
                string have = root[root.Length - length + i], want = wanted[i];
                same = string.Equals(have, want, StringComparison.OrdinalIgnoreCase) || (want == "{model}" && i > 0);
            }
            if (same) return length;
        }
        return 0;
    }

    private string MergeQuery(string query)
    {
        if (_query.Length == 0) return query;
        var names = _query.Split('&').Select(p => p.Split('=')[0]).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var added = query.Split('&', StringSplitOptions.RemoveEmptyEntries).Where(p => !names.Contains(p.Split('=')[0]));
        return string.Join('&', added.Prepend(_query));
    }

    private string Fill(string template, string? model)
    {
        if (!template.Contains('{')) return template;
        if (model is not null)
        {
            var published = PublishedModel.Parse(model);
            template = template
                .Replace("{publisher}", Uri.EscapeDataString(published.Publisher), StringComparison.Ordinal)
                .Replace("{name}", published.PathSegment, StringComparison.Ordinal)
                .Replace("{foundation_model}", Uri.EscapeDataString(FoundationModel(model)), StringComparison.Ordinal)
                .Replace("{model}", Uri.EscapeDataString(model), StringComparison.Ordinal)
                .Replace("{resource}", Resource(model), StringComparison.Ordinal)
                .Replace("{publisher_model}", PublisherModel(model), StringComparison.Ordinal);
        }
        foreach (var (name, value) in _variables) template = template.Replace($"{{{name}}}", value, StringComparison.Ordinal);
        return template;
    }

    // Gemini: a bare name is one of models/, a name with a folder (tunedModels/x) is taken as it is; so does Google's own SDK.
    private static string Resource(string model) => model.Contains('/') ? EscapeSegments(model) : $"models/{Uri.EscapeDataString(model)}";

    private static string PublisherModel(string model)
    {
        string name = model.StartsWith("publishers/", StringComparison.Ordinal) ? model["publishers/".Length..] : model;
        if (name.StartsWith("models/", StringComparison.Ordinal)) name = name["models/".Length..];
        if (name.Contains("/models/", StringComparison.Ordinal)) return EscapeSegments(name);
        int slash = name.IndexOf('/');
        return slash < 0 ? $"google/models/{Uri.EscapeDataString(name)}" : $"{Uri.EscapeDataString(name[..slash])}/models/{EscapeSegments(name[(slash + 1)..])}";
    }

    // Bedrock: an inference profile is called by its model with the name of a region's group before it (us., eu., global.).
    private static string FoundationModel(string model)
    {
        int dot = model.IndexOf('.');
        return dot is > 0 and <= 6 && model.IndexOf('.', dot + 1) > 0 ? model[(dot + 1)..] : model;
    }

    private static string EscapeSegments(string path) => string.Join('/', path.Split('/').Select(Uri.EscapeDataString));

    private static Dictionary<string, string> Variables(VendorDescriptor vendor, IReadOnlyDictionary<string, string>? given)
    {
        var variables = new Dictionary<string, string>(StringComparer.Ordinal) { ["location"] = "global", ["region"] = "us-east-1" };
        if (vendor.ApiVersion is { } version) variables["api_version"] = version;
        if (given is not null)
        {
            foreach (var (name, value) in given) variables[name] = Uri.EscapeDataString(value);
        }
        // Google: one host for all of the world, one for each multi-region, one for each region.
        variables["vertex_host"] = variables["location"] switch
        {
            "global" => "aiplatform.googleapis.com",
            "us" or "eu" => $"aiplatform.{variables["location"]}.rep.googleapis.com",
            var region => $"{region}-aiplatform.googleapis.com",
        };
        return variables;
    }

    private static bool IsSameServer(Uri own, Uri other) =>
        own.Port == other.Port && own.Scheme == other.Scheme && (string.Equals(own.Host, other.Host, StringComparison.OrdinalIgnoreCase) || (own.IsLoopback && other.IsLoopback));

    // v1, v2, v1beta, v1beta1, v1alpha
    private static bool IsVersion(string segment)
    {
        if (segment.Length < 2 || segment[0] is not ('v' or 'V') || !char.IsAsciiDigit(segment[1])) return false;
        string rest = segment[1..].TrimStart("0123456789".ToCharArray());
        if (rest.Length == 0) return true;
        string word = rest.TrimEnd("0123456789".ToCharArray());
        return word is "beta" or "alpha";
    }
}
