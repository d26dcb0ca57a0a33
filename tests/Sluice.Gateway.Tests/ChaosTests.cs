using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using Sluice.Configuration;
using Sluice.Gateway.Hosting;
using Sluice.Simulator;
using static Sluice.Gateway.Tests.SimulatedGateway;

namespace Sluice.Gateway.Tests;

/// <summary>
/// Two targets, both failing in three calls of ten in every way that the simulator knows: until the first content clients see next to nothing of it, nothing
/// hangs, and nothing stays taken. Longer with <c>SLUICE_CHAOS_CALLS=100000</c>, with other chance by <c>SLUICE_CHAOS_SEED=7</c>.
/// </summary>
public sealed class ChaosTests
{
    private const int Parallel = 48;
    private static readonly int Calls = Number("SLUICE_CHAOS_CALLS", 2000);
    private static readonly int Seed = Number("SLUICE_CHAOS_SEED", 20261121);
    private static readonly TimeSpan Hang = TimeSpan.FromSeconds(150);

    private const string Settings = """
        server: { listen: "127.0.0.1:0" }
        defaults:
          timeout: { connect: 20s, first_token: 3s, idle: 20s, total: 120s }
          retry: { max_attempts: 4, base_delay: 2ms, max_delay: 20ms }
          breaker: { failures: 12, open_for: 100ms }
          limits: { rpm: 10000000, tpm: 10000000000, concurrency: 40 }
          wait: true
        providers:
          a: { type: openai, base_url: "URL/openai/v1", api_keys: [one, two, three], formats: [openai-chat, openai-responses] }
          b: { type: anthropic, base_url: "URL/anthropic", api_key: test }
        models:
          r: { strategy: round_robin, targets: [a/large, b/large], limits: { concurrency: 1000 } }
        """;

