using System.Text.RegularExpressions;
using Sluice.Configuration;
using Sluice.Configuration.Binding;
using Sluice.Configuration.Rendering;
using Sluice.Configuration.Schema;
using Sluice.Configuration.Validation;
using Sluice.Configuration.Yaml;
using Sluice.TestKit;

namespace Sluice.Tests.Configuration;

/// <summary>One schema: the validator, the binder, the JSON Schema and the documentation say the same.</summary>
public sealed class SchemaTests : IDisposable
{
    private static readonly string Schema = JsonSchemaWriter.Write();
    private readonly ConfigurationFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Binder_EveryKeyOfTheSchema_IsRead()
    {
        var read = new HashSet<(ObjectType, string)>();
        var context = new BindingContext(folder, new FaultList()) { OnRead = (type, key) => read.Add((type, key)) };
        // Items of lists and maps, and sections that act only where they are written.
        var root = YamlReader.Read("""
            server: { https: { certificate: c } }
            defaults: { headers: {} }
            providers: { x: { type: openai, api_keys: [{ file: no-such-file }, { key: k }], auth: {}, price: {} } }
            models: { r: { targets: [{ model: x/y, when: {} }], hedge: { after: p95 } } }
            transforms: [{ on: request, regex: { pattern: a }, params: {} }]
            keys: { groups: { g: {} } }
            """, "f", context.Faults);
        RootBinder.Bind((MapNode)root!, context);

        AllObjects().SelectMany(type => type.Keys.Select(key => (type, key.Name))).Except(read).Select(pair => $"{pair.Item1.Name}.{pair.Item2}").ShouldBeEmpty();
    }

    [Fact]
    public void Schema_EveryKey_HasASummaryAndWhatItsTypeNeeds()
    {
        foreach (var type in AllObjects())
        {
            type.Keys.ShouldAllBe(key => key.Summary.EndsWith('.') && char.IsUpper(key.Summary[0]) || key.Summary.StartsWith('`'), type.Name);
            type.Exclusive.SelectMany(group => group).Concat(type.OneOf).ShouldAllBe(key => type.Find(key) != null);
        }
    }

    [Fact]
    public void Schema_EveryDefaultAndExample_IsRightByItself()
    {
        folder.Set("X", "x");
        foreach (var type in AllObjects())
        {
            foreach (var key in type.Keys)
            {
                foreach (var text in new[] { key.Default, key.Example }.OfType<string>())
                {
                    var faults = new FaultList();
                    // As it would stand in a file: behind its key, in a block.
                    var map = (MapNode?)YamlReader.Read($"{key.Name}: {text}\n", "f", faults);
                    faults.Sorted().ShouldBeEmpty($"{type.Name}.{key.Name}: {text}");
                    var value = map![key.Name]!;
                    if (text.Contains("${", StringComparison.Ordinal)) continue;
                    new StructureValidator(faults).Validate(value, key.Type, key.Name);
                    faults.Sorted().ShouldBeEmpty($"{type.Name}.{key.Name}: {text}");
                }
            }
        }
    }

    [Fact]
    public void Schema_EveryScalarKey_HasAnExampleInTheDocumentation() =>
        AllObjects().SelectMany(type => type.Keys.Where(key => key.Type is ScalarType && key.Example is null).Select(key => $"{type.Name}.{key.Name}")).ShouldBeEmpty();

