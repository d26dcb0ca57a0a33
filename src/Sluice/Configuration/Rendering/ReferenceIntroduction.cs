using Sluice.Providers;

namespace Sluice.Configuration.Rendering;

/// <summary>The first part of <c>docs/configuration.md</c>: what holds for every key.</summary>
internal static class ReferenceIntroduction
{
    internal static string Text { get; } = $$"""
        # Configuration

        <!-- Written from src/Sluice/Configuration/Schema; a test compares. Change the schema, then run the tests with SLUICE_WRITE_GENERATED=1. -->

        One YAML file, or a directory of them. `sluice config init` writes a commented one, `sluice config validate` checks it,
        `sluice config show --origin` prints what is in force and where each value came from. `sluice config schema` prints the JSON Schema
        that editors use; the line `# yaml-language-server: $schema=...` at the top of a file names it.

        ## Where it is found

        The first of these: `--config FILE` (or a directory), `--config-dir DIR`, the variable `SLUICE_CONFIG`, `./sluice.yaml`,
        `./config/llms/default-llms.yaml`. With none of them Sluice makes a provider for each well-known variable that is set
        ({{string.Join(", ", ProviderTypes.Discovered.Select(type => "`" + ProviderTypes.KeyVariables(type)[0] + "`"))}}), honours their
        addresses (`OPENAI_BASE_URL` and its like; `AZURE_OPENAI_ENDPOINT` is needed), and looks for Ollama at `OLLAMA_HOST` or 127.0.0.1:11434.

        ## Layers

        The stronger wins: built-in defaults < the base file < the profile < `SLUICE__` variables < the command line.

        - **Profile**: `--profile NAME` (or `--llm-config NAME`) lays `NAME.yaml` of the same directory over `default-llms.yaml`.
        - **`extends: OTHER.yaml`** lays a file over another; the path is relative to the file.
        - Maps merge key by key at every depth; lists and single values are replaced whole. A key with nothing after it changes nothing.
          Of keys that exclude each other (`api_key`, `api_keys`, `api_key_file`) the stronger layer's one replaces the other.
        - **`SLUICE__server__listen=0.0.0.0:4000`** sets one key; two underscores stand between its parts, capitals do not matter, and `_` stands for
          `-` and `.` in names. Lists and maps are written as `[a, b]` and `{ a: 1 }`; everything else is taken as it is.

        ## Values

        - **Variables**: `${NAME}` stands anywhere in a value, `${NAME:-default}` gives one that is not set or empty something else, `$${` is `${` itself.
          A variable that is not set is an error. A value that becomes empty by `${NAME:-}` counts as not written.
        - **Durations** have a unit: `500ms`, `30s`, `10m`, `1h30m`, `7d`. **Sizes** too: `32MiB`, `10MB`, `512B`.
        - Numbers and truth values stand without quotes; names, keys and model ids may have them.
        - **Secrets** are never shown. `api_key_file` reads one from its own file (mounted secrets), and a new content is taken up without a restart.
        - Relative paths start at the file that they stand in; those in variables and on the command line at the working directory.
        - Anchors and `<<` merges are understood. A file has at most 1 MiB and 64 levels; a key may not stand twice.

        ## Inheritance

        `defaults` are inherited by every provider and route; a provider's settings by its targets; a route's `timeout`, `retry`, `params` and `strict` by its
        targets too. What is nearest wins: target, route, provider, `defaults`. Within `timeout`, `retry`, `breaker` and `limits` each key is inherited alone.
        Header rules add up: lists are joined, a header of the nearer level wins, the nearest `allow_only` stands alone.

        ## Changes

        A running gateway compares its files every second, and at SIGHUP. A valid configuration takes effect for new calls, whole; a bad one is reported and the
        one in force stays. `server.listen`, `server.https`, `admin.listen` and `storage` need a restart.

        ## Provider types

        | type | vendor | address | key variable |
        | --- | --- | --- | --- |
        {{string.Join("\n", Vendors.All.Select(Row))}}

        """ + "\n";

    private static string Row(VendorDescriptor vendor)
    {
        var variables = string.Join(", ", vendor.KeyVariables.Select(name => $"`{name}`"));
        return $"| `{vendor.Id}` | {vendor.Name} | {(vendor.BaseUrl is { } url ? $"`{url}`" : "`base_url` is needed")} | {variables} |";
    }
}
