using Sluice.Client;
using Sluice.Engine.Buffers;
using Sluice.Routing;
using Sluice.Wire;

namespace Sluice.Engine;

/// <summary>
/// Sends copies of calls to a route's <c>shadow</c>: beside the client's call, never in its way. A copy has a record of its own, keeps to the limits and the
/// breaker of its target, and its answer is read to its end and dropped.
/// </summary>
/// <param name="run">Serves a call to its end; must not throw.</param>
/// <param name="buffers">Bounds the memory of the copies.</param>
/// <param name="ids">Where the copies' ids come from.</param>
/// <param name="time">The clock.</param>
/// <param name="random">Draws which calls are copied; locked.</param>
internal sealed class ShadowCalls(Func<CallContext, ICallSink, Task> run, BufferBudget buffers, RequestIds ids, TimeProvider time, Random random)
{
    /// <summary>Most copies under way; a call beyond them is not copied.</summary>
    private const int MostOpen = 32;
    private int _open;

    /// <summary>Copies under way.</summary>
    public int Open => Volatile.Read(ref _open);

    /// <summary>Calls that were not copied because too many copies were under way, or there was no room for their bodies.</summary>
    public long Skipped => Volatile.Read(ref _skipped);

    private long _skipped;

    /// <summary>Copies the call where its route says so. Returns at once; the body is copied before.</summary>
    public void Offer(CallContext call)
    {
        if (call.Route is not { Shadow: { } branch, Config.Shadow: { } share } route || !MaySee(call, branch) || !Share.ByChance(share, random)) return;
        var account = buffers.Open(isCopy: true);
        if (Interlocked.Increment(ref _open) > MostOpen || !Fits(call, account))
        {
            Interlocked.Decrement(ref _open);
            Interlocked.Increment(ref _skipped);
            return;
        }
        var stop = new CancellationTokenSource(route.Timeouts.Total, time);
        var copy = Copy(call, branch, account, stop.Token);
        _ = Task.Run(() => RunAsync(copy, account, stop));
    }

    private static bool Fits(CallContext call, BufferAccount account) => new BufferClaim(account).TrySet(call.Inbound.Request.Body.Length);

    // What the caller may not ask it is not shown either.
    private static bool MaySee(CallContext call, RouteBranch branch) =>
        call.Restrictions is not { } restrictions || branch.Targets.Any(target => restrictions.TrueForAll(r => r.Allows(target)));

    private async Task RunAsync(CallContext copy, BufferAccount account, CancellationTokenSource stop)
    {
        try
        {
            await run(copy, new ShadowSink(stop)).ConfigureAwait(false);
        }
        finally
        {
            account.Dispose();
            Interlocked.Decrement(ref _open);
            stop.Dispose();
        }
    }

    // What the host lent for the call is gone when the client has its answer: all of it is copied.
    private CallContext Copy(CallContext call, RouteBranch branch, BufferAccount account, CancellationToken cancelled)
    {
        var original = call.Inbound;
        var inbound = new InboundCall
        {
            Format = original.Format is DirectFormat direct ? direct.Copy() : original.Format,
            Request = original.Request with { Body = original.Request.Body.ToArray() },
            RequestId = ids.Next(),
            Headers = new CopiedHeaders(original.Headers),
            Aborted = cancelled,
            Caller = original.Caller,
        };
        var route = branch.Route is { } inner ? inner with { Name = call.Route!.Name, Shadow = null } : call.Route! with { Targets = [branch.Target!], Branches = [], Config = null, Canary = null, Shadow = null };
        var copy = new CallContext(inbound, call.Gateway, time.GetTimestamp(), time.GetUtcNow())
        {
            ShadowOf = original.RequestId,
            Buffers = account,
            Members = JsonMembers.Scan(inbound.Request.Body, call.Gateway.Config.Server.MaxNesting, out _)!,
            Head = call.Head,
            Route = route,
            TakesModelsOut = call.TakesModelsOut,
        };
        foreach (var restriction in call.Restrictions ?? []) copy.Restrict(restriction);
        return copy;
    }

    private sealed class CopiedHeaders(IClientHeaders original) : IClientHeaders
    {
        private readonly Dictionary<string, string> _headers = original.All.GroupBy(h => h.Key, StringComparer.OrdinalIgnoreCase).ToDictionary(g => g.Key, g => string.Join(',', g.Select(h => h.Value)), StringComparer.OrdinalIgnoreCase);

        public IEnumerable<KeyValuePair<string, string>> All => _headers;

        public string? Get(string name) => _headers.GetValueOrDefault(name);
    }
}
