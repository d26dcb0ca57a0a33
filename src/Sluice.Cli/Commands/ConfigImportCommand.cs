using System.CommandLine;
using Sluice.Cli.Output;
using Sluice.Configuration.Importing;
using Sluice.Configuration.Yaml;
using Sluice.Configuration;

namespace Sluice.Cli.Commands;

/// <summary><c>sluice config import litellm FILE</c>: another gateway's configuration as a Sluice file.</summary>
internal static class ConfigImportCommand
{
    public static Command Create()
    {
        var file = new Argument<string>("FILE") { Description = "The config.yaml of a LiteLLM proxy" };
        var target = new Option<string?>("--write", "-w") { Description = "Write to this file in place of the standard output; overwrites nothing", HelpName = "PATH" };
        var litellm = new Command("litellm", "Read a LiteLLM config.yaml (model_list, litellm_settings, router_settings, general_settings); what has no counterpart is reported.").WithExamples("sluice config import litellm config.yaml --write sluice.yaml");
        litellm.Arguments.Add(file);
        litellm.Options.Add(target);
        litellm.SetAction(parsed => Run(parsed.GetValue(file)!, parsed.GetValue(target), parsed.InvocationConfiguration));
        var command = new Command("import", "Turn another gateway's configuration into a Sluice file.").WithExamples("sluice config import litellm config.yaml --write sluice.yaml");
        command.Subcommands.Add(litellm);
        return command;
    }

    private static int Run(string file, string? target, InvocationConfiguration writer)
    {
        var faults = new FaultList();
        var text = ConfigurationText.Read(Path.GetFullPath(file), file, faults);
        var result = text is null ? new ImportResult(null, faults.Sorted(), []) : LiteLlmImport.Convert(text, file, new ProcessEnvironment(), name => Included(file, name));
        if (result.Yaml is null)
        {
            foreach (var fault in result.Faults) writer.Error.WriteLine(fault);
            return ExitCodes.ConfigurationInvalid;
        }

        if (target is null) writer.Output.Write(result.Yaml);
        else if (!TryWrite(target, result.Yaml, writer)) return ExitCodes.Failed;
        foreach (var note in result.Notes) writer.Error.WriteLine(note);
        writer.Error.WriteLine(result.Notes.Count == 0 ? "Everything was taken over." : $"{result.Notes.Count} {(result.Notes.Count == 1 ? "setting was" : "settings were")} not taken over as written: see above.");
        if (target is not null) writer.Error.WriteLine($"Wrote {target}.");
        if (result.Remaining.Count > 0)
        {
            foreach (var fault in result.Remaining) writer.Error.WriteLine($"{target ?? "the result"}{fault.ToString()["result".Length..]}");
            writer.Error.WriteLine("The result is not valid yet: put the above right.");
            return ExitCodes.ConfigurationInvalid;
        }

        TellNext(result, target, writer.Error);
        return ExitCodes.Done;
    }

    // What must be so before it starts, and what clients must change.
    private static void TellNext(ImportResult result, string? target, TextWriter error)
    {
        var missing = result.Variables.Where(name => string.IsNullOrEmpty(Environment.GetEnvironmentVariable(name))).ToList();
        if (missing.Count > 0) error.WriteLine($"Set before a start: {string.Join(", ", missing)}");
        error.WriteLine("Clients keep their model names and their base URL's path; the address is server.listen (127.0.0.1:4000). Their keys are new, or stay as they are with sluice keys create --secret-from FILE. More: docs/moving.md");
        if (target is not null) error.WriteLine(ProgramName.In($"Next: sluice config validate {target}"));
    }

    // As LiteLLM does it: beside the file.
    private static string? Included(string file, string name)
    {
        var faults = new FaultList();
        var path = Path.GetFullPath(name, Path.GetDirectoryName(Path.GetFullPath(file))!);
        return ConfigurationText.Read(path, name, faults);
    }

    private static bool TryWrite(string path, string yaml, InvocationConfiguration writer)
    {
        try
        {
            // The file may hold keys that stood in the other one.
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            using var stream = new StreamWriter(path, options);
            stream.Write(yaml);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            writer.Error.WriteLine($"sluice: cannot write {path}: {e.Message}");
            return false;
        }
    }
}
