using System.Text;
using System.Text.Json;
using Sluice.Configuration;
using Sluice.Wire;

namespace Sluice.Providers;

/// <summary>Reads the vendor file. It is our own and checked by tests, so a fault in it is an exception.</summary>
internal static class VendorReader
{
    public static VendorFile Read(JsonElement root)
    {
        // Loops in place of queries: each query over JSON elements is compiled anew at every start, and this is on its way.
        var paths = new Dictionary<WireFormatId, VendorPath>();
        foreach (var path in root.GetProperty("paths").EnumerateObject()) paths[new WireFormatId(path.Name)] = Path(path.Value, null);
        var limits = new Dictionary<string, IReadOnlyList<VendorLimitHeader>>(StringComparer.Ordinal);
        foreach (var family in root.GetProperty("limit_headers").EnumerateObject())
        {
            var headers = new List<VendorLimitHeader>();
            foreach (var header in family.Value.EnumerateArray()) headers.Add(Limit(header));
            limits[family.Name] = headers;
        }
        var vendors = new List<VendorDescriptor>();
        foreach (var vendor in root.GetProperty("vendors").EnumerateArray()) vendors.Add(Vendor(vendor, paths, limits));
        return new VendorFile(vendors, paths);
    }

    private static VendorDescriptor Vendor(
        JsonElement json, Dictionary<WireFormatId, VendorPath> paths, Dictionary<string, IReadOnlyList<VendorLimitHeader>> limits)
    {
        string id = Text(json, "id")!;
        return new VendorDescriptor
        {
            Id = id,
            Name = Text(json, "name")!,
            BaseUrl = Text(json, "base_url"),
            Version = Text(json, "version") ?? "",
            ApiVersion = Text(json, "api_version"),
            Auth = Auth(json.GetProperty("auth")),
            KeyOptional = Flag(json, "key_optional", false),
            KeyVariables = Texts(json, "key_variables"),
            BaseUrlVariables = Texts(json, "base_url_variables"),
            KeyUrl = Text(json, "key_url"),
            Guidance = Text(json, "guidance")!,
            PrimaryFormat = new WireFormatId(Text(json, "primary")!),
            Formats = Formats(json, "formats", paths),
            VersionedFormats = Formats(json, "versioned_formats", paths),
            ModelRules = ModelRules(json, paths),
            AlwaysOwnBase = Flag(json, "always_own", false),
            Headers = TextMap(json, "headers"),
            Models = json.TryGetProperty("models", out var models) ? ModelList(models) : null,
            LimitHeaders = Text(json, "limit_headers") is { } name ? limits[name] : [],
            RetryHeaders = json.TryGetProperty("retry_headers", out _) ? Texts(json, "retry_headers") : ["retry-after"],
            Family = Text(json, "family") ?? id,
            ReasoningBack = Text(json, "reasoning_back"),
            Prefill = json.TryGetProperty("prefill", out var prefill)
                ? new VendorPrefill(Text(prefill, "way")!) { Segment = Text(prefill, "segment"), OnlyKnown = Flag(prefill, "only_known", false) }
                : null,
            Catalog = Texts(json, "catalog"),
            AcceptsIncludeUsage = Flag(json, "include_usage", true),
            MaxTokensName = Text(json, "max_tokens"),
            RicherFormat = Text(json, "richer") is { } richer ? new WireFormatId(richer) : null,
            Quirks = json.TryGetProperty("quirks", out var quirks) ? VendorQuirkReader.Read(quirks) : VendorQuirks.None,
        };
    }

    private static List<VendorModelRule> ModelRules(JsonElement json, Dictionary<WireFormatId, VendorPath> paths)
    {
        var rules = new List<VendorModelRule>();
        if (!json.TryGetProperty("model_rules", out var list)) return rules;
        foreach (var rule in list.EnumerateArray())
        {
            rules.Add(new VendorModelRule
            {
                Models = Texts(rule, "models"),
                Not = Texts(rule, "not"),
                Formats = Formats(rule, "formats", paths),
                OnlyWhereListed = Text(rule, "only_where_listed") is { } listed ? new WireFormatId(listed) : null,
                Family = Text(rule, "family"),
                MaxInputs = rule.TryGetProperty("max_inputs", out var most) ? most.GetInt32() : null,
                HeaderValues = rule.TryGetProperty("header_values", out var header) ? HeaderValues(header) : null,
            });
        }
        return rules;
    }

