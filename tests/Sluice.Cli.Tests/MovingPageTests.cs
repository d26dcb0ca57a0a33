using System.Text.RegularExpressions;
using Sluice.TestKit;

namespace Sluice.Cli.Tests;

/// <summary>The files and the commands of docs/moving.md, as they stand there.</summary>
public sealed partial class MovingPageTests : IDisposable
{
    private static readonly string Page = File.ReadAllText(Path.Combine(RepositoryPaths.Root, "docs", "moving.md"));
    private readonly CliProcess cli = new();

    public void Dispose() => cli.Dispose();

    [Fact]
    public void FilesAndCommands_Work()
    {
        foreach (var name in (string[])["AZURE_API_KEY", "OPENAI_API_KEY", "OPENAI_KEY_2", "ANTHROPIC_API_KEY", "OPENROUTER_API_KEY", "DEEPSEEK_API_KEY", "LITELLM_MASTER_KEY"]) cli.Set(name, "value-of-" + name);
        foreach (Match file in Files().Matches(Page)) cli.Write(file.Groups["name"].Value, file.Groups["text"].Value);
        cli.Write("ask.json", Request().Match(Page).Groups["text"].Value);
        var commands = Shells().Matches(Page).SelectMany(shell => shell.Groups["text"].Value.Split('\n', StringSplitOptions.RemoveEmptyEntries)).ToList();

        commands.Count.ShouldBeGreaterThan(5);
        foreach (var command in commands)
        {
            command.ShouldStartWith("sluice ");
            var (code, output, error) = cli.Run(command.Split(' ')[1..]);
            code.ShouldBe(0, $"{command}\n{output}\n{error}");
        }
    }

    [GeneratedRegex("```yaml\n# (?<name>[a-z]+\\.yaml)\n(?<text>.*?)```", RegexOptions.Singleline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Files();

    [GeneratedRegex("```json\n(?<text>.*?)```", RegexOptions.Singleline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Request();

    [GeneratedRegex("```sh\n(?<text>.*?)```", RegexOptions.Singleline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Shells();
}
