namespace Sluice.Configuration.Schema;

/// <summary>Keys of transforms, virtual keys, caches and the catalogue.</summary>
internal static class RuleSchema
{
    private static readonly ListType Patterns = new(TextType.ModelPattern);

    internal static readonly ObjectType Filter = new(
        "where",
        "Which calls a rule acts on; what is not written means any.",
        Key.Of("models", Patterns, "Model ids or patterns.", "[\"openai/*\"]"),
        Key.List("providers", TextType.ProviderName, "Names of providers.", "[openai]"),
        Key.List("routes", TextType.Any, "Names of routes.", "[smart]"),
        Key.List("keys", TextType.Any, "Names of keys, or patterns.", "[team-*]"),
        Key.List("dialects", TextType.Any, "The client's wire formats, or patterns.", "[openai-*]"));

    internal static readonly ObjectType Regex = new(
        "regex",
        "Search and replace over text content. Runs without backtracking; on a stream a match may span chunks.",
        Key.Of("pattern", RegexType.Instance, "What is searched.", "'\\b\\d{16}\\b'").Required(),
        Key.Of("replace", new TextType("text", "text") { MayBeEmpty = true }, "What is put in its place; $1 stands for a group. Write `$${name}` for a named one.", "\"[card]\"") with { Default = "\"\"" },
        Key.Of("flags", ShapeType.RegexFlags, "`i` ignore case, `m` lines, `s` the dot takes line ends, `x` blanks are ignored.", "i") with { Default = "\"\"" },
        Key.Integer("window", 64, "Characters of a stream held back so that a match may span chunks.", 0, 65_536));

    internal static readonly ObjectType Edit = new(
        "edit",
        "A path and what is put there.",
        Key.Of("path", JsonPathType.Instance, "A JSONPath; `[-]` at its end appends to an array.", "$.metadata").Required(),
        Key.Of("value", FreeType.Instance, "The value.", "{ team: search }").Required());

    internal static readonly ObjectType ParamRules = new(
        "params",
        "Request parameters, by their names in the client's format.",
        Key.FreeMap("force", "Put in, whatever was there.", "{ temperature: 0 }"),
        Key.FreeMap("default", "Put in where absent.", "{ max_tokens: 1000 }"),
        Key.List("drop", TextType.Any, "Taken away.", "[logit_bias]"));

    internal static readonly ObjectType Transform = new(
        "transform",
        "A rule that changes requests or responses. It has exactly one of regex, drop, add, set, params.",
        Key.Enum<TransformPhase>("on", null, "What it acts on.").Required(),
        Key.Text("name", "A name for reports.", example: "mask-cards"),
        Key.Object("where", Filter),
        Key.Object("regex", Regex),
        Key.Of("drop", JsonPathType.Instance, "A JSONPath of what is taken away.", "\"$.tools[?(@.function.name=='shell')]\""),
        Key.Object("add", Edit, "A member put in where absent."),
        Key.Object("set", Edit, "A member put in, whatever was there."),
        Key.Object("params", ParamRules))
    {
        OneOf = ["regex", "drop", "add", "set", "params"],
    };

    internal static readonly ObjectType Group = new(
        "key group",
        "A group of keys: a team, a project. What is not written is unrestricted; the rules of the group above hold besides.",
        Key.Text("parent", "The group above it.", example: "research"),
        Key.Of("models", Patterns, "Models or routes that its keys may use.", "[smart, \"openai/*\"]"),
        Key.List("providers", TextType.ProviderName, "Providers that its keys may use.", "[openai]"),
        Key.Object("limits", SharedSchema.Limits, "Rates of all its keys together."),
        Key.Object("budget", SharedSchema.Budget, "Budget of all its keys together."));

    internal static readonly ObjectType Keys = new(
        "keys",
        "Virtual keys. The keys themselves are made with `sluice keys create` or the administration API.",
        Key.Bool("required", null, "Clients need a key. Default: false where `server.listen` is loopback, else true."),
        Key.Secret("pepper", "The secret with which keys are hashed. Default: one that the store makes for itself.", "${SLUICE_PEPPER}"),
        Key.Enum<UnknownStatePolicy>("unknown_state", null, "What happens to a call that names a response, conversation, item or container kept at a provider, of which the gateway does not know whose it is (docs/keys.md). Default: `refuse` where keys are required, else `allow`."),
        Key.Of("groups", new MapType(Group) { KeyType = ShapeType.Identifier }, "Groups that keys may belong to."));

    internal static readonly ObjectType Cache = new(
        "cache",
        "What is kept in memory.",
        Key.Duration("models_ttl", new CacheConfig().ModelsTtl, "How long a provider's model list is kept.", TimeSpan.Zero, TimeSpan.FromDays(30)))
    {
        Absent = new Dictionary<string, string>(StringComparer.Ordinal) { ["responses"] = "take it out: every call asks a provider; what providers cache of prompts themselves is passed through" },
    };

    internal static readonly ObjectType Catalog = new(
        "catalog",
        "The catalogue of models and prices.",
        Key.List("files", TextType.Path, "Files that extend or override the built-in catalogue.", "[./prices.json]"));
}