    private static VendorHeaderValues HeaderValues(JsonElement json) => new()
    {
        Name = Text(json, "name")!,
        Takes = Texts(json, "takes"),
        Renames = TextMap(json, "renames"),
        Silent = Texts(json, "silent"),
    };

    // Either a list of formats with their usual paths, or a map that gives some of them paths of their own.
    private static OrderedDictionary<WireFormatId, VendorPath> Formats(JsonElement json, string name, Dictionary<WireFormatId, VendorPath> paths)
    {
        var formats = new OrderedDictionary<WireFormatId, VendorPath>();
        if (!json.TryGetProperty(name, out var list)) return formats;
        if (list.ValueKind == JsonValueKind.Array)
        {
            foreach (var item in list.EnumerateArray())
            {
                var id = new WireFormatId(item.GetString()!);
                formats.Add(id, paths[id]);
            }
            return formats;
        }
        foreach (var item in list.EnumerateObject())
        {
            var id = new WireFormatId(item.Name);
            formats.Add(id, Path(item.Value, paths.GetValueOrDefault(id)));
        }
        return formats;
    }

    private static VendorPath Path(JsonElement json, VendorPath? usual) => Text(json, "path") is not { } path
        ? usual ?? throw new JsonException("a format without a usual path needs one of its own")
        : new VendorPath(path)
        {
            StreamPath = Text(json, "stream_path"),
            BatchPath = Text(json, "batch_path"),
            Unversioned = Flag(json, "unversioned", false),
            Body = json.TryGetProperty("body", out var body) ? Body(body) : null,
        };

    private static VendorBody Body(JsonElement json)
    {
        var set = new List<KeyValuePair<byte[], ReadOnlyMemory<byte>>>();
        if (json.TryGetProperty("set", out var members))
        {
            foreach (var member in members.EnumerateObject()) set.Add(new(Encoding.UTF8.GetBytes(member.Name), RawJson.From(member.Value).Utf8));
        }
        return new VendorBody { Model = Text(json, "model"), Set = set };
    }

    private static VendorAuth Auth(JsonElement json) => new(
        Text(json, "scheme") switch
        {
            "bearer" => VendorAuthScheme.Bearer,
            "header" => VendorAuthScheme.Header,
            "query" => VendorAuthScheme.Query,
            "none" => VendorAuthScheme.None,
            "sigv4" => VendorAuthScheme.SigV4,
            "google-oauth" => VendorAuthScheme.GoogleOAuth,
            var other => throw new JsonException($"unknown scheme of authentication: {other}"),
        },
        Text(json, "name"));

    private static VendorModelList ModelList(JsonElement json) => new()
    {
        Path = Text(json, "path")!,
        VersionedPath = Text(json, "versioned_path"),
        Unversioned = Flag(json, "unversioned", false),
        BaseUrl = Text(json, "base_url"),
        Items = Text(json, "items")!,
        Id = Text(json, "id")!,
        IdPrefix = Text(json, "id_prefix"),
        Next = Text(json, "next"),
        NextParameter = Text(json, "next_parameter"),
        More = Text(json, "more"),
    };

    private static VendorLimitHeader Limit(JsonElement json) => new(
        Text(json, "kind")!,
        Text(json, "limit")!,
        Text(json, "remaining")!,
        Text(json, "reset"),
        Text(json, "reset_as") switch
        {
            null => LimitResetForm.None,
            "duration" => LimitResetForm.Duration,
            "timestamp" => LimitResetForm.Timestamp,
            "seconds" => LimitResetForm.Seconds,
            "unix_milliseconds" => LimitResetForm.UnixMilliseconds,
            var other => throw new JsonException($"unknown form of a reset: {other}"),
        });

    private static string? Text(JsonElement json, string name) => json.TryGetProperty(name, out var value) ? value.GetString() : null;

    private static bool Flag(JsonElement json, string name, bool otherwise) => json.TryGetProperty(name, out var value) ? value.GetBoolean() : otherwise;

    private static IReadOnlyDictionary<string, string> TextMap(JsonElement json, string name)
    {
        if (!json.TryGetProperty(name, out var members)) return Empty<string>.Map;
        var map = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var member in members.EnumerateObject()) map[member.Name] = member.Value.GetString()!;
        return map;
    }

    private static string[] Texts(JsonElement json, string name)
    {
        if (!json.TryGetProperty(name, out var value)) return [];
        string[] texts = new string[value.GetArrayLength()];
        for (int i = 0; i < texts.Length; i++) texts[i] = value[i].GetString()!;
        return texts;
    }
}
