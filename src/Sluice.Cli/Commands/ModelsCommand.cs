using System.CommandLine;
using System.Text.Json;
using Sluice.Cli.Hosting;
using Sluice.Models;
using Sluice.Routing;

namespace Sluice.Cli.Commands;

/// <summary><c>sluice models</c>: what every provider offers, asked live and at the same time.</summary>
internal static class ModelsCommand
{
    public static Command Create()
    {
        var configuration = new ConfigurationOptions();
        var output = new Option<string>("--output", "-o") { Description = "table or json", HelpName = "FORMAT", DefaultValueFactory = _ => "table" };
        output.AcceptOnlyFromAmong("table", "json");
        var command = new Command("models", "List the models of every provider.");
        configuration.AddTo(command);
        command.Options.Add(output);
        command.SetAction(async (parsed, token) =>
        {
            if (configuration.Load(parsed) is not { } config) return ExitCodes.ConfigurationInvalid;
            using var state = new GatewayState(config, TimeProvider.System);
            var lists = await state.Models.ListAsync(state.Current, refresh: true, token);
            if (parsed.GetValue(output) == "json") WriteJson(state.Current, lists);
            else WriteTable(state.Current, lists);
            return lists.Count > 0 && lists.All(l => l.Error is not null) ? ExitCodes.ProviderUnreachable : ExitCodes.Done;
        });
        return command;
    }

    private static void WriteTable(GatewayModel gateway, IReadOnlyList<ProviderModels> lists)
    {
        foreach (var route in gateway.Routes) Console.WriteLine($"{route.Name}  (route: {string.Join(", ", route.Targets.Select(t => t.Id))})");
        foreach (var list in lists)
        {
            foreach (string model in list.Models) Console.WriteLine($"{list.Provider}/{model}");
            if (list.Error is { } error) Console.Error.WriteLine($"{list.Provider}: {error.Message}{(error.Guidance is { } help ? " " + help : "")}");
        }
        if (lists.Count == 0) Console.Error.WriteLine("No provider is configured. Set OPENAI_API_KEY, ANTHROPIC_API_KEY, GEMINI_API_KEY or GROQ_API_KEY, start Ollama, or give --config FILE.");
    }

    private static void WriteJson(GatewayModel gateway, IReadOnlyList<ProviderModels> lists)
    {
        using var stdout = Console.OpenStandardOutput();
        using var w = new Utf8JsonWriter(stdout, new JsonWriterOptions { Indented = true });
        w.WriteStartObject();
        w.WriteStartArray("routes"u8);
        foreach (var route in gateway.Routes)
        {
            w.WriteStartObject();
            w.WriteString("name"u8, route.Name);
            w.WriteStartArray("targets"u8);
            foreach (var target in route.Targets) w.WriteStringValue(target.Id);
            w.WriteEndArray();
            w.WriteEndObject();
        }
        w.WriteEndArray();
        w.WriteStartArray("providers"u8);
        foreach (var list in lists)
        {
            w.WriteStartObject();
            w.WriteString("name"u8, list.Provider);
            w.WriteStartArray("models"u8);
            foreach (string model in list.Models) w.WriteStringValue(model);
            w.WriteEndArray();
            if (list.Error is { } error) w.WriteString("error"u8, error.Message);
            w.WriteEndObject();
        }
        w.WriteEndArray();
        w.WriteEndObject();
        w.Flush();
        stdout.WriteByte((byte)'\n');
    }
}
