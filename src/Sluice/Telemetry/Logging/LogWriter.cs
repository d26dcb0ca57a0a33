using System.Buffers;
using System.Globalization;
using System.Text;
using System.Threading.Channels;
using Sluice.Configuration;
using Sluice.Engine.Buffers;
using Sluice.Formats.Json;

namespace Sluice.Telemetry.Logging;

/// <summary>
/// Writes lines off the way of calls. They wait in a bounded queue; when the output is slower than the calls, lines are dropped and their number is
/// told by the next line. Those that must not be lost wait for room. Thread-safe.
/// </summary>
internal sealed class LogWriter : IAsyncDisposable
{
    private const int MaxWaiting = 8192;
    private const int MaxAtOnce = 64 * 1024;
    private readonly Channel<Waiting> _waiting = Channel.CreateBounded<Waiting>(new BoundedChannelOptions(MaxWaiting) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });
    private readonly List<TaskCompletionSource> _told = [];
    private readonly Stream _output;
    private readonly Func<LogSettings> _settings;
    private readonly Task _writer;
    private long _dropped;
    private long _droppedInAll;

    public LogWriter(Stream output, Func<LogSettings> settings)
    {
        (_output, _settings) = (output, settings);
        _writer = Task.Run(RunAsync);
    }

    /// <summary>The settings in force.</summary>
    public LogSettings Settings => _settings();

    /// <summary>Lines dropped since the start.</summary>
    public long Dropped => Volatile.Read(ref _droppedInAll);

    /// <summary>Writes a line soon, or drops it.</summary>
    public void TryWrite(LogLine line)
    {
        if (_waiting.Writer.TryWrite(new Waiting(line, null))) return;
        Interlocked.Increment(ref _dropped);
        Interlocked.Increment(ref _droppedInAll);
    }

    /// <summary>Writes a line that must not be lost; returns when it is written. After the writer's end, or where the output is gone, it is lost all the same.</summary>
    public async ValueTask WriteAsync(LogLine line, CancellationToken cancellationToken)
    {
        var written = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        try
        {
            await _waiting.Writer.WriteAsync(new Waiting(line, written), cancellationToken).ConfigureAwait(false);
        }
        catch (ChannelClosedException)
        {
            return;
        }
        await written.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Writes what is waiting, then stops.</summary>
    public async ValueTask DisposeAsync()
    {
        _waiting.Writer.TryComplete();
        await _writer.ConfigureAwait(false);
    }

    private async Task RunAsync()
    {
        using var lines = new PooledBuffer();
        bool gone = false;
        while (await _waiting.Reader.WaitToReadAsync().ConfigureAwait(false))
        {
            var settings = _settings();
            while (lines.Length < MaxAtOnce && _waiting.Reader.TryRead(out var next))
            {
                Write(lines, next.Line, settings, Interlocked.Exchange(ref _dropped, 0));
                if (next.Written is { } written) _told.Add(written);
            }
            try
            {
                if (!gone) await _output.WriteAsync(lines.Written).ConfigureAwait(false);
                if (!gone) await _output.FlushAsync().ConfigureAwait(false);
            }
            catch (IOException)
            {
                // The reader of the log has gone (a closed pipe): calls go on without it.
                gone = true;
                _waiting.Writer.TryComplete();
            }
            lines.Clear();
            foreach (var written in _told) written.TrySetResult();
            _told.Clear();
        }
    }

    private static void Write(IBufferWriter<byte> output, LogLine line, LogSettings settings, long dropped)
    {
        var text = settings.Text(line.Credentials);
        if (settings.Config.Format == LogFormat.Json)
        {
            JsonOutput.Write(output, (line, text, dropped), static (w, s) =>
            {
                w.WriteStartObject();
                w.WriteString("time"u8, s.line.IsoTime);
                w.WriteString("level"u8, Name(s.line.Level));
                w.WriteString("event"u8, s.line.Event);
                s.line.WriteFields(new LogFields(w, s.text));
                if (s.dropped > 0) w.WriteNumber("lines_dropped"u8, s.dropped);
                w.WriteEndObject();
            });
        }
        else
        {
            var written = new StringBuilder(200);
            written.Append(line.Time.UtcDateTime.ToString("HH:mm:ss.fff", CultureInfo.InvariantCulture)).Append(' ').Append(Name(line.Level).PadRight(7)).Append(' ');
            line.WriteText(written, text);
            if (dropped > 0) written.Append(CultureInfo.InvariantCulture, $" ({dropped} lines dropped)");
            output.Write(Encoding.UTF8.GetBytes(LogText.OneLine(written.ToString())));
        }
        output.Write("\n"u8);
    }

    private static string Name(LogLevelName level) => level switch
    {
        LogLevelName.Trace => "trace",
        LogLevelName.Debug => "debug",
        LogLevelName.Info => "info",
        LogLevelName.Warning => "warning",
        _ => "error",
    };

    private readonly record struct Waiting(LogLine Line, TaskCompletionSource? Written);
}
