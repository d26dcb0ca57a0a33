using System.Diagnostics;

namespace Sluice.Cli.Tests;

/// <summary>The real command in a directory and an environment of its own.</summary>
internal sealed class CliProcess : IDisposable
{
    private readonly Dictionary<string, string> variables = new(StringComparer.Ordinal);

    public string WorkingDirectory { get; } = Directory.CreateTempSubdirectory("sluice-cli-").FullName;

    /// <summary>A command that runs the command, as its arguments; empty for none.</summary>
    public IReadOnlyList<string> Wrapper { get; set; } = [];

    public CliProcess Set(string name, string value)
    {
        variables[name] = value;
        return this;
    }

    public CliProcess Write(string name, string text)
    {
        var path = PathOf(name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        return this;
    }

    public string PathOf(string name) => Path.Combine(WorkingDirectory, name);

    /// <summary>Runs it to its end.</summary>
    public (int Code, string Output, string Error) Run(params string[] args)
    {
        using var process = Start(args);
        process.StandardInput.Close();
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output.ReplaceLineEndings("\n"), error.GetAwaiter().GetResult().ReplaceLineEndings("\n"));
    }

    /// <summary>Starts it.</summary>
    public Process Start(params string[] args)
    {
        var start = new ProcessStartInfo(Wrapper.Count == 0 ? "dotnet" : Wrapper[0]) { WorkingDirectory = WorkingDirectory, RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true, UseShellExecute = false };
        foreach (string word in Wrapper.Skip(1)) start.ArgumentList.Add(word);
        if (Wrapper.Count > 0) start.ArgumentList.Add("dotnet");
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "Sluice.Cli.dll"));
        foreach (var arg in args) start.ArgumentList.Add(arg);
        // Nothing of the developer's own keys and addresses.
        foreach (var name in start.Environment.Keys.Where(name => name.EndsWith("_API_KEY", StringComparison.Ordinal) || name.EndsWith("_BASE_URL", StringComparison.Ordinal) || name.StartsWith("SLUICE", StringComparison.Ordinal) || name == "OLLAMA_HOST").ToList())
            start.Environment.Remove(name);
        // A process that is killed would leave its debugging pipes in the temporary folder.
        start.Environment["DOTNET_EnableDiagnostics"] = "0";
        foreach (var (name, value) in variables) start.Environment[name] = value;
        return Process.Start(start)!;
    }

    public void Dispose() => Directory.Delete(WorkingDirectory, recursive: true);
}
