using System.Text;
using System.Text.Json;
using Sluice.Configuration;
using Sluice.Engine;
using Sluice.Formats;
using Sluice.Routing;
using Sluice.Wire;

namespace Sluice.RuleBench;

/// <summary>Calls that are read and routed, up to the point where an attempt prepares them.</summary>
internal static class Calls
{
    private const string Provider = """
        providers:
          openai: { type: openai, base_url: "http://127.0.0.1:9/v1", api_key: sk-bench, HEADERS }

        """;

    /// <summary>An attempt of a chat call.</summary>
    /// <param name="body">The body.</param>
    /// <param name="rules">The text under <c>transforms</c>; empty for none.</param>
    /// <param name="headers">Keys of the provider; empty for none.</param>
    public static Attempt Attempt(byte[] body, string rules = "", string headers = "")
    {
        string yaml = Provider.Replace(", HEADERS", headers.Length == 0 ? "" : ", " + headers, StringComparison.Ordinal) + (rules.Length == 0 ? "" : $"transforms:\n{rules}\n");
        var loaded = ConfigurationLoader.LoadText(yaml, "bench", new NoEnvironment());
        var state = new GatewayState(loaded.Config ?? throw new InvalidOperationException(string.Join('\n', loaded.Faults)), TimeProvider.System);
        var inbound = new InboundCall
        {
            Format = WireFormats.Find(WireFormatId.OpenAIChat)!,
            Request = new WireRequest { Path = "/v1/chat/completions", Body = body },
            RequestId = "req_bench",
            Headers = new ClientHeaders(),
            Aborted = CancellationToken.None,
        };
        var call = new CallContext(inbound, state.Current, 0, default);
        if (CallEngine.Read(call) is { } error) throw new InvalidOperationException(error.Message);
        return new Attempt(new CallFlow(call, new ShadowSink(new CancellationTokenSource()), CancellationToken.None), call.Route!.Targets[0]);
    }

    /// <summary>A chat request of about a size, in messages of one kilobyte.</summary>
    public static byte[] Body(int size)
    {
        string text = string.Concat(Enumerable.Repeat("The quick brown fox jumps over the lazy dog 12345. ", 20));
        var messages = Enumerable.Range(0, Math.Max(1, size / 1024)).Select(i => new { role = i % 2 == 0 ? "user" : "assistant", content = text });
        return Encoding.UTF8.GetBytes(JsonSerializer.Serialize(new { model = "openai/gpt-bench", temperature = 1, messages }));
    }

    private sealed class NoEnvironment : IEnvironment
    {
        public IReadOnlyDictionary<string, string> Variables { get; } = new Dictionary<string, string>();

        public string WorkingDirectory => Path.GetTempPath();
    }

    private sealed class ClientHeaders : IClientHeaders
    {
        private static readonly KeyValuePair<string, string>[] Sent =
        [
            new("Host", "gateway"), new("User-Agent", "OpenAI/Python 2.1"), new("Accept", "application/json"), new("X-Trace-Id", "7"), new("X-Stainless-Lang", "python"), new("X-Stainless-OS", "Linux"), new("Authorization", "Bearer none"),
        ];

        public IEnumerable<KeyValuePair<string, string>> All => Sent;

        public string? Get(string name) => Sent.FirstOrDefault(h => h.Key.Equals(name, StringComparison.OrdinalIgnoreCase)).Value;
    }
}
