using System.Globalization;
using System.Text;
using Sluice.Providers;

namespace Sluice.Configuration.Rendering;

/// <summary>The text of <c>config init</c>: every provider, those whose variable is set switched on, the others as comments.</summary>
internal static class InitialFile
{
    internal static string Write(IEnvironment environment, string schemaPath = "./sluice.schema.json")
    {
        var output = new StringBuilder();
        output.Append(CultureInfo.InvariantCulture, $"# yaml-language-server: $schema={schemaPath}\n");
        output.Append("""
            # Sluice. Every key: docs/configuration.md, or 'sluice config schema'. Check this file: sluice config validate

            server:
              listen: 127.0.0.1:4000                # beyond loopback, clients need keys: sluice keys create

            storage:
              sqlite: ./sluice.db                   # keys, budgets and the record of every call; beside this file

            # A '#' that touches a word switches a setting off: take it away, from all lines of what you want.

            # What every provider and route inherits; these are the built-in values.
            #defaults:
            #  timeout: { connect: 5s, first_token: 60s, idle: 60s, total: 10m }
            #  retry: { max_attempts: 3, base_delay: 500ms, max_delay: 30s }
            #  breaker: { failures: 5, open_for: 30s }
            #  params: { temperature: 0.7 }        # used where the client gives none

            # Clients ask for NAME/model, e.g. openai/gpt-5.4-mini. What is on here is what was found set in this shell;
            # to use another, take its '#' away, from each of its lines, and set the variable that it names.
            providers:

            """);
        var active = Vendors.All.Where(vendor => vendor.Id is not "openai-responses" && KeyVariable(environment, vendor) is not null && HasAddress(environment, vendor)).Select(vendor => vendor.Id).ToHashSet(StringComparer.Ordinal);
        if (active.Count == 0) active.Add("ollama");
        foreach (var vendor in Vendors.All.Where(vendor => vendor.Id is not ("openai-responses" or "openai-compatible" or "anthropic-compatible")))
            AppendProvider(output, vendor, environment, active.Contains(vendor.Id));
        AppendCustom(output);
        AppendRoutes(output, active);
        return output.ToString();
    }

    private static void AppendProvider(StringBuilder output, VendorDescriptor vendor, IEnvironment environment, bool active)
    {
        var mark = active ? "  " : "  #";
        var note = vendor.KeyUrl is { } url && !vendor.KeyOptional ? $"keys: {url}" : vendor.Id == "ollama" ? "local models; start it with 'ollama serve'" : vendor.Name;
        output.Append(CultureInfo.InvariantCulture, $"{mark}{vendor.Id + ":",-32} # {note}\n");
        foreach (var line in Settings(vendor, environment)) output.Append(mark).Append("  ").Append(line).Append('\n');
        output.Append('\n');
    }

    private static IEnumerable<string> Settings(VendorDescriptor vendor, IEnvironment environment) => vendor.Id switch
    {
        "ollama" => ["base_url: http://127.0.0.1:11434"],
        "vllm" => ["base_url: http://127.0.0.1:8000"],
        "azure" => [$"base_url: ${{{vendor.BaseUrlVariables[0]}}}   # https://NAME.openai.azure.com", $"api_key: ${{{vendor.KeyVariables[0]}}}"],
        "vertex" => ["project: my-project", "location: europe-west4", "credentials_file: ./service-account.json"],
        "bedrock" => ["region: eu-central-1                # credentials: the AWS variables, or ~/.aws/credentials"],
        _ => [$"api_key: ${{{KeyVariable(environment, vendor) ?? vendor.KeyVariables[0]}}}"],
    };

    // The wish of two that are one's own: a server in the lab, and a second account at a vendor.
    private static void AppendCustom(StringBuilder output) => output.Append("""
          # Two of your own: any server that speaks OpenAI's or Anthropic's language ...
          #lab:
          #  type: openai-compatible             # or anthropic-compatible
          #  base_url: https://lab.example/v1
          #  api_key: ${LAB_KEY}
          #  auth: { header: X-Lab-Key }         # where the key does not travel as 'Authorization: Bearer'
          #  price: { input: 0.10, output: 0.30 } # USD per million tokens

          # ... and a second account with a cap.
          #openai-research:
          #  type: openai
          #  api_keys: ["${RESEARCH_KEY_A}", "${RESEARCH_KEY_B}"]   # rotated
          #  limits: { rpm: 50, tpm: 100000 }
          #  budget: { daily: 5.00, monthly: 50.00 }                # USD


        """);

    private static void AppendRoutes(StringBuilder output, HashSet<string> active)
    {
        var targets = ExampleModels.Where(model => active.Contains(model.Split('/')[0])).ToList();
        var mark = targets.Count > 1 ? "" : "#";
        if (targets.Count <= 1) targets = [ExampleModels[0], ExampleModels[1]];
        output.Append("# Names of your own that stand for several models; the next is asked where one fails.\n");
        output.Append(CultureInfo.InvariantCulture, $"{mark}models:\n{mark}  smart:\n{mark}    strategy: fallback\n{mark}    targets: [{string.Join(", ", targets)}]\n");
    }

    private static readonly string[] ExampleModels = ["anthropic/claude-sonnet-5", "openai/gpt-5.4", "gemini/gemini-3.5-flash"];

    private static string? KeyVariable(IEnvironment environment, VendorDescriptor vendor) =>
        ProviderTypes.KeyVariables(vendor.Id).FirstOrDefault(name => !string.IsNullOrWhiteSpace(environment.GetVariable(name)));

    private static bool HasAddress(IEnvironment environment, VendorDescriptor vendor) =>
        vendor.BaseUrl is not null || vendor.BaseUrlVariables.Any(name => !string.IsNullOrWhiteSpace(environment.GetVariable(name)));
}
