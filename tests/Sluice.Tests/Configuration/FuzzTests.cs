namespace Sluice.Tests.Configuration;

/// <summary>Broken text gives faults, never an exception.</summary>
public sealed class FuzzTests : IDisposable
{
    private const string Sample = """
        server: { listen: 127.0.0.1:4000, max_request_body: 32MiB }
        defaults:
          timeout: { connect: 5s }
          params:  { temperature: 0.7 }
        providers:
          openai: &p
            api_key: ${KEY:-x}
            headers: { add: { X-Team: search }, allow_only: [] }
          local: { <<: *p, type: ollama, base_url: "http://127.0.0.1:11434" }
        models:
          smart:  { strategy: fallback, targets: [openai/a, { model: local/b, weight: 3 }] }
        transforms:
          - { on: request, regex: { pattern: '\b\d{16}\b', replace: "[card]" } }
          - on: request
            add: { path: "$.metadata", value: { team: search } }
        budgets: { daily: 20.00 }
        """;

    private const string Signs = "{}[]:,#&*!|>'\"%@`-?\t\n \\$~<=0aé\u0000\uE000";
    private readonly ConfigurationFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Load_MutatedText_NeverThrows(int seed)
    {
        var random = new Random(seed);
        for (var round = 0; round < 300; round++)
        {
            var text = Sample.ToList();
            for (var edits = random.Next(1, 5); edits > 0; edits--)
            {
                var at = random.Next(text.Count);
                switch (random.Next(4))
                {
                    case 0: text.RemoveAt(at); break;
                    case 1: text.Insert(at, Signs[random.Next(Signs.Length)]); break;
                    case 2: text[at] = Signs[random.Next(Signs.Length)]; break;
                    default: text.RemoveRange(at, Math.Min(random.Next(40), text.Count - at)); break;
                }
            }

            var yaml = new string([.. text]);
            var result = Should.NotThrow(() => folder.Write("sluice.yaml", yaml).Load(), yaml);
            (result.Config is null).ShouldBe(result.Faults.Count > 0, yaml);
        }
    }
}
