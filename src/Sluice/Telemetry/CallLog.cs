using Sluice.Engine;
using Sluice.Routing;
using Sluice.Storage;
using Sluice.Telemetry.Logging;

namespace Sluice.Telemetry;

/// <summary>
/// The log: one line a call, and every administrative act. Settings are those of the configuration in force, so that a reload changes them at once.
/// </summary>
public sealed class CallLog : ICallObserver, IFollowsCalls, IAsyncDisposable
{
    private readonly GatewayState _state;
    private readonly TimeProvider _time;
    private readonly LogWriter _writer;

    /// <summary>Starts writing.</summary>
    /// <param name="output">Where lines go; not closed.</param>
    /// <param name="state">The configuration in force.</param>
    /// <param name="time">The clock; the system's where none is given.</param>
    public CallLog(Stream output, GatewayState state, TimeProvider? time = null)
    {
        (_state, _time) = (state, time ?? TimeProvider.System);
        _writer = new LogWriter(output, () => _state.Current.Log);
    }

    /// <summary>Lines dropped because the output was slower than the calls.</summary>
    public long Dropped => _writer.Dropped;

    /// <inheritdoc/>
    public void Completed(CallRecord call)
    {
        if (_state.Current.Log.IsOn(LogCategories.Call, CallLine.LevelOf(call))) _writer.TryWrite(new CallLine(call));
    }

    CallFollower? IFollowsCalls.Follow(CallContext call)
    {
        var settings = call.Gateway.Log;
        return settings.Steps || settings.Messages ? new CallLogFollower(_writer, settings, call, _time) : null;
    }

    /// <summary>Writes a line about a budget.</summary>
    internal void Write(Budgets.BudgetAlert alert) => _writer.TryWrite(new BudgetLogLine(alert));

    /// <summary>Writes what is waiting, then stops.</summary>
    public ValueTask DisposeAsync() => _writer.DisposeAsync();

    /// <summary>An audit log that writes here, and into a store where there is one.</summary>
    public IAuditLog Audit(IAuditStore? store) => new AuditLog(_writer, store, () => _state.Current.Secrets);
}
