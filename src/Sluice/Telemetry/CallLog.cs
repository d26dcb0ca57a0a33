using System.Threading.Channels;
using Sluice.Configuration;
using Sluice.Engine;

namespace Sluice.Telemetry;

/// <summary>
/// Writes one line a call, off the call's own path. Lines wait in a bounded queue; when the output is slower than the calls, lines are dropped and
/// their number is told by the next line.
/// </summary>
public sealed class CallLog : ICallObserver, IAsyncDisposable
{
    private const int MaxWaiting = 8192;
    private readonly Channel<CallRecord> _waiting = Channel.CreateBounded<CallRecord>(new BoundedChannelOptions(MaxWaiting) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });
    private readonly Stream _output;
    private readonly Func<LoggingConfig> _settings;
    private readonly Task _writer;
    private long _dropped;

    /// <summary>Starts writing.</summary>
    /// <param name="output">Where lines go; not closed.</param>
    /// <param name="settings">The settings in force.</param>
    public CallLog(Stream output, Func<LoggingConfig> settings)
    {
        (_output, _settings) = (output, settings);
        _writer = Task.Run(WriteAsync);
    }

    /// <inheritdoc/>
    public void Completed(CallRecord call)
    {
        var least = call.Error is null ? LogLevelName.Info : call.Status >= 500 ? LogLevelName.Error : LogLevelName.Warning;
        if (_settings().Level > least) return;
        if (!_waiting.Writer.TryWrite(call)) Interlocked.Increment(ref _dropped);
    }

    /// <summary>Writes what is waiting, then stops.</summary>
    public async ValueTask DisposeAsync()
    {
        _waiting.Writer.TryComplete();
        await _writer.ConfigureAwait(false);
    }

    private async Task WriteAsync()
    {
        using var line = new PooledBuffer();
        while (await _waiting.Reader.WaitToReadAsync().ConfigureAwait(false))
        {
            var settings = _settings();
            while (line.Length < 64 * 1024 && _waiting.Reader.TryRead(out var call))
            {
                CallLogLine.Write(line, call, settings.Format, Interlocked.Exchange(ref _dropped, 0));
            }
            try
            {
                await _output.WriteAsync(line.Written).ConfigureAwait(false);
                await _output.FlushAsync().ConfigureAwait(false);
            }
            catch (IOException)
            {
                // The reader of the log has gone (a closed pipe): calls go on without it.
                _waiting.Writer.TryComplete();
            }
            line.Clear();
        }
    }
}