    [Fact]
    public async Task ThreeFaultsInTenCalls_ReachNextToNoClient_AndLeaveNothingBehind()
    {
        await using var simulator = await SimulatorServer.StartAsync(new SimulatorOptions());
        string yaml = Settings.Replace("URL", simulator.BaseAddress.GetLeftPart(UriPartial.Authority), StringComparison.Ordinal);
        var gateway = await GatewayHost.StartAsync(ConfigurationLoader.LoadText(yaml, "test", new ProcessEnvironment()).Config!);
        using var client = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = Parallel }) { BaseAddress = gateway.Address, Timeout = Hang };
        simulator.ScriptAtRandom("openai", 0.3, Seed, [.. Faults, .. OfKeys]);
        simulator.ScriptAtRandom("anthropic", 0.3, Seed + 1, Faults);
        var outcomes = new ConcurrentBag<Outcome>();
        int next = 0;

        await Task.WhenAll(Enumerable.Range(0, Parallel).Select(_ => Task.Run(async () =>
        {
            int number;
            while ((number = Interlocked.Increment(ref next)) <= Calls) outcomes.Add(await CallAsync(client, number));
        })));
        simulator.ResetFaults();

        var failed = outcomes.Where(o => o.Kind == OutcomeKind.Failed).ToArray();
        TestContext.Current.TestOutputHelper!.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Calls} calls, seed {Seed}: {outcomes.Count(o => o.Attempts > 1)} needed more than one attempt, {failed.Length} failed before content ({(double)failed.Length / Calls:P3}), {outcomes.Count(o => o.Kind == OutcomeKind.BrokenLater)} streams broke later and said so, {outcomes.Count(o => o.Kind == OutcomeKind.Hung)} hung"));
        outcomes.Count(o => o.Kind == OutcomeKind.Hung).ShouldBe(0);
        outcomes.Where(o => o.Kind == OutcomeKind.Illegal).Select(o => o.Text).ShouldBeEmpty();
        outcomes.Count(o => o.Attempts > 1).ShouldBeGreaterThan(Calls / 10, "the faults did strike");
        failed.Length.ShouldBeLessThanOrEqualTo(Math.Max(2, Calls / 1000), string.Join('\n', failed.Take(5).Select(f => f.Text)));
        await NothingIsLeftAsync(gateway, simulator);
        await gateway.StopAsync().WaitAsync(Hang, TestContext.Current.CancellationToken);
        await gateway.DisposeAsync();
    }

    private static Fault[] Faults { get; } =
    [
        Fault.WithStatus(500), Fault.WithStatus(502), Fault.WithStatus(503), Fault.WithStatus(529), Fault.WithStatus(408), Fault.WithStatus(504),
        new Fault { Kind = FaultKind.Status, Status = 429, RetryAfterMs = 5 },
        Fault.StallBeforeHeaders(TimeSpan.FromMinutes(5)), Fault.ResetAt(0), Fault.CloseAt(0), Fault.ResetAt(300), Fault.CloseAt(900), Fault.ErrorAt(0), Fault.ErrorAt(3),
        new Fault { Kind = FaultKind.Malformed }, new Fault { Kind = FaultKind.Slow, Duration = TimeSpan.FromMilliseconds(5) }, new Fault { Kind = FaultKind.WrongContentType, ContentType = "text/html" },
        new Fault { Kind = FaultKind.Empty }, new Fault { Kind = FaultKind.NotJson }, new Fault { Kind = FaultKind.Truncated }, new Fault { Kind = FaultKind.HugeLine, Bytes = 200_000 },
    ];

    // A key that is refused now and then: the provider has others, and another target.
    private static Fault[] OfKeys { get; } = [Fault.WithStatus(401), Fault.WithStatus(403), Fault.WithStatus(429, code: "quota")];

    private static async Task<Outcome> CallAsync(HttpClient client, int number)
    {
        string dialect = Dialects.ElementAt(number % 5);
        bool stream = number / 5 % 2 == 0;
        var (path, body) = Ask(dialect, "r", $"Say something about number {number}", stream);
        try
        {
            using var answer = await client.PostAsync(path, new StringContent(body, Encoding.UTF8, "application/json"));
            int attempts = int.Parse(Header(answer, "x-sluice-attempts") ?? "0", CultureInfo.InvariantCulture);
            string text = await answer.Content.ReadAsStringAsync();
            if (answer.StatusCode != HttpStatusCode.OK) return new Outcome(OutcomeKind.Failed, attempts, $"{dialect}: {(int)answer.StatusCode} {text}");
            if (!stream)
            {
                using var json = JsonDocument.Parse(text);
                return new Outcome(OutcomeKind.Good, attempts, "");
            }
            if (IsEnded(dialect, text)) return new Outcome(OutcomeKind.Good, attempts, "");
            return new Outcome(text.Contains("error", StringComparison.Ordinal) ? OutcomeKind.BrokenLater : OutcomeKind.Illegal, attempts, $"{dialect}: {text}");
        }
        catch (OperationCanceledException)
        {
            return new Outcome(OutcomeKind.Hung, 0, dialect);
        }
        catch (Exception e) when (e is HttpRequestException or IOException or JsonException)
        {
            return new Outcome(OutcomeKind.Illegal, 0, $"{dialect}, stream {stream}: {e}");
        }
    }

    private static bool IsEnded(string dialect, string text) => dialect switch
    {
        "openai-chat" => text.Contains("[DONE]", StringComparison.Ordinal),
        "openai-responses" => text.Contains("response.completed", StringComparison.Ordinal),
        "anthropic-messages" => text.Contains("message_stop", StringComparison.Ordinal),
        "gemini-generate" => text.Contains("\"finishReason\"", StringComparison.Ordinal),
        _ => text.Contains("\"done\":true", StringComparison.Ordinal),
    };

    // What ends with a call ends a moment after its last byte.
    private static async Task NothingIsLeftAsync(GatewayHost gateway, SimulatorServer simulator)
    {
        string left = "";
        for (int i = 0; i < 400; i++)
        {
            var targets = gateway.State.Targets.Select(t => (t.Key, Value: (long)t.Value.Busy + t.Value.Limiter.Busy + t.Value.Limiter.Waiting));
            var providers = gateway.State.Current.Providers.Select(p => (p.Name, Value: (long)p.State.Limiter.Busy + p.State.Limiter.Waiting));
            left = simulator.Requests.Open > 0 ? $"{simulator.Requests.Open} open upstream" : string.Join(", ", targets.Concat(providers).Where(t => t.Value != 0));
            if (left.Length == 0) return;
            await Task.Delay(25, TestContext.Current.CancellationToken);
        }
        left.ShouldBeEmpty();
    }

    private static int Number(string variable, int otherwise) => int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out int number) ? number : otherwise;

    private enum OutcomeKind
    {
        Good,
        Failed,
        BrokenLater,
        Hung,
        Illegal,
    }

    private sealed record Outcome(OutcomeKind Kind, int Attempts, string Text);
}
