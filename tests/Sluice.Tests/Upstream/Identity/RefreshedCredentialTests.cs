using Sluice.Errors;
using Sluice.Upstream.Identity;

namespace Sluice.Tests.Upstream.Identity;

/// <summary>Fetched once, renewed ahead of its end without anybody waiting, and never worse than before.</summary>
public sealed class RefreshedCredentialTests
{
    private readonly Clock _time = new();
    private readonly Queue<TaskCompletionSource<Outcome<Expiring<string>>>> _answers = new();
    private int _fetches;

    [Fact]
    public async Task Callers_WhoWaitForTheFirst_ShareOneFetch()
    {
        var first = Next();
        var credential = Credential();

        var waiting = Enumerable.Range(0, 20).Select(_ => credential.GetAsync(_time, Stop).AsTask()).ToArray();
        first.SetResult(Good("one"));

        (await Task.WhenAll(waiting)).ShouldAllBe(o => o.Value == "one");
        _fetches.ShouldBe(1);
    }

    [Fact]
    public async Task CallerWhoLeaves_FailsNobodyElse()
    {
        var first = Next();
        var credential = Credential();
        using var leaves = new CancellationTokenSource();
        var left = credential.GetAsync(_time, leaves.Token).AsTask();
        var stays = credential.GetAsync(_time, Stop).AsTask();

        await leaves.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => left);
        first.SetResult(Good("one"));

        (await stays).Value.ShouldBe("one");
    }

    [Fact]
    public async Task NearItsEnd_ItIsRenewedWhileCallsGoOnWithTheOldOne()
    {
        var (first, second) = (Next(), Next());
        var credential = Credential();
        first.SetResult(Good("one"));
        await credential.GetAsync(_time, Stop);

        _time.Now += TimeSpan.FromMinutes(56);
        var during = credential.GetAsync(_time, Stop);
        during.IsCompletedSuccessfully.ShouldBeTrue();
        (await during).Value.ShouldBe("one");
        second.SetResult(Good("two"));
        await UntilAsync(() => credential.Current == "two");

        (await credential.GetAsync(_time, Stop)).Value.ShouldBe("two");
        _fetches.ShouldBe(2);
    }

    [Fact]
    public async Task RenewalThatFails_IsTriedAgainAndHarmsNobodyWhileTheOldOneIsGood()
    {
        var (first, second, third) = (Next(), Next(), Next());
        var credential = Credential();
        first.SetResult(Good("one"));
        await credential.GetAsync(_time, Stop);
        _time.Now += TimeSpan.FromMinutes(56);

        second.SetResult(new GatewayError(ErrorKind.Network, "gone"));
        (await credential.GetAsync(_time, Stop)).Value.ShouldBe("one");
        await UntilAsync(() => _fetches == 2);
        _time.Now += TimeSpan.FromSeconds(30);
        (await credential.GetAsync(_time, Stop)).Value.ShouldBe("one");
        third.SetResult(Good("three"));
        await UntilAsync(() => credential.Current == "three");
    }

    [Fact]
    public async Task Expired_ItIsNotUsed_AndAFailureIsNotKept()
    {
        var (first, second, third) = (Next(), Next(), Next());
        var credential = Credential();
        first.SetResult(Good("one"));
        await credential.GetAsync(_time, Stop);
        _time.Now += TimeSpan.FromMinutes(61);

        second.SetResult(new GatewayError(ErrorKind.Network, "gone"));
        (await credential.GetAsync(_time, Stop)).Error!.Message.ShouldBe("gone");
        third.SetResult(Good("three"));

        (await credential.GetAsync(_time, Stop)).Value.ShouldBe("three");
    }

    [Fact]
    public async Task ServiceThatBreaksOff_IsAnErrorThatNamesTheProvider()
    {
        Next().SetException(new HttpRequestException("connection reset"));

        var error = (await Credential().GetAsync(_time, Stop)).Error.ShouldNotBeNull();

        error.Kind.ShouldBe(ErrorKind.Network);
        error.Message.ShouldContain("'bedrock'");
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private RefreshedCredential<string> Credential() => new("bedrock", (_, _) =>
    {
        Interlocked.Increment(ref _fetches);
        lock (_answers) return _answers.Dequeue().Task;
    });

    private TaskCompletionSource<Outcome<Expiring<string>>> Next()
    {
        var next = new TaskCompletionSource<Outcome<Expiring<string>>>(TaskCreationOptions.RunContinuationsAsynchronously);
        _answers.Enqueue(next);
        return next;
    }

    private Outcome<Expiring<string>> Good(string value) => new Expiring<string>(value, _time.Now + TimeSpan.FromHours(1));

    private static async Task UntilAsync(Func<bool> holds)
    {
        while (!holds())
        {
            Stop.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    private sealed class Clock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = new(2026, 12, 1, 0, 0, 0, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
