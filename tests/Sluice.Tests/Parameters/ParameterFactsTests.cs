using System.Text;
using System.Text.Json;
using Sluice.Formats.Json;
using Sluice.Parameters;
using Sluice.TestKit;
using Sluice.Wire;

namespace Sluice.Tests.Parameters;

/// <summary>Holds the rules against what was collected elsewhere: facts of single models, and recorded calls that vendors answered.</summary>
public sealed class ParameterFactsTests
{
    private static readonly string[] Sampling = ["temperature", "top_p", "top_k", "presence_penalty", "frequency_penalty", "logit_bias", "logprobs", "top_logprobs", "stop", "n"];

    private static readonly Dictionary<string, string> Vendors = new()
    {
        ["openai"] = "openai", ["azure-openai"] = "azure", ["anthropic"] = "anthropic", ["google"] = "gemini", ["groq"] = "groq", ["mistral"] = "mistral", ["cohere"] = "cohere",
        ["deepseek"] = "deepseek", ["openrouter"] = "openrouter",
    };

    [Fact]
    public void ForBody_EveryModelOfTheFacts_DropsWhatItRejectsAndNothingElse()
    {
        string file = Path.Combine(RepositoryPaths.Shared, "catalogue", "prices.json");
        if (!File.Exists(file)) Assert.Skip("the collected facts are not beside this checkout");
        var differences = new List<string>();
        foreach (var record in JsonDocument.Parse(File.ReadAllBytes(file)).RootElement.EnumerateArray())
        {
            string provider = record.GetProperty("provider").GetString()!, id = record.GetProperty("id").GetString()!;
            if (provider is not ("openai" or "azure" or "anthropic" or "groq" or "xai" or "perplexity") || record.GetProperty("kind").GetString() != "chat" || !record.TryGetProperty("parameters", out var parameters)) continue;
            // Reasoning may be on by default: with it off, only what is always rejected may go; with it on, both.
            string format = provider == "anthropic" ? "anthropic-messages" : "openai-chat";
            foreach (bool reasoning in (bool[])[false, true])
            {
                var expected = Names(parameters, "rejects").Concat(reasoning ? Names(parameters, "rejects_while_reasoning") : []).Where(n => Sampling.Contains(n)).ToHashSet();
                if (parameters.TryGetProperty("only", out var only) && only.TryGetProperty("n", out _)) expected.Add("n");
                string state = provider == "anthropic" ? $$""","thinking":{"type":"{{(reasoning ? "enabled" : "disabled")}}"}""" : $$""","reasoning_effort":"{{(reasoning ? "high" : "none")}}" """;
                string body = $$"""{"model":"x","temperature":0.3,"top_p":0.2,"top_k":3,"presence_penalty":0.1,"frequency_penalty":0.1,"logit_bias":{"1":1},"logprobs":true,"top_logprobs":2,"stop":["a"],"n":2{{state}}}""";
                var left = Keys(Edited(provider, id, format, body, out _));
                var dropped = Sampling.Where(n => !left.Contains(n)).ToHashSet();
                dropped.Remove("n"); // told of a family, not of single models
                expected.Remove("n");
                // A recorded call to o3-mini with stop sequences was answered.
                if (id == "o3-mini") expected.Remove("stop");
                // One of two is a rule of its own in the facts.
                if (parameters.TryGetProperty("exclusive", out _) && !reasoning) dropped.Remove("top_p");
                if (!dropped.SetEquals(expected)) differences.Add($"{provider}/{id} reasoning={reasoning}: rejects [{string.Join(' ', expected.Order())}], dropped [{string.Join(' ', dropped.Order())}]");
            }
        }
        differences.ShouldBeEmpty(string.Join('\n', differences));
    }

    [Fact]
    public void ForBody_RecordedCallsThatWereAnswered_AreNotTouched()
    {
        if (!RepositoryPaths.HasCorpus) Assert.Skip("the recorded exchanges are not beside this checkout");
        var touched = new List<string>();
        int seen = 0;
        foreach (string format in (string[])["openai-chat", "openai-responses", "anthropic-messages", "gemini-generate", "mistral-chat", "cohere-chat"])
        {
            foreach (var exchange in Corpus.Of(format).Where(e => e.Status == 200 && e.RequestBody is not null && Vendors.ContainsKey(e.Provider)))
            {
                string model = exchange.Model.Length > 0 ? exchange.Model : JsonDocument.Parse(exchange.RequestBody!).RootElement.TryGetProperty("model", out var m) ? m.GetString()! : "";
                seen++;
                string after = Edited(Vendors[exchange.Provider], model, format, exchange.RequestBody!, out var losses);
                if (after != exchange.RequestBody) touched.Add($"{exchange.Id} {model}: {string.Join(", ", losses.Losses.Select(l => l.Path))}");
            }
        }
        seen.ShouldBeGreaterThan(100);
        touched.ShouldBeEmpty(string.Join('\n', touched));
    }

    private static string Edited(string vendor, string model, string format, string body, out LossReport losses)
    {
        var members = JsonMembers.Scan(Encoding.UTF8.GetBytes(body), out _)!;
        var edits = new JsonEdits(members);
        losses = ParameterRules.For(vendor, model).ForBody(new WireFormatId(format)).Apply(members, edits) ?? new LossReport();
        if (edits.IsEmpty) return body;
        var output = new System.Buffers.ArrayBufferWriter<byte>();
        edits.Apply(output);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    private static HashSet<string> Keys(string json) => [.. JsonDocument.Parse(json).RootElement.EnumerateObject().Select(p => p.Name)];

    private static IEnumerable<string> Names(JsonElement json, string list) => json.TryGetProperty(list, out var names) ? names.EnumerateArray().Select(n => n.GetString()!) : [];
}
