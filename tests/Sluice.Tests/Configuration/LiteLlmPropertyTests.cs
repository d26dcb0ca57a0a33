using System.Globalization;
using System.Text;
using Sluice.Configuration;
using Sluice.Configuration.Importing;

namespace Sluice.Tests.Configuration;

/// <summary>Files made by chance: whatever stands in them, the result is a configuration that starts, and every deployment is usable or named as left out.</summary>
public sealed class LiteLlmPropertyTests
{
    private const int Files = 400;

    private static readonly string[] Names = ["a", "b", "c", "A", "my model", " b", "openai/gpt", "azure/m0", "openai/m1", "groq/m2", "*", "openai/*", "eu/*", "claude-*", "os.environ/NAME", "os.environ/NOT_SET", "a-pool", "x/y/z", "*-*", "custom/m3"];

    private static readonly string[] Prefixes =
    [
        "openai/", "azure/", "azure/responses/", "anthropic/", "gemini/", "vertex_ai/", "vertex_ai/claude-", "bedrock/", "bedrock/converse/", "bedrock/us-east-1/", "ollama_chat/", "hosted_vllm/", "groq/", "nvidia_nim/meta/",
        "together_ai/", "replicate/", "nobody/", "openrouter/anthropic/", "gpt-", "claude-", "huggingface/", "azure_ai/", "litellm_proxy/", "", "text-completion-openai/", "watsonx/", "cohere/", "perplexity/", "custom_openai/",
    ];

    private static readonly string[] Parameters =
    [
        "api_key: os.environ/KEY", "api_key: sk-1234", "api_key: \"\"", "api_key: \" a\"", "api_key: os.environ/A-B", "api_base: \"https://x.openai.azure.com/\"", "api_base: \"http://gpu:8000/v1\"", "api_base: os.environ/BASE", "api_base: gpu:8000",
        "api_base: \"nonsense://\"", "api_base: \"http://u:p@h/v1\"", "api_version: \"2024-10-21\"", "rpm: 0", "rpm: 60", "rpm: 1.5", "rpm: os.environ/RPM", "tpm: 99999999999999", "weight: 0.5", "weight: -1", "weight: 3", "order: 1", "order: 2", "timeout: 0", "timeout: 600",
        "timeout: 1e12", "stream_timeout: 0.0001", "max_retries: 0", "max_retries: 99", "max_retries: -3", "max_parallel_requests: 5000000", "input_cost_per_token: 0.000001", "output_cost_per_token: 0.000002", "input_cost_per_token: -1", "output_cost_per_token: 1e9",
        "temperature: 0.5", "temperature: warm", "ssl_verify: false", "extra_headers: { X-A: b, Host: c, \"bad name\": d, X-L: [1] }", "extra_body: { a: { b: [1] } }", "custom_llm_provider: openai", "custom_llm_provider: nobody", "organization: org",
        "vertex_project: p", "vertex_credentials: \"{}\"", "vertex_credentials: /no/such.json", "aws_region_name: eu-central-1", "aws_profile_name: nobody", "aws_access_key_id: AKIA", "tags: [x]", "litellm_credential_name: cred", "litellm_credential_name: none", "model_info: 5",
    ];

    private static readonly string[] Infos = ["mode: chat", "mode: embedding", "mode: image_generation", "base_model: azure/gpt-4o", "base_model: gpt-4o", "input_cost_per_token: 1e-6", "output_cost_per_token: 2e-6", "id: 1", "supports_vision: true", "team: x", "max_tokens: 5"];

    private static readonly string[] Settings =
    [
        "num_retries: 3", "num_retries: 100", "timeout: 30", "allowed_fails: 0", "cooldown_time: 0.01", "cooldown_time: 1e9", "retry_after: 90", "routing_strategy: least-busy", "routing_strategy: latency-based-routing", "routing_strategy: odd", "fallbacks: []", "fallbacks: odd",
        "default_fallbacks: [c, nowhere]", "model_group_alias: { alias: a, b: a, \"x y\": { model: b, hidden: true }, openai/m1: c, \"al*\": a }", "drop_params: false", "max_budget: 5", "max_budget: 0", "budget_duration: 3d", "cache: true", "set_verbose: true", "request_timeout: 5",
    ];

