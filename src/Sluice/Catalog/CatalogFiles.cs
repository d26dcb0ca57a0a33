using System.Text.Json;

namespace Sluice.Catalog;

/// <summary>
/// Reads a user's catalogue file: one object, or a list of objects, of the same schema as the embedded files. A record with the id of
/// an embedded one takes over the members that it does not give itself.
/// </summary>
internal static class CatalogFiles
{
    private static readonly JsonDocumentOptions Lenient = new() { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip };

    public static IReadOnlyList<ProviderModels> Read(string file, ModelCatalog below, List<string> faults)
    {
        try
        {
            return Parse(file, File.ReadAllBytes(file), below, faults);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            faults.Add($"{file}: it cannot be read: {e.Message}");
            return [];
        }
    }

    /// <summary>Reads a file's content; <paramref name="file"/> is only its name.</summary>
    public static IReadOnlyList<ProviderModels> Parse(string file, ReadOnlyMemory<byte> content, ModelCatalog below, List<string> faults)
    {
        var models = new List<ProviderModels>();
        try
        {
            using var document = JsonDocument.Parse(content, Lenient);
            var roots = document.RootElement.ValueKind == JsonValueKind.Array ? document.RootElement.EnumerateArray().ToArray() : [document.RootElement];
            foreach (var root in roots)
            {
                var merged = Merge(root, below);
                var loaded = ProviderModels.Load(merged, Path.GetFileName(file));
                int before = faults.Count;
                Check(file, loaded, merged, faults);
                if (faults.Count == before) models.Add(loaded);
            }
        }
        catch (JsonException e)
        {
            faults.Add($"{file}:{(e.LineNumber ?? 0) + 1}:{(e.BytePositionInLine ?? 0) + 1}: this is no JSON; the schema is in docs/catalogue.md");
        }
        catch (FormatException e)
        {
            faults.Add($"{file}: {e.Message}");
        }
        return models;
    }

    private static JsonElement Merge(JsonElement root, ModelCatalog below)
    {
        string? provider = CatalogReader.Text(root, "provider");
        if (provider is null || !root.TryGetProperty("models", out var models) || models.ValueKind != JsonValueKind.Array) return root.Clone();
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            foreach (var member in root.EnumerateObject().Where(m => m.Name != "models")) member.WriteTo(writer);
            writer.WriteStartArray("models");
            foreach (var model in models.EnumerateArray()) MergeModel(writer, provider, model, below);
            writer.WriteEndArray();
            writer.WriteEndObject();
        }
        return JsonElement.Parse(buffer.GetBuffer().AsSpan(0, (int)buffer.Length));
    }

    private static void MergeModel(Utf8JsonWriter writer, string provider, JsonElement model, ModelCatalog below)
    {
        if (model.ValueKind != JsonValueKind.Object) throw new FormatException("models: every item is an object");
        writer.WriteStartObject();
        foreach (var member in model.EnumerateObject()) member.WriteTo(writer);
        if (CatalogReader.Text(model, "id") is { } id && below.Record(provider, id) is { } known)
        {
            // Its sources stay behind: they are numbers of another file and speak of other figures.
            foreach (var member in known.EnumerateObject())
            {
                if (member.Name is not ("sources" or "disputed" or "note") && !model.TryGetProperty(member.Name, out _)) member.WriteTo(writer);
            }
        }
        writer.WriteEndObject();
    }

    // A user's file is read whole at once, so that a fault shows at the start and not in the middle of a day.
    private static void Check(string file, ProviderModels models, JsonElement root, List<string> faults)
    {
        int index = 0;
        foreach (var record in root.GetProperty("models").EnumerateArray())
        {
            foreach (var member in record.EnumerateObject().Where(m => !CatalogReader.Known.Contains(m.Name)))
            {
                faults.Add($"{file}: models[{index}].{member.Name}: no such member; members are {string.Join(", ", CatalogReader.Known.Order(StringComparer.Ordinal))}");
            }
            try
            {
                var read = CatalogReader.Read(models.Provider, record, CatalogReader.Texts(root, "sources"), file);
                faults.AddRange(read.Match.Select(ModelPattern.Fault).OfType<string>().Select(f => $"{file}: models[{index}].{f}"));
            }
            catch (FormatException e)
            {
                faults.Add($"{file}: models[{index}]: {e.Message}");
            }
            index++;
        }
    }
}
