using System.CommandLine;
using System.Diagnostics;
using Sluice.Cli.Output;

namespace Sluice.Cli.Tests;

public sealed class CommandLineTests : IDisposable
{
    private readonly CliProcess cli = new();

    public void Dispose() => cli.Dispose();

    [Theory]
    [InlineData("srve", "sluice: unknown command 'srve'; did you mean 'serve'?\nTry 'sluice --help'.\n")]
    [InlineData("validate", "sluice: unknown command 'validate'; did you mean 'sluice config validate'?\nTry 'sluice --help'.\n")]
    [InlineData("serve --lisen 1", "sluice: unknown option '--lisen'; did you mean '--listen'?\nTry 'sluice serve --help'.\n")]
    [InlineData("chat -m x --imge a.png", "sluice: unknown option '--imge'; did you mean '--image'?\nTry 'sluice chat --help'.\n")]
    [InlineData("config schema now", "sluice: 'sluice config schema' takes no further argument: 'now'\nTry 'sluice config schema --help'.\n")]
    [InlineData("models -o xml", "sluice: Argument 'xml' not recognized. Must be one of: 'table' 'json' 'yaml'\nTry 'sluice models --help'.\n")]
    public void WrongUsage_AnyKind_IsCodeTwoWithTheNearestWord(string line, string expected) => cli.Run(line.Split(' ')).ShouldBe((2, "", expected));

    [Fact]
    public void NoArguments_ShowsHelpUnderTheNameThatPeopleType()
    {
        var (code, output, error) = cli.Run();
        code.ShouldBe(0);
        error.ShouldBeEmpty();
        output.ShouldContain("Usage:\n  sluice [command] [options]\n");
        output.ShouldNotContain("Sluice.Cli");
    }

    [Fact]
    public void Command_Each_HasExamplesThatParse()
    {
        var root = CommandLine.Create();
        foreach (var command in All(root))
        {
            Examples.Of(command).ShouldNotBeEmpty(command.Name);
            foreach (string line in Examples.Of(command).Where(e => e.StartsWith("sluice ", StringComparison.Ordinal)))
                root.Parse(line["sluice ".Length..].Split('|', '>', '#')[0]).Errors.ShouldBeEmpty(line);
        }
    }

    [Theory]
    [InlineData("bash")]
    [InlineData("zsh")]
    [InlineData("fish")]
    [InlineData("pwsh")]
    public void Completion_Shell_PrintsAScriptThatAsksForSuggestions(string shell)
    {
        var (code, output, _) = cli.Run("completion", shell);
        code.ShouldBe(0);
        output.ShouldContain("[suggest:");
    }

    /// <summary>Whole shells, where they are installed: each asks its own completion machinery.</summary>
    [Theory]
    [InlineData("bash", "--norc", "-c", """
        eval "$(sluice completion bash)"
        COMP_LINE='sluice chat -m local/qwen2.5:' COMP_POINT=29 COMP_WORDS=(sluice chat -m local/qwen2.5 : '') COMP_CWORD=5
        _sluice_complete 2>/dev/null; echo "${COMPREPLY[@]}"
        """, "7b\n")]
    [InlineData("fish", "--no-config", "-c", "sluice completion fish | source; complete -C 'sluice chat -m local/q'", "local/qwen2.5:7b\n")]
    [InlineData("zsh", "-f", "-c", """
        compdef() { :; }; compadd() { shift; print -l -- $@; }
        eval "$(sluice completion zsh)"; words=(sluice chat -m local/q) CURRENT=4; _sluice
        """, "local/qwen2.5:7b\n")]
    public void Completion_InTheShell_CompletesAModelWithAColon(string shell, string bare, string flag, string script, string expected)
    {
        Assert.SkipUnless(Installed(shell), $"{shell} is not installed");
        cli.Write("sluice.yaml", "providers: { local: { type: ollama, models: [small, 'qwen2.5:7b'] } }");
        cli.Write("bin/sluice", $"#!/bin/sh\nexec dotnet '{Path.Combine(AppContext.BaseDirectory, "Sluice.Cli.dll")}' \"$@\"\n");
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(cli.PathOf("bin/sluice"), UnixFileMode.UserRead | UnixFileMode.UserExecute);
        var start = new ProcessStartInfo(shell, [bare, flag, script]) { WorkingDirectory = cli.WorkingDirectory, RedirectStandardOutput = true, UseShellExecute = false };
        start.Environment["PATH"] = $"{cli.PathOf("bin")}:{start.Environment["PATH"]}";
        using var process = Process.Start(start)!;
        process.StandardOutput.ReadToEnd().ShouldBe(expected);
    }

    private static bool Installed(string program) => !OperatingSystem.IsWindows() && (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(folder => File.Exists(Path.Combine(folder, program)));

    [Fact]
    public void Suggest_UnfinishedLine_GivesWhatFits()
    {
        cli.Run("[suggest:16]", "sluice config va").Output.ShouldBe("validate\n");
        cli.Write("sluice.yaml", "providers: { local: { type: ollama, models: [small] } }\nmodels: { fast: local/small }");
        cli.Run("[suggest:15]", "sluice chat -m ").Output.Split('\n').ShouldBe(["fast", "local/small", ""], ignoreOrder: true);
        cli.Run("[suggest:25]", "sluice doctor --provider ").Output.ShouldBe("local\n");
        cli.Write("config/llms/default-llms.yaml", "{}").Write("config/llms/team.yaml", "{}");
        cli.Run("[suggest:23]", "sluice serve --profile ").Output.ShouldBe("team\n");
    }

    private static IEnumerable<Command> All(Command command) => command.Subcommands.SelectMany(All).Prepend(command);
}
