using System.Runtime.InteropServices;

namespace Sluice.Cli.Hosting;

/// <summary>
/// SIGHUP: a wish to reload, except where the terminal that the program was started in has gone. Then nobody could see or stop it any more.
/// Windows knows no such wish.
/// </summary>
internal sealed class HangupSignal : IDisposable
{
    private readonly PosixSignalRegistration? _registration;
    private readonly bool _hadTerminal = HasTerminal();
    private readonly Action _reload;
    private readonly Action _terminalLost;

    public HangupSignal(Action reload, Action terminalLost)
    {
        (_reload, _terminalLost) = (reload, terminalLost);
        if (!OperatingSystem.IsWindows()) _registration = PosixSignalRegistration.Create(PosixSignal.SIGHUP, Handle);
    }

    public void Dispose() => _registration?.Dispose();

    private void Handle(PosixSignalContext context)
    {
        context.Cancel = true;
        if (_hadTerminal && !HasTerminal()) _terminalLost();
        else _reload();
    }

    // A process without a controlling terminal cannot open this file.
    private static bool HasTerminal()
    {
        if (OperatingSystem.IsWindows()) return false;
        try
        {
            using var terminal = File.OpenHandle("/dev/tty");
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
