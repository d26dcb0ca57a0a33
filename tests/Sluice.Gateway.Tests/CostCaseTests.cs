using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using Sluice.Gateway.Hosting;
using Sluice.Pricing;
using Sluice.Storage;
using static Sluice.Gateway.Tests.SimulatedGateway;

namespace Sluice.Gateway.Tests;

/// <summary>
/// The golden cost cases through the whole gateway: a provider answers each case in its own wire format, whole and streamed, to a client that speaks that
/// format and to one that speaks another, and the header, the ledger and the report of spending tell the exact amount.
/// </summary>
public sealed partial class CostCaseTests(CostCaseTests.Site site) : IClassFixture<CostCaseTests.Site>
{
    // No call of the gateway leads there: sockets (realtime), ranking, Claude on Vertex.
    private static readonly string[] Unreachable = ["c030", "c058", "c078"];

    public static IEnumerable<TheoryDataRow<string, bool, bool>> Calls() =>
        from golden in CostCase.All
        where !Unreachable.Contains(golden.Id)
        let isChat = !golden.Format.Contains("embed", StringComparison.Ordinal) && !golden.Model.Contains("embed", StringComparison.Ordinal)
        from translated in golden.Format == "cohere.v2" ? [true] : isChat ? (bool[])[false, true] : [false]
        from stream in isChat ? (bool[])[false, true] : [false]
        select new TheoryDataRow<string, bool, bool>(golden.Id, translated, stream);

    [Theory(SkipTestWithoutData = true)]
    [MemberData(nameof(Calls))]
    public async Task Call_CostsExactlyWhatTheCaseSays(string id, bool translated, bool stream)
    {
        var golden = CostCase.All.Single(c => c.Id == id);
        site.Clock.Now = golden.At;
        var (path, body) = Request(golden, translated, stream);

        using var answer = await site.Fake.Client.PostAsync(path, new StringContent(body, Encoding.UTF8, "application/json"), TestContext.Current.CancellationToken);

        string text = await TextAsync(answer);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, text);
        var entry = (await site.Store.EntriesAsync()).Single(e => e.Id == Header(answer, "x-request-id"));
        (entry.CostUsd is { } usd ? Money.Text(usd) : null).ShouldBe(golden.Expected, entry.Price);
        if (!stream) Header(answer, "x-sluice-cost-usd").ShouldBe(golden.Expected);
        (entry.Estimated, entry.StartedAt).ShouldBe((false, golden.At));
    }

    [Fact]
    public async Task Spend_IsTheSumOfTheCases()
    {
        if (CostCase.All.Count == 0) Assert.Skip("the golden cases are not beside this checkout");
        await using var own = new Site();
        await own.InitializeAsync();
        var cases = CostCase.All.Where(c => !Unreachable.Contains(c.Id)).ToList();
        foreach (var golden in cases)
        {
            own.Clock.Now = golden.At;
            var (path, body) = Request(golden, golden.Format == "cohere.v2", stream: false);
            using var answer = await own.Fake.Client.PostAsync(path, new StringContent(body, Encoding.UTF8, "application/json"), TestContext.Current.CancellationToken);
        }

        var report = await own.Store.SpendAsync(new SpendQuery(new LedgerFilter(), SpendBy.Provider), TestContext.Current.CancellationToken);

        report.Value!.Total.CostUsd.ShouldBe(cases.Sum(c => c.Expected is null ? 0 : decimal.Parse(c.Expected)));
        report.Value.Total.UnknownCosts.ShouldBe(cases.Count(c => c.Expected is null));
        foreach (var group in report.Value.Groups)
        {
            group.Sum.CostUsd.ShouldBe(cases.Where(c => Provider(c) == group.Key).Sum(c => c.Expected is null ? 0 : decimal.Parse(c.Expected)), group.Key);
        }
    }

    private static string Provider(CostCase golden) => golden.Format == "openai.responses" ? "responses" : golden.Provider;

    // The text of the request says which case is asked for.
    private static (string Path, string Body) Request(CostCase golden, bool translated, bool stream)
    {
        string model = $"{Provider(golden)}/{golden.Model}";
        string ask = $"case {golden.Id}";
        bool isVector = golden.Format == "openai.embeddings" || golden.Model.Contains("embedding", StringComparison.Ordinal);
        if (isVector)
        {
            return golden.Format == "gemini.generateContent"
                ? ($"/v1beta/models/{Uri.EscapeDataString(model)}:embedContent", $$$"""{"content":{"parts":[{"text":"{{{ask}}}"}]}}""")
                : ("/v1/embeddings", $$"""{"model":"{{model}}","input":"{{ask}}"}""");
        }
        string own = golden.Format switch
        {
            "openai.responses" => "openai-responses",
            "anthropic.messages" => "anthropic-messages",
            "gemini.generateContent" => "gemini-generate",
            "ollama.chat" => "ollama-chat",
            _ => "openai-chat",
        };
        string client = !translated ? own : own == "anthropic-messages" || golden.Format is "cohere.v2" or "ollama.chat" or "gemini.generateContent" or "openai.responses" ? "openai-chat" : "anthropic-messages";
        return Ask(client, client == "gemini-generate" ? Uri.EscapeDataString(model) : model, ask, stream);
    }

    /// <summary>A gateway with every provider of the cases, all of them the same server.</summary>
    public sealed partial class Site : IAsyncLifetime
    {
        internal FaultyStore Store { get; } = new();

        internal SettableClock Clock { get; } = new();

        internal FakeUpstream Fake { get; private set; } = null!;

        public async ValueTask InitializeAsync()
        {
            Fake = await FakeUpstream.StartAsync(request =>
            {
                var golden = CostCase.All.Single(c => c.Id == Asked().Match(request.Text).Groups[1].Value);
                return CostCaseAnswers.Of(golden, request.Text.Contains("\"stream\":true", StringComparison.Ordinal) || request.Target.Contains("streamGenerateContent", StringComparison.Ordinal));
            });
            await Fake.GatewayAsync(
                """
                defaults: { retry: { max_attempts: 1 } }
                providers:
                  openai: { base_url: "URL/v1", api_key: k }
                  responses: { type: openai-responses, base_url: "URL/v1", api_key: k }
                  anthropic: { base_url: "URL", api_key: k }
                  google: { type: gemini, base_url: "URL", api_key: k }
                  azure: { base_url: "URL", api_key: k }
                  groq: { base_url: "URL/v1", api_key: k }
                  mistral: { base_url: "URL/v1", api_key: k }
                  cohere: { base_url: "URL", api_key: k }
                  xai: { base_url: "URL/v1", api_key: k }
                  deepseek: { base_url: "URL", api_key: k }
                  perplexity: { base_url: "URL", api_key: k }
                  openrouter: { base_url: "URL/v1", api_key: k }
                  together: { base_url: "URL/v1", api_key: k }
                  fireworks: { base_url: "URL/v1", api_key: k }
                  ollama: { base_url: "URL" }
                  vllm: { base_url: "URL/v1" }
                  nosuchprovider: { type: openai-compatible, base_url: "URL/v1", api_key: k }
                """,
                new GatewayHostOptions { Store = Store, Time = Clock });
        }

        public async ValueTask DisposeAsync()
        {
            await Fake.DisposeAsync();
            await Store.DisposeAsync();
        }

        [GeneratedRegex("case (c[0-9]+)")]
        private static partial Regex Asked();
    }
}