    [Fact]
    public void Convert_AnyFile_GivesAConfigurationThatStarts()
    {
        var environment = new Named();
        for (var seed = 0; seed < Files; seed++)
        {
            var random = new Random(seed);
            var deployments = new List<string>();
            var yaml = Make(random, deployments);
            var result = LiteLlmImport.Convert(yaml, "f", environment);

            result.Faults.ShouldBeEmpty($"seed {seed}\n{yaml}");
            result.Remaining.ShouldBeEmpty($"seed {seed}\n{yaml}\n{result.Yaml}");
            for (var i = 0; i < deployments.Count; i++)
            {
                var place = string.Create(CultureInfo.InvariantCulture, $"model_list[{i}].");
                if (result.Notes.Any(note => note.Key.StartsWith(place, StringComparison.Ordinal) && note.What.Contains("entry is left out", StringComparison.Ordinal) || note.Key == place + "litellm_params.model" && note.What.Contains("needs no route", StringComparison.Ordinal))) continue;
                IsUsable(result.Yaml!, deployments[i], i).ShouldBeTrue($"seed {seed}: {deployments[i]} ({i})\n{yaml}\n{result.Yaml}");
            }
        }
    }

    // Its route leads to a target with its number, through other routes too; or it is asked for as provider/model.
    private static bool IsUsable(string yaml, string name, int number)
    {
        var config = ImportCheck.Load(yaml, "result").Config.ShouldNotBeNull();
        if (!config.Routes.TryGetValue(name, out var route)) return name.Contains('/', StringComparison.Ordinal) && config.Providers.ContainsKey(name[..name.IndexOf('/', StringComparison.Ordinal)]);
        var mark = string.Create(CultureInfo.InvariantCulture, $"m{number}");
        return Leaves(route).Any(target => IsMarked(target.ModelName!) || IsMarked(config.Providers[target.Provider!].Deployments.GetValueOrDefault(target.ModelName!, "")));

        bool IsMarked(string model) => model.EndsWith(mark, StringComparison.Ordinal) || model.EndsWith(mark + "*", StringComparison.Ordinal);

        IEnumerable<TargetConfig> Leaves(RouteConfig from) => from.Targets.SelectMany(target => target.Route is { } inner ? Leaves(config.Routes[inner]) : [target]);
    }

    private static string Make(Random random, List<string> deployments)
    {
        var yaml = new StringBuilder("credential_list: [{ credential_name: cred, credential_values: { api_key: os.environ/CRED, api_base: \"https://c.example/v1\" } }]\nmodel_list:\n");
        var count = random.Next(1, 7);
        for (var i = 0; i < count; i++)
        {
            var name = Pick(random, Names);
            var star = name.Contains('*', StringComparison.Ordinal) && random.Next(4) > 0 ? "*" : "";
            var model = string.Create(CultureInfo.InvariantCulture, $"{Pick(random, Prefixes)}m{i}{star}");
            yaml.Append(CultureInfo.InvariantCulture, $"  - model_name: \"{name}\"\n    litellm_params: {{ model: \"{model}\"{Some(random, Parameters)} }}\n    model_info: {{ x: 1{Some(random, Infos)} }}\n");
            deployments.Add(name == "os.environ/NAME" ? "named" : name.Trim());
        }

        foreach (var section in (string[])["router_settings", "litellm_settings"])
        {
            var fallbacks = string.Join(", ", Enumerable.Range(0, random.Next(4)).Select(_ => $"{{ \"{Pick(random, Names)}\": [\"{Pick(random, Names)}\", \"{Pick(random, Names)}\", \"openai/other\"] }}"));
            var kind = Pick(random, ["fallbacks", "context_window_fallbacks", "content_policy_fallbacks"]);
            yaml.Append(CultureInfo.InvariantCulture, $"{section}: {{ {kind}: [{fallbacks}]{Some(random, Settings, but: kind)} }}\n");
        }

        if (random.Next(2) == 0) yaml.Append("general_settings: { master_key: os.environ/MASTER, database_url: os.environ/DB }\n");
        return yaml.ToString();
    }

    // Each key once, as YAML wants it.
    private static string Some(Random random, string[] parts, string but = "") =>
        string.Concat(Enumerable.Range(0, random.Next(6)).Select(_ => Pick(random, parts)).DistinctBy(Key).Where(part => Key(part) != but).Select(part => ", " + part));

    private static string Key(string part) => part[..part.IndexOf(':', StringComparison.Ordinal)];

    private static string Pick(Random random, string[] from) => from[random.Next(from.Length)];

    private sealed class Named : IEnvironment
    {
        public IReadOnlyDictionary<string, string> Variables { get; } = new Dictionary<string, string> { ["NAME"] = "named" };

        public string WorkingDirectory => Path.GetTempPath();
    }
}
