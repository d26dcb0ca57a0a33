using System.Collections.Concurrent;
using System.Text.Json;

namespace Sluice.Catalog;

/// <summary>
/// The models of one provider in one file. Only ids and rules are read at first; a record is read when somebody asks for it.
/// </summary>
internal sealed class ProviderModels
{
    private readonly JsonElement[] _records;
    private readonly IReadOnlyList<string> _sources;
    private readonly string _origin;
    private readonly Dictionary<string, int> _exact = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<(ModelPattern Pattern, int Index)> _patterns = [];
    private readonly ConcurrentDictionary<int, CatalogModel> _read = new();

    private ProviderModels(string provider, string? fallsBackTo, bool namesPublishers, JsonElement[] records, IReadOnlyList<string> sources, string origin)
    {
        Provider = provider;
        FallsBackTo = fallsBackTo;
        NamesPublishers = namesPublishers;
        _records = records;
        _sources = sources;
        _origin = origin;
        for (int i = 0; i < records.Length; i++)
        {
            string id = CatalogReader.Text(records[i], "id") ?? throw new FormatException($"models[{i}]: 'id' is missing");
            foreach (string text in CatalogReader.Patterns(records[i], id))
            {
                var pattern = ModelPattern.Parse(text);
                if (pattern.Rank == PatternRank.Exact) _exact[text] = i;
                else _patterns.Add((pattern, i));
            }
        }
        _patterns.Sort(static (a, b) => a.Pattern.Rank != b.Pattern.Rank ? a.Pattern.Rank.CompareTo(b.Pattern.Rank) : b.Pattern.Length.CompareTo(a.Pattern.Length));
    }

    public string Provider { get; }

    /// <summary>The provider whose models this one serves too, at the same price, where the file has none of its own.</summary>
    public string? FallsBackTo { get; }

    /// <summary>True where a model may be called by its publisher too (<c>anthropic/claude-opus-4-5</c>, <c>publishers/anthropic/models/claude-opus-4-5</c>).</summary>
    public bool NamesPublishers { get; }

    /// <summary>The records as they stand in the file.</summary>
    public IReadOnlyList<JsonElement> Records => _records;

    public IEnumerable<CatalogModel> All => Enumerable.Range(0, _records.Length).Select(Model);

    /// <summary>Reads a file's index.</summary>
    /// <param name="json">The file's root.</param>
    /// <param name="origin">What to call the file in reports; null to name it by its date.</param>
    /// <exception cref="FormatException">The file does not follow the schema.</exception>
    public static ProviderModels Load(JsonElement json, string? origin)
    {
        string provider = CatalogReader.Text(json, "provider") ?? throw new FormatException("'provider' is missing");
        if (json.TryGetProperty("schema", out var schema) && schema.GetRawText() != "1") throw new FormatException($"schema {schema} is not known; this version reads schema 1");
        var models = json.TryGetProperty("models", out var list) && list.ValueKind == JsonValueKind.Array ? list : throw new FormatException("'models' is missing: a list is needed");
        return new ProviderModels(
            provider,
            CatalogReader.Text(json, "falls_back_to"),
            json.TryGetProperty("names_publishers", out var names) && names.ValueKind == JsonValueKind.True,
            [.. models.EnumerateArray()],
            CatalogReader.Texts(json, "sources"),
            origin ?? $"catalogue of {CatalogReader.Text(json, "as_of")}");
    }

    public CatalogModel? Find(string id)
    {
        if (_exact.TryGetValue(id, out int exact)) return Model(exact);
        foreach (var (pattern, index) in _patterns)
        {
            if (pattern.Matches(id)) return Model(index);
        }
        return null;
    }

    private CatalogModel Model(int index) => _read.GetOrAdd(index, static (i, me) => CatalogReader.Read(me.Provider, me._records[i], me._sources, me._origin), this);
}
