using System.CommandLine;
using Sluice.Catalog;
using Sluice.Cli.Output;

namespace Sluice.Cli.Commands;

/// <summary><c>sluice catalog import</c>: LiteLLM's price file as a catalogue file.</summary>
internal static class CatalogImportCommand
{
    public static Command Create()
    {
        var file = new Argument<string>("FILE") { Description = "LiteLLM's model_prices_and_context_window.json" };
        var provider = new Option<string?>("--provider", "-p") { Description = "Take this provider's models alone", HelpName = "NAME" };
        var target = new Option<string?>("--write", "-w") { Description = "Write to this file in place of the standard output; overwrites nothing", HelpName = "PATH" };
        var command = new Command("import", "Turn LiteLLM's price file into a catalogue file (for catalog.files or --catalog); what has no counterpart is reported.")
            .WithExamples("sluice catalog import model_prices_and_context_window.json --provider bedrock --write prices.json");
        command.Arguments.Add(file);
        command.Options.Add(provider);
        command.Options.Add(target);
        command.SetAction(parsed =>
        {
            var writer = parsed.InvocationConfiguration;
            if (CatalogFile.Read(parsed.GetValue(file)!, ModelCatalog.Embedded, parsed.GetValue(provider), writer.Error, out int code) is not { } read) return code;
            if (!read.IsForeign)
            {
                writer.Error.WriteLine($"sluice: {parsed.GetValue(file)} is a catalogue file already; name it under catalog.files or by --catalog");
                return ExitCodes.Failed;
            }
            foreach (string note in read.Notes) writer.Error.WriteLine(note);
            if (parsed.GetValue(target) is not { } path)
            {
                writer.Output.WriteLine(read.Text);
                return ExitCodes.Done;
            }
            try
            {
                using var output = new StreamWriter(new FileStream(path, FileMode.CreateNew));
                output.WriteLine(read.Text);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                writer.Error.WriteLine($"sluice: cannot write {path}: {e.Message}");
                return ExitCodes.Failed;
            }
            writer.Error.WriteLine($"Wrote {read.Models.Count} models to {path}. Use them: catalog: {{ files: [{path}] }}");
            return ExitCodes.Done;
        });
        return command;
    }
}
