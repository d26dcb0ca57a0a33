using System.Collections.Concurrent;
using Sluice.Engine;
using Sluice.Errors;
using Sluice.Pricing;
using Sluice.Routing;
using Sluice.Storage;
using Sluice.Wire;

namespace Sluice.Accounting.Ledger;

/// <summary>
/// Calls whose providers go on with the answer in the background. Each keeps what it has reserved until the provider tells what it used, to whoever fetches or cancels the
/// answer. One that nobody asks for within an hour, or whose gateway ends, is settled at its reservation, as an estimate: no cap can be passed by answers that nobody fetches.
/// Thread-safe.
/// </summary>
internal sealed class BackgroundJobs : IDisposable
{
    /// <summary>How long an answer may be fetched until it is settled without.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromHours(1);

    private const int Most = 10_000;
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);
    private readonly ConcurrentDictionary<(string Owner, string Id), Job> _jobs = new();
    private readonly ISluiceStore _store;
    private readonly TimeProvider _time;
    private readonly ITimer _timer;

    public BackgroundJobs(ISluiceStore store, TimeProvider time)
    {
        (_store, _time) = (store, time);
        _timer = time.CreateTimer(_ => _ = ExpireAsync(), null, Interval, Interval);
    }

    /// <summary>Keeps a call open; false where it cannot be kept and must be written as it is.</summary>
    public async ValueTask<bool> KeepAsync(CallContext call, LedgerEntry entry)
    {
        if (call.Current is not { RunsOn: { } id } attempt || attempt.Usage is { InputTokens: not null, OutputTokens: not null } || call.Inbound.Format is not IServerStateFormat format) return false;
        // What a restart finds, also where no budget holds the call.
        var lost = entry with { Outcome = "lost", Estimated = true };
        var held = await _store.Budgets.ReserveAsync(new Reservation { Id = entry.Id + "#background", Amount = 0, Caps = [], IfLost = lost }, CancellationToken.None).ConfigureAwait(false);
        if (held.Error is not null) return false;
        var job = new Job(entry, attempt.Target, call.Gateway.Costs, format, call.HasSideCosts ? call.SideCost : 0, _time.GetTimestamp());
        if (_jobs.Count >= Most || !_jobs.TryAdd((call.Owner, id), job)) return await _store.Budgets.SettleLostAsync(entry.Id, CancellationToken.None).ConfigureAwait(false) is null;
        return true;
    }

    /// <summary>Looks at an answer that was fetched; the entry to write where it ends a call that is kept.</summary>
    public async ValueTask<LedgerEntry?> ObserveAsync(string owner, string id, ReadOnlyMemory<byte> answer)
    {
        if (!_jobs.TryGetValue((owner, id), out var job) || job.Format.Progress(answer) is not { RunsOn: false } progress || progress.Id != id) return null;
        var tap = job.Format.CreateTap(stream: false);
        tap.Observe(StreamFrame.OfData(answer));
        if (!_jobs.TryRemove((owner, id), out job)) return null;
        bool isTold = tap.Usage is { InputTokens: not null, OutputTokens: not null };
        if (isTold || progress.HasFailed) return job.Ended(isTold ? tap.Usage : null, tap.Model, progress.HasFailed, _time.GetUtcNow());
        await _store.Budgets.SettleLostAsync(job.Entry.Id, CancellationToken.None).ConfigureAwait(false);
        return null;
    }

    /// <summary>Settles a call whose answer was deleted.</summary>
    public async ValueTask ForgetAsync(string owner, string id)
    {
        if (_jobs.TryRemove((owner, id), out var job)) await _store.Budgets.SettleLostAsync(job.Entry.Id, CancellationToken.None).ConfigureAwait(false);
    }

    /// <summary>What is still kept is settled by the store's next user.</summary>
    public void Dispose() => _timer.Dispose();

    private async Task ExpireAsync()
    {
        foreach (var ((owner, id), job) in _jobs)
        {
            if (_time.GetElapsedTime(job.Since) >= Kept) await ForgetAsync(owner, id).ConfigureAwait(false);
        }
    }

    private sealed record Job(LedgerEntry Entry, TargetModel Target, CallCosts Costs, IServerStateFormat Format, decimal? Aside, long Since)
    {
        public LedgerEntry Ended(Chat.Usage? usage, string? model, bool hasFailed, DateTimeOffset now)
        {
            var cost = usage is null ? new Cost { Usd = 0 } : Costs.Priced(Target, Entry.StartedAt, model, usage);
            var entry = Entry with { Duration = now - Entry.StartedAt, AnsweredModel = model ?? Entry.AnsweredModel, Outcome = hasFailed ? ErrorKind.Upstream.Value : Entry.Outcome, Estimated = false };
            return LedgerEntries.With(entry, usage, cost, Aside);
        }
    }
}
