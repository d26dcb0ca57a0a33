using System.Text.RegularExpressions;
using Sluice.TestKit;

namespace Sluice.Architecture.Tests;

/// <summary>Rules that hold for every source file.</summary>
public sealed partial class SourceTests
{
    private static readonly string Src = Path.Combine(RepositoryPaths.Root, "src");

    private static IEnumerable<string> Files => Directory.EnumerateFiles(Src, "*.cs", SearchOption.AllDirectories)
        .Where(f => !f.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}"));

    [Fact]
    public void Namespace_IsTheFolder()
    {
        var wrong = new List<string>();
        foreach (string file in Files)
        {
            var declared = NamespaceLine().Match(File.ReadAllText(file));
            if (!declared.Success) continue;
            string[] parts = Path.GetRelativePath(Src, Path.GetDirectoryName(file)!).Split(Path.DirectorySeparatorChar);
            // The abstractions are the words of everything: their root namespace is the product's.
            string root = parts[0] == "Sluice.Abstractions" ? "Sluice" : parts[0];
            string expected = string.Join('.', parts.Skip(1).Prepend(root));
            if (declared.Groups[1].Value != expected) wrong.Add($"{Path.GetRelativePath(Src, file)}: {declared.Groups[1].Value}, expected {expected}");
        }
        wrong.ShouldBeEmpty();
    }

    [Fact]
    public void File_IsNotLongerThan400Lines()
    {
        Files.Select(f => (File: Path.GetRelativePath(Src, f), Lines: File.ReadLines(f).Count())).Where(f => f.Lines > 400).ShouldBeEmpty();
    }

    [Fact]
    public void Source_TakesTimeAndChanceFromOutside()
    {
        var wrong = Files
            .SelectMany(f => File.ReadLines(f).Select((line, i) => (File: Path.GetRelativePath(Src, f), Line: i + 1, Text: line)))
            .Where(l => WallClock().IsMatch(l.Text) && !l.Text.TrimStart().StartsWith("//", StringComparison.Ordinal))
            .Select(l => $"{l.File}:{l.Line}: {l.Text.Trim()}");
        wrong.ShouldBeEmpty();
    }

    [Fact]
    public void Source_UsesNoReflectionBasedJson()
    {
        var wrong = Files
            .SelectMany(f => File.ReadLines(f).Select((line, i) => (File: Path.GetRelativePath(Src, f), Line: i + 1, Text: line)))
            .Where(l => ReflectionJson().IsMatch(l.Text))
            .Select(l => $"{l.File}:{l.Line}: {l.Text.Trim()}");
        wrong.ShouldBeEmpty();
    }

    [GeneratedRegex(@"^namespace ([\w.]+);", RegexOptions.Multiline)]
    private static partial Regex NamespaceLine();

    [GeneratedRegex(@"\bDateTime(Offset)?\.(Utc)?Now\b|\bRandom\.Shared\b|\bGuid\.NewGuid\(|\bEnvironment\.TickCount|\bStopwatch\.(StartNew|GetTimestamp)\b")]
    private static partial Regex WallClock();

    [GeneratedRegex(@"\bJsonSerializer\.(Serialize|Deserialize)\w*(<[^>]*>)?\((?!.*(Context|JsonTypeInfo))")]
    private static partial Regex ReflectionJson();
}
