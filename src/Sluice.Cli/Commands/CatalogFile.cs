using System.Globalization;
using System.Text.Json;
using Sluice.Catalog;
using Sluice.Catalog.Importing;

namespace Sluice.Cli.Commands;

/// <summary>A file of models: in our schema, or LiteLLM's.</summary>
/// <param name="Models">Its models.</param>
/// <param name="Text">The file in our schema.</param>
/// <param name="Notes">What could not be taken over.</param>
/// <param name="IsForeign">True where it is LiteLLM's.</param>
internal sealed record CatalogFile(IReadOnlyList<CatalogModel> Models, string Text, IReadOnlyList<string> Notes, bool IsForeign)
{
    /// <summary>Reads it. On faults, tells them and gives null, and the exit code.</summary>
    public static CatalogFile? Read(string path, ModelCatalog below, string? onlyProvider, TextWriter error, out int code)
    {
        code = ExitCodes.Failed;
        try
        {
            string text = File.ReadAllText(path);
            using var document = JsonDocument.Parse(text, new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
            var root = document.RootElement;
            bool own = root.ValueKind == JsonValueKind.Array || (root.ValueKind == JsonValueKind.Object && root.TryGetProperty("provider", out var p) && p.ValueKind == JsonValueKind.String);
            if (own) return Load(path, text, [], below, false, error);
            string source = $"LiteLLM's price file, {File.GetLastWriteTimeUtc(path).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)}";
            string converted = $"[{string.Join(",\n", LiteLlmPrices.Convert(root, source, onlyProvider, out var notes))}]";
            return Load(path, converted, notes, below, true, error);
        }
        catch (JsonException e)
        {
            error.WriteLine($"{path}:{(e.LineNumber ?? 0) + 1}:{(e.BytePositionInLine ?? 0) + 1}: this is no JSON");
        }
        catch (FormatException e)
        {
            error.WriteLine($"{path}: {e.Message}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            error.WriteLine($"{path}: {e.Message}");
            code = ExitCodes.WrongUsage;
        }
        return null;
    }

    private static CatalogFile? Load(string path, string text, IReadOnlyList<string> notes, ModelCatalog below, bool isForeign, TextWriter error)
    {
        var models = below.Parse(path, text, out var faults);
        foreach (string fault in faults) error.WriteLine(fault);
        return faults.Count > 0 ? null : new CatalogFile(models, text, notes, isForeign);
    }
}
