using System.Runtime.InteropServices;

namespace Sluice.Cli.Hosting;

/// <summary>Waits for Ctrl-C or SIGTERM. A second signal ends the process at once, as people expect.</summary>
internal sealed class ShutdownSignals : IDisposable
{
    private readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly PosixSignalRegistration[] _registrations;

    public ShutdownSignals()
    {
        _registrations = [PosixSignalRegistration.Create(PosixSignal.SIGINT, Handle), PosixSignalRegistration.Create(PosixSignal.SIGTERM, Handle)];
    }

    public Task WaitAsync() => _asked.Task;

    /// <summary>Ends the wait as a signal would.</summary>
    public void Stop() => _asked.TrySetResult();

    public void Dispose()
    {
        foreach (var registration in _registrations) registration.Dispose();
    }

    private void Handle(PosixSignalContext context)
    {
        context.Cancel = _asked.TrySetResult();
    }
}
