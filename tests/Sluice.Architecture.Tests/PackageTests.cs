using System.Text.Json;
using System.Xml.Linq;
using Sluice.TestKit;

namespace Sluice.Architecture.Tests;

/// <summary>What packages the projects take, and from which lists.</summary>
public sealed class PackageTests
{
    private static readonly string Src = Path.Combine(RepositoryPaths.Root, "src");

    public static TheoryData<string> LockFiles => [.. Directory.GetDirectories(Src).Select(d => Path.Combine(Path.GetFileName(d)!, "packages.lock.json")).Where(f => File.Exists(Path.Combine(Src, f)))];

    [Theory]
    [MemberData(nameof(LockFiles))]
    public void LockFile_HoldsEveryPlatformThatIsPublished(string file)
    {
        string[] platforms = XDocument.Load(Path.Combine(Src, "Directory.Build.props")).Descendants("RuntimeIdentifiers").Single().Value.Split(';');
        using var locked = JsonDocument.Parse(File.ReadAllText(Path.Combine(Src, file)));
        string[] frameworks = [.. locked.RootElement.GetProperty("dependencies").EnumerateObject().Select(p => p.Name)];

        frameworks.ShouldBe(platforms.Select(p => $"net10.0/{p}").Prepend("net10.0"), ignoreOrder: true);
    }

    [Fact]
    public void CentralVersions_AreAllUsed()
    {
        string root = RepositoryPaths.Root;
        string[] projects = [.. new[] { "src", "tests", "bench", "samples" }.Select(f => Path.Combine(root, f)).Where(Directory.Exists)
            .SelectMany(f => Directory.EnumerateFiles(f, "*.csproj", SearchOption.AllDirectories).Concat(Directory.EnumerateFiles(f, "*.props", SearchOption.AllDirectories)))
            .Where(f => !f.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}")), Path.Combine(root, "Directory.Build.props")];
        var used = projects.SelectMany(f => XDocument.Load(f).Descendants("PackageReference")).Select(r => r.Attribute("Include")!.Value).ToHashSet();

        // Pinned for what FsCheck brings with it.
        used.Add("FSharp.Core");
        XDocument.Load(Path.Combine(root, "Directory.Packages.props")).Descendants("PackageVersion").Select(v => v.Attribute("Include")!.Value).Except(used).ShouldBeEmpty();
    }

    [Fact]
    public void KnownAdvisories_DoNotStopABuild()
    {
        string properties = XDocument.Load(Path.Combine(RepositoryPaths.Root, "Directory.Build.props")).Descendants("WarningsNotAsErrors").Single().Value;

        foreach (string code in (string[])["NU1901", "NU1902", "NU1903", "NU1904"]) properties.ShouldContain(code);
    }
}
