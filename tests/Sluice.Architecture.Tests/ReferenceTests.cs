using System.Xml.Linq;
using Sluice.TestKit;

namespace Sluice.Architecture.Tests;

/// <summary>References point one way.</summary>
public sealed class ReferenceTests
{
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["Sluice.Abstractions"] = [],
        ["Sluice.Formats"] = ["Sluice.Abstractions"],
        ["Sluice"] = ["Sluice.Abstractions", "Sluice.Formats"],
        ["Sluice.Extensions.AI"] = ["Sluice"],
        ["Sluice.Storage.Sqlite"] = ["Sluice"],
        ["Sluice.Storage.PostgreSql"] = ["Sluice"],
        ["Sluice.Gateway"] = ["Sluice"],
        ["Sluice.Simulator"] = [],
        ["Sluice.Cli"] = ["Sluice.Abstractions", "Sluice.Formats", "Sluice", "Sluice.Extensions.AI", "Sluice.Storage.Sqlite", "Sluice.Storage.PostgreSql", "Sluice.Gateway", "Sluice.Simulator"],
    };

    public static TheoryData<string> Projects => [.. Directory.GetDirectories(Path.Combine(RepositoryPaths.Root, "src")).Select(d => Path.GetFileName(d)!).Where(n => File.Exists(ProjectFile(n)))];

    [Theory]
    [MemberData(nameof(Projects))]
    public void Project_References_PointInwards(string project)
    {
        Allowed.ShouldContainKey(project, $"'{project}' has no rule: add one");
        References(project).Except(Allowed[project]).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("Sluice.Abstractions")]
    [InlineData("Sluice.Formats")]
    [InlineData("Sluice")]
    public void Project_BelowTheHosts_DoesNotKnowAspNetCore(string project) =>
        XDocument.Load(ProjectFile(project)).Descendants("FrameworkReference").ShouldBeEmpty();

    [Fact]
    public void Abstractions_References_OnlyTheBaseClassLibrary() =>
        XDocument.Load(ProjectFile("Sluice.Abstractions")).Descendants("PackageReference").ShouldBeEmpty();

    private static IEnumerable<string> References(string project) =>
        XDocument.Load(ProjectFile(project)).Descendants("ProjectReference").Select(r => Path.GetFileNameWithoutExtension(r.Attribute("Include")!.Value.Replace('\\', '/')));

    private static string ProjectFile(string project) => Path.Combine(RepositoryPaths.Root, "src", project, project + ".csproj");
}
