using System.Text.RegularExpressions;
using Sluice.Configuration;
using Sluice.TestKit;

namespace Sluice.Tests.Routing;

/// <summary>The examples of routes in the documentation load as they are.</summary>
public sealed partial class DocumentedRoutesTests
{
    private const string Providers = """
        providers:
          openai: { type: openai, api_key: test }
          anthropic: { type: anthropic, api_key: test }
          gemini: { type: gemini, api_key: test }
          local: { type: ollama }

        """;

    public static TheoryData<string> Examples =>
        [.. new[] { "routing.md", "failover.md" }.SelectMany(page => Fenced().Matches(File.ReadAllText(Path.Combine(RepositoryPaths.Root, "docs", page)))).Select(m => m.Groups["yaml"].Value).Where(e => e.StartsWith("models:", StringComparison.Ordinal))];

    [Fact]
    public void Pages_HaveExamples() => Examples.Count.ShouldBeGreaterThan(10);

    [Theory]
    [MemberData(nameof(Examples))]
    public void Example_Loads(string example)
    {
        var result = ConfigurationLoader.LoadText(Providers + example, "example", new ProcessEnvironment());

        result.Faults.ShouldBeEmpty();
        result.Warnings.ShouldBeEmpty();
    }

    [GeneratedRegex("```yaml\n(?<yaml>.*?)```", RegexOptions.Singleline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Fenced();
}
