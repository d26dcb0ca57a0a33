namespace Sluice.Engine.KeepAlive;

/// <summary>Looks once a second after the open streams whose clients know pings. One timer for all of them, which rests while there are none. Thread-safe.</summary>
internal sealed class Heartbeat
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);
    private readonly Lock _gate = new();
    private readonly HashSet<PingedSink> _open = [];
    private readonly List<PingedSink> _due = [];
    private readonly ITimer _timer;
    private readonly TimeProvider _time;
    private bool _beats;

    public Heartbeat(TimeProvider time) =>
        (_time, _timer) = (time, time.CreateTimer(static self => ((Heartbeat)self!).Beat(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan));

    /// <summary>The sink of a call: one that gets pings where the call streams and its dialect has them, else the same.</summary>
    public ICallSink Watch(CallContext call, ICallSink sink)
    {
        var client = call.Inbound.Format;
        if (!call.Head.Stream || client.Ping(call.Head.StreamStyle) is not { IsEmpty: false } ping) return sink;
        var pinged = new PingedSink(sink, ping, () => AnswerHeads.Early(ContentTypes.Stream(client, call.Head.StreamStyle)), _time, call.Inbound.Aborted);
        lock (_gate)
        {
            _open.Add(pinged);
            if (_beats) return pinged;
            _beats = true;
            _timer.Change(Period, Period);
        }
        return pinged;
    }

    /// <summary>Ends the pings of a sink.</summary>
    public void Leave(ICallSink sink)
    {
        if (sink is not PingedSink pinged) return;
        lock (_gate) _open.Remove(pinged);
    }

    private void Beat()
    {
        lock (_due)
        {
            lock (_gate)
            {
                if (_open.Count == 0)
                {
                    _beats = false;
                    _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
                    return;
                }
                _due.AddRange(_open);
            }
            foreach (var sink in _due) sink.Tick();
            _due.Clear();
        }
    }
}
