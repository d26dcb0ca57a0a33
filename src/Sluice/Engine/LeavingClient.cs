using System.Buffers;
using Sluice.Configuration;

namespace Sluice.Engine;

/// <summary>
/// Stands between a call and a client that may leave (<c>on_disconnect</c>). Under <c>finish</c> an answer that was asked for is read to its end, so that the
/// ledger knows what it used; nothing is begun for a client that is gone. Time is bounded by the call's deadline, size by what <see cref="ShadowSink"/> takes.
/// </summary>
internal sealed class LeavingClient : ICallSink, IDisposable
{
    private readonly CancellationTokenSource _cancel = new();
    private readonly CancellationTokenRegistration _left;
    private readonly CallContext _call;
    private readonly ICallSink _client;
    private ShadowSink? _discarded;

    public LeavingClient(CallContext call, ICallSink client)
    {
        (_call, _client) = (call, client);
        _left = call.Inbound.Aborted.UnsafeRegister(static state => ((LeavingClient)state!).Left(), this);
    }

    /// <summary>Cancelled when the client has left and nothing is to be finished.</summary>
    public CancellationToken Cancelled => _cancel.Token;

    public bool HasStarted { get; private set; }

    public IBufferWriter<byte> Body => _discarded?.Body ?? _client.Body;

    /// <summary>Whether this call may be finished at all; decided without work where no configuration asks for it.</summary>
    public static bool Concerns(CallContext call) => call.Gateway.FinishesCalls && call.Inbound.OutlivesClient;

    public void Start(AnswerHead head)
    {
        HasStarted = true;
        if (_discarded is null) _client.Start(head);
    }

    public async ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        if (_discarded is not null) return;
        try
        {
            await _client.FlushAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!_cancel.IsCancellationRequested && !cancellationToken.IsCancellationRequested && Finishes)
        {
            _discarded = new ShadowSink(_cancel);
        }
    }

    public void Abort() => _client.Abort();

    public void Dispose()
    {
        _left.Dispose();
        _cancel.Dispose();
    }

    private bool Finishes => _call.Current is { Began: not null, IsRecorded: false } attempt
        && (_call.Route?.Config?.OnDisconnect ?? attempt.Target.Provider.Config.OnDisconnect) is DisconnectPolicy.Finish;

    private void Left()
    {
        if (!Finishes) _cancel.Cancel();
    }
}
