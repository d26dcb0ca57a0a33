using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Sluice.Chat;
using Sluice.Configuration;
using Sluice.Engine;
using Sluice.Errors;
using Sluice.Routing;
using Sluice.Streaming;

namespace Sluice.Client;

/// <summary>Calls models from code, by the same engine as the gateway. Thread-safe; make one and keep it.</summary>
public sealed class LlmClient : IDisposable
{
    private const int MaxWaitingEvents = 1024;
    private readonly SluiceRuntime _runtime;
    private readonly bool _isOwner;

    /// <summary>Makes a client of its own from a configuration that needs no store. With one: <see cref="SluiceRuntime.Client"/>.</summary>
    /// <exception cref="ArgumentException">The configuration has budgets.</exception>
    public LlmClient(SluiceConfig config)
        : this(new SluiceRuntime(config)) => _isOwner = true;

    internal LlmClient(SluiceRuntime runtime) => _runtime = runtime;

    /// <summary>The providers, routes and model lists that this client uses.</summary>
    public GatewayState State => _runtime.State;

    /// <summary>Asks for a whole answer.</summary>
    /// <param name="request">The request; <see cref="ChatRequest.Model"/> is a route, a <c>provider/model</c> or a bare model name.</param>
    /// <param name="cancellationToken">Gives up; the upstream call is cancelled.</param>
    /// <exception cref="SluiceException">The call failed; the error says why.</exception>
    /// <exception cref="OperationCanceledException">It was given up.</exception>
    public async Task<ChatResponse> CompleteAsync(ChatRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        var format = new DirectFormat(request with { Stream = false });
        await _runtime.Engine.RunAsync(Inbound(format, cancellationToken), new EventSink(format, null)).ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
        return format.Response ?? throw new SluiceException(format.Error ?? new GatewayError(ErrorKind.Internal, "the call ended without an answer"));
    }

    /// <summary>Asks for a streamed answer. Enumerate it once; leaving early cancels the upstream call.</summary>
    /// <param name="request">The request.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="SluiceException">The call failed before the first event, or broke off.</exception>
    public async IAsyncEnumerable<StreamEvent> StreamAsync(ChatRequest request, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var format = new DirectFormat(request with { Stream = true });
        var events = Channel.CreateBounded<StreamEvent>(new BoundedChannelOptions(MaxWaitingEvents) { SingleReader = true, SingleWriter = true });
        var run = RunAsync(format, events.Writer, stop.Token);
        try
        {
            await foreach (var next in events.Reader.ReadAllAsync(cancellationToken).ConfigureAwait(false))
            {
                if (next is StreamFailed failed) throw new SluiceException(failed.Error);
                yield return next;
            }
        }
        finally
        {
            await stop.CancelAsync().ConfigureAwait(false);
            await run.ConfigureAwait(false);
        }
        cancellationToken.ThrowIfCancellationRequested();
        if (format.Error is { } error) throw new SluiceException(error);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_isOwner) _runtime.State.Dispose();
    }

    private async Task RunAsync(DirectFormat format, ChannelWriter<StreamEvent> events, CancellationToken cancellationToken)
    {
        try
        {
            await _runtime.Engine.RunAsync(Inbound(format, cancellationToken), new EventSink(format, events)).ConfigureAwait(false);
        }
        finally
        {
            events.TryComplete();
        }
    }

    private InboundCall Inbound(DirectFormat format, CancellationToken cancellationToken) => new()
    {
        Format = format,
        Request = DirectFormat.EmptyRequest,
        RequestId = _runtime.Engine.NextRequestId(),
        Headers = NoHeaders.Instance,
        Aborted = cancellationToken,
    };

    private sealed class NoHeaders : IClientHeaders
    {
        public static NoHeaders Instance { get; } = new();

        public IEnumerable<KeyValuePair<string, string>> All => [];

        public string? Get(string name) => null;
    }
}
