using System.Runtime.InteropServices;

namespace Sluice.Cli.Chatting;

/// <summary>Ctrl-C in a conversation: the first cancels the answer that is being given, the next one ends the program.</summary>
internal sealed class Interrupts : IDisposable
{
    private readonly PosixSignalRegistration _registration;
    private readonly Lock _gate = new();
    private CancellationTokenSource? _answer;
    private bool _asked;

    public Interrupts() => _registration = PosixSignalRegistration.Create(PosixSignal.SIGINT, Handle);

    public void Dispose() => _registration.Dispose();

    /// <summary>Runs an answer that Ctrl-C cancels.</summary>
    public async Task RunAsync(Func<CancellationToken, Task> answer)
    {
        using var source = new CancellationTokenSource();
        lock (_gate) (_answer, _asked) = (source, false);
        try
        {
            await answer(source.Token);
        }
        finally
        {
            lock (_gate) _answer = null;
        }
    }

    /// <summary>The person goes on: Ctrl-C counts anew.</summary>
    public void Forget()
    {
        lock (_gate) _asked = false;
    }

    private void Handle(PosixSignalContext context)
    {
        lock (_gate)
        {
            context.Cancel = !_asked;
            if (_asked) return;
            _asked = true;
            if (_answer is { } answer) answer.Cancel();
            else Console.Error.Write("\n(Ctrl-C again, or /exit, ends)\n> ");
        }
    }
}
