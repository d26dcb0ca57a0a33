using System.Text;
using Sluice.Access;
using Sluice.Configuration;
using Sluice.Engine;
using Sluice.Formats;
using Sluice.Routing;
using Sluice.Storage;
using Sluice.TestKit;
using Sluice.Wire;

namespace Sluice.Tests.Routing;

/// <summary>A configuration, and what its routes make of requests; nothing is sent.</summary>
internal sealed class RoutingBench : IDisposable
{
    private const string Providers = """
        providers:
          openai: { type: openai, api_key: test }
          anthropic: { type: anthropic, api_key: test }
          local: { type: ollama }

        """;

    private readonly GatewayState _state;
    private readonly TargetSelector _selector = new(new Random(1));

    public RoutingBench(string models)
    {
        var result = ConfigurationLoader.LoadText($"{Providers}models:\n{models}", "test", new ProcessEnvironment());
        _state = new GatewayState(result.Config ?? throw new InvalidOperationException(string.Join('\n', result.Faults)), Time);
    }

    public ManualTime Time { get; } = new();

    /// <summary>A target's state, as calls leave it behind.</summary>
    public TargetState State(string id) => _state.Current.Resolve(id).Value!.Targets[0].State;

    /// <summary>The ids in the order in which they are tried; or the error's sentence.</summary>
    public string Order(CallContext call)
    {
        if (call.Route is null) return call.Error!.Message;
        var selected = _selector.Select(call);
        return selected.Error?.Message ?? string.Join(' ', selected.Targets.Select(t => t.Id));
    }

    public string Order(string model, string text = "Hi", string members = "", string? key = null, params (string Name, string Value)[] headers) =>
        Order(Call(model, text, members, key, headers));

    /// <summary>A Chat Completions call, read and routed.</summary>
    public CallContext Call(string model, string text = "Hi", string members = "", string? key = null, params (string Name, string Value)[] headers) =>
        CallOf($$"""{"model":"{{model}}",{{members}}"messages":[{"role":"user","content":"{{text}}"}]}""", key, headers);

    public CallContext CallOf(string body, string? key = null, params (string Name, string Value)[] headers)
    {
        var inbound = new InboundCall
        {
            Format = WireFormats.Find(WireFormatId.OpenAIChat)!,
            Request = new WireRequest { Body = Encoding.UTF8.GetBytes(body) },
            RequestId = "req_1",
            Headers = new Headers(headers),
            Aborted = CancellationToken.None,
            Caller = key is null ? null : new Caller(new KeyRecord { Id = "key_1", Name = key, Hash = default, CreatedAt = Time.GetUtcNow() }, []),
        };
        var call = new CallContext(inbound, _state.Current, Time.GetTimestamp(), Time.GetUtcNow());
        call.Error = CallEngine.Read(call);
        if (call.Error is not null) call.Route = null;
        return call;
    }

    public void Dispose() => _state.Dispose();

    private sealed class Headers((string Name, string Value)[] headers) : IClientHeaders
    {
        public IEnumerable<KeyValuePair<string, string>> All => headers.Select(h => new KeyValuePair<string, string>(h.Name, h.Value));

        public string? Get(string name) => headers.FirstOrDefault(h => h.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Value;
    }
}
