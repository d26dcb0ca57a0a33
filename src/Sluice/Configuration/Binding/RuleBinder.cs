using System.Globalization;
using System.Text.Json;
using Sluice.Configuration.Schema;
using Sluice.Configuration.Validation;
using Sluice.Configuration.Yaml;

namespace Sluice.Configuration.Binding;

/// <summary>Binds transforms, virtual keys, caches and the catalogue.</summary>
internal static class RuleBinder
{
    internal static IReadOnlyList<TransformConfig> Transforms(ObjectReader root)
    {
        if (root.Items("transforms") is not { } items) return [];
        var transforms = new List<TransformConfig>(items.Count);
        for (var i = 0; i < items.Count; i++)
        {
            var path = string.Create(CultureInfo.InvariantCulture, $"transforms[{i}]");
            transforms.Add(Transform(new ObjectReader(RuleSchema.Transform, items[i], path, root.Context)));
        }

        return transforms;
    }

    internal static KeysConfig Keys(ObjectReader reader, ListenAddress listen)
    {
        var required = reader.Bool("required");
        if (required is false && !listen.IsLoopback)
        {
            reader.Context.Faults.Add(
                reader.OriginOf("required"),
                reader.PathOf("required"),
                $"server.listen is {listen}, which others can reach, and keys.required is false: anyone could spend on your providers' keys",
                "listen on 127.0.0.1, or set keys.required: true and make keys with 'sluice keys create'");
        }

        var groups = new OrderedDictionary<string, KeyGroupConfig>(StringComparer.Ordinal);
        foreach (var entry in reader.Entries("groups")) groups[entry.Key] = Group(entry, reader);
        bool isRequired = required ?? !listen.IsLoopback;
        return new KeysConfig
        {
            Required = isRequired,
            Pepper = reader.Secret("pepper"),
            UnknownState = reader.Enum<UnknownStatePolicy>("unknown_state") ?? (isRequired ? UnknownStatePolicy.Refuse : UnknownStatePolicy.Allow),
            Groups = groups.Count == 0 ? Empty<KeyGroupConfig>.Map : groups,
        };
    }

    internal static CacheConfig Cache(ObjectReader reader) => new() { ModelsTtl = reader.Duration("models_ttl") ?? new CacheConfig().ModelsTtl };

    internal static CatalogConfig Catalog(ObjectReader reader) => new()
    {
        Files = reader.Files("files") is { } files ? [.. files.Select(file => SharedBinder.Existing(reader, "files", file))] : [],
    };

    private static TransformConfig Transform(ObjectReader reader)
    {
        var phase = reader.Enum<TransformPhase>("on") ?? TransformPhase.Request;
        var parameters = reader.Object("params");
        if (phase is TransformPhase.Response && parameters.IsWritten)
            reader.Context.Faults.Add(reader.OriginOf("params"), reader.PathOf("params"), $"{reader.PathOf("params")}: a response has no parameters", "write on: request");
        TransformChecks.Check(reader, phase);
        return new TransformConfig
        {
            Name = reader.Text("name") ?? reader.Path,
            On = phase,
            Where = Filter(reader.Object("where")),
            Regex = Regex(reader.Object("regex")),
            Drop = reader.Text("drop"),
            Add = Edit(reader.Object("add")),
            Set = Edit(reader.Object("set")),
            Params = !parameters.IsWritten ? null : new ParamRulesConfig
            {
                Force = parameters.FreeMap("force", Empty<JsonElement>.Map),
                Default = parameters.FreeMap("default", Empty<JsonElement>.Map),
                Drop = parameters.Texts("drop") ?? [],
            },
        };
    }

    private static TransformFilterConfig Filter(ObjectReader reader) => new()
    {
        Models = reader.Texts("models"),
        Providers = reader.Texts("providers"),
        Routes = reader.Texts("routes"),
        Keys = reader.Texts("keys"),
        Dialects = reader.Texts("dialects"),
    };

    private static RegexConfig? Regex(ObjectReader reader) => reader.Text("pattern") is not { } pattern ? null : new RegexConfig
    {
        Pattern = pattern,
        Replace = reader.Text("replace") ?? "",
        Flags = reader.Text("flags") ?? "",
        Window = reader.Int("window") ?? 64,
    };

    private static EditConfig? Edit(ObjectReader reader)
    {
        var value = reader.Node("value");
        return reader.Text("path") is { } path && value is not null ? new EditConfig { Path = path, Value = JsonValues.ToJson(value) } : null;
    }

    private static KeyGroupConfig Group(MapEntry entry, ObjectReader keys)
    {
        var reader = new ObjectReader(RuleSchema.Group, entry.Value, StructureValidator.Join(keys.PathOf("groups"), entry.Key), keys.Context);
        return new KeyGroupConfig
        {
            Name = entry.Key,
            Parent = reader.Text("parent"),
            Models = reader.Texts("models"),
            Providers = reader.Texts("providers"),
            Limits = SharedBinder.Limits(reader.Object("limits"), LimitsConfig.None),
            Budget = SharedBinder.Budget(reader.Object("budget")),
        };
    }
}
