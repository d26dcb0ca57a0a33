using System.Diagnostics;
using System.Text;

namespace Sluice.Cli.Tests;

/// <summary>A command that runs until it is told to stop. What it prints is kept; a wait for a line ends when the line comes or the process ends.</summary>
internal sealed class RunningCommand : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly Process process;
    private readonly StringBuilder printed = new();
    private readonly SemaphoreSlim more = new(0);

    public RunningCommand(Process process)
    {
        this.process = process;
        process.OutputDataReceived += Keep;
        process.ErrorDataReceived += Keep;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public int Id => process.Id;

    public string Printed
    {
        get
        {
            lock (printed) return printed.ToString();
        }
    }

    /// <summary>Waits until this was printed.</summary>
    public async Task<string> WaitForAsync(string text)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (!Printed.Contains(text, StringComparison.Ordinal))
        {
            if (process.HasExited) throw new InvalidOperationException($"ended with {process.ExitCode} before '{text}': {Printed}");
            await more.WaitAsync(patience.Token);
        }

        return Printed;
    }

    /// <summary>Sends a signal by its name (<c>HUP</c>, <c>TERM</c>).</summary>
    public void Signal(string name)
    {
        using var kill = Process.Start("kill", [$"-{name}", process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    /// <summary>Waits for its end.</summary>
    public async Task<int> EndAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        await process.WaitForExitAsync(patience.Token);
        return process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited) process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
        more.Dispose();
    }

    private void Keep(object sender, DataReceivedEventArgs line)
    {
        if (line.Data is null) return;
        lock (printed) printed.Append(line.Data).Append('\n');
        more.Release();
    }
}
