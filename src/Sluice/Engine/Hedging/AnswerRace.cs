namespace Sluice.Engine.Hedging;

/// <summary>Two attempts for one answer: the first with content wins, and the other is cancelled at once. Thread-safe.</summary>
internal sealed class AnswerRace : IAsyncDisposable
{
    private const int Nobody = -1;

    // A loser that does not let go of its connection must not hold up the winner's answer for long.
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(1);
    private readonly CancellationTokenSource[] _runners;
    private readonly Task[] _ends = [Task.CompletedTask, Task.CompletedTask];
    private readonly TimeProvider _time;
    private Task _cancelling = Task.CompletedTask;
    private int _winner = Nobody;

    public AnswerRace(TimeProvider time, CancellationToken client)
    {
        _time = time;
        _runners = [CancellationTokenSource.CreateLinkedTokenSource(client), CancellationTokenSource.CreateLinkedTokenSource(client)];
    }

    /// <summary>True once an attempt has answered.</summary>
    public bool IsWon => Volatile.Read(ref _winner) != Nobody;

    /// <summary>The token of a runner, 0 or 1.</summary>
    public CancellationToken Token(int runner) => _runners[runner].Token;

    /// <summary>Tells what ends with a runner.</summary>
    public void Started(int runner, Task end) => Volatile.Write(ref _ends[runner], end);

    /// <summary>True for the runner that was first, and only for it.</summary>
    public bool TryWin(int runner)
    {
        int winner = Interlocked.CompareExchange(ref _winner, runner, Nobody);
        // What is registered on the token runs elsewhere: the answer does not wait for it.
        if (winner == Nobody) _cancelling = _runners[1 - runner].CancelAsync();
        return winner == Nobody || winner == runner;
    }

    /// <summary>True for the runner that was second.</summary>
    public bool HasLost(int runner) => Volatile.Read(ref _winner) is var winner && winner != Nobody && winner != runner;

    /// <summary>Waits for the winner's rival, so that its cost is known when the call is settled.</summary>
    public async ValueTask RivalGoneAsync(int winner)
    {
        var rival = Volatile.Read(ref _ends[1 - winner]);
        if (rival.IsCompleted) return;
        await Task.WhenAny(rival, Task.Delay(Farewell, _time)).ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        await _cancelling.ConfigureAwait(false);
        foreach (var runner in _runners) runner.Dispose();
    }
}