    // Each line is a whole file. What the validator finds in its structure, an editor finds by the schema, and nothing else.
    [Theory]
    [InlineData("{ server: { listen: 127.0.0.1:1, max_nesting: 9, shutdown_grace: 1m30s, max_request_body: 1.5MiB }, admin: { enabled: false } }", true)]
    [InlineData("{ server: { max_nesting: ${X}, shutdown_grace: ${X} }, admin: { enabled: \"${X}\" } }", true)]
    [InlineData("server:", true)]
    [InlineData("transforms:", true)]
    [InlineData("models: { b: { targets: } }", false)]
    [InlineData("server: { max_nesting: 1 }", false)]
    [InlineData("server: { max_nesting: \"9\" }", false)]
    [InlineData("admin: { enabled: \"true\" }", false)]
    [InlineData("server: { shutdown_grace: 30 }", false)]
    [InlineData("server: { shutdown_grace: soon }", false)]
    [InlineData("server: { max_request_body: 3 parsecs }", false)]
    [InlineData("server: { nothing: 1 }", false)]
    [InlineData("server: []", false)]
    [InlineData("nothing: {}", false)]
    [InlineData("logging: { level: info, levels: { A.B: debug } }", true)]
    [InlineData("logging: { level: loud }", false)]
    [InlineData("logging: { levels: { A: loud } }", false)]
    [InlineData("telemetry: { sample: 0.5, otlp_headers: { a: b } }", true)]
    [InlineData("telemetry: { sample: 1.5 }", false)]
    [InlineData("telemetry: { otlp_headers: { \"a b\": c } }", false)]
    [InlineData("budgets: { daily: 5.00 }", true)]
    [InlineData("budgets: { daily: -5 }", false)]
    [InlineData("budgets: { warn: 0 }", false)]
    [InlineData("models: { a: x/y, b: { targets: [x/y, { model: x/z, weight: 2 }] } }", true)]
    [InlineData("models: { b: { targets: [] } }", false)]
    [InlineData("models: { b: { targets: [{ weight: 2 }] } }", false)]
    [InlineData("models: { b: { strategy: fallback } }", false)]
    [InlineData("models: { b: { targets: [x/y], hedge: { after: p95 } } }", true)]
    [InlineData("models: { b: { targets: [x/y], hedge: { after: 950 } } }", false)]
    [InlineData("providers: { a: { type: openai, auth: none, api_keys: [x, { key: y, weight: 2 }] }, b: }", true)]
    [InlineData("providers: { a: { auth: { scheme: bearer, prefix: x } } }", true)]
    [InlineData("providers: { a: { auth: { scheme: bearer, header: X } } }", false)]
    [InlineData("providers: { a: { auth: sometimes } }", false)]
    [InlineData("providers: { a: { api_key: x, api_key_file: y } }", false)]
    [InlineData("providers: { a: { api_keys: [{ weight: 2 }] } }", false)]
    [InlineData("providers: { a: { type: nothing } }", false)]
    [InlineData("providers: { a: { base_url: \"ftp://x\" } }", false)]
    [InlineData("providers: { a: { params: { anything: [1, { a: null }] } } }", true)]
    [InlineData("providers: { a: { price: { input: 1 } } }", false)]
    [InlineData("providers: { \"a/b\": {} }", false)]
    [InlineData("transforms: [{ on: request, drop: $.a }]", true)]
    [InlineData("transforms: [{ on: request, drop: a }]", false)]
    [InlineData("transforms: [{ on: request }]", false)]
    [InlineData("transforms: [{ on: request, drop: $.a, set: { path: $.a, value: null } }]", false)]
    [InlineData("storage: { postgres: b }", false)]
    public void JsonSchemaAndValidator_SameFile_Agree(string yaml, bool right)
    {
        var faults = new FaultList();
        var tree = YamlReader.Read(yaml, "f", faults)!;
        faults.Count.ShouldBe(0);
        var variables = new Sluice.Configuration.Loading.Interpolation(folder.Set("X", ""), new FaultList()).Apply(tree, "");
        new StructureValidator(faults).Validate(variables, RootSchema.Root, "");

        (faults.Count == 0).ShouldBe(right, string.Join('\n', faults.Sorted()));
        var errors = MiniJsonSchema.Check(Schema, tree);
        (errors.Count == 0).ShouldBe(right, string.Join('\n', errors));
    }

    [Theory]
    [InlineData("a")]
    [InlineData("")]
    [InlineData("A-1._b")]
    [InlineData("-a")]
    [InlineData("a/b")]
    [InlineData("a b")]
    [InlineData("ä")]
    [InlineData("X-Team*")]
    [InlineData("$.a")]
    [InlineData("$[0]")]
    [InlineData("$")]
    [InlineData("p95")]
    [InlineData("p")]
    [InlineData("p995")]
    [InlineData("2s")]
    [InlineData("1.5s")]
    [InlineData("2")]
    [InlineData("im")]
    [InlineData("g")]
    [InlineData("gateway.example.com")]
    [InlineData("*.example.com")]
    [InlineData("*.")]
    [InlineData("[::1]")]
    [InlineData("[x]")]
    [InlineData("http://localhost:3000")]
    [InlineData("vscode-webview://*")]
    [InlineData("https://a.example/path")]
    [InlineData("https://user@a.example")]
    [InlineData("://a")]
    [InlineData("*")]
    [InlineData("tab\there")]
    [InlineData("line\nend")]
    public void ShapeType_PatternAndFunction_Agree(string text)
    {
        foreach (var type in new[] { ShapeType.Identifier, ShapeType.RouteName, ShapeType.HeaderName, ShapeType.HeaderValue, ShapeType.RegexFlags, ShapeType.HedgeDelay, ShapeType.HostName, ShapeType.Origin })
            (type.Check(text) is null).ShouldBe(Regex.IsMatch(text, type.Pattern), $"{type.Name}: {text}");
    }

    [Fact]
    public void JsonSchemaFile_ComparedWithTheSchema_IsUpToDate() => ShouldBeWritten(Schema, "config", "sluice.schema.json");

    [Fact]
    public void Documentation_ComparedWithTheSchema_IsUpToDate()
    {
        var text = ReferenceWriter.Write();
        ShouldBeWritten(text, "docs", "configuration.md");
        foreach (var key in AllObjects().SelectMany(type => type.Keys)) text.ShouldContain($"| `{key.Name}` |");
    }

    private static void ShouldBeWritten(string expected, params string[] path)
    {
        var file = Path.Combine([RepositoryPaths.Root, .. path]);
        if (Environment.GetEnvironmentVariable("SLUICE_WRITE_GENERATED") == "1") File.WriteAllText(file, expected);
        File.ReadAllText(file).ShouldBe(expected, "run the tests once with SLUICE_WRITE_GENERATED=1");
    }

    private static List<ObjectType> AllObjects()
    {
        var found = new List<ObjectType>();
        Visit(RootSchema.Root);
        return found;

        void Visit(ConfigType type)
        {
            switch (type)
            {
                case ObjectType keys when !found.Contains(keys):
                    found.Add(keys);
                    foreach (var key in keys.Keys) Visit(key.Type);
                    break;
                case ListType list:
                    Visit(list.Item);
                    break;
                case MapType map:
                    Visit(map.Value);
                    break;
                case EitherType either:
                    Visit(either.Full);
                    break;
            }
        }
    }
}
