using System.Globalization;
using Sluice.Engine;
using Sluice.Errors;
using Sluice.Routing;
using Sluice.Storage;

namespace Sluice.Budgets;

/// <summary>What one call holds of budgets. Two attempts of it may ask at once.</summary>
internal sealed class CallBudget(BudgetGuard guard, BudgetBook book, CallContext call, CallBound bound, bool isCapped) : ITargetGate
{
    private readonly Lock _gate = new();
    private readonly Dictionary<TargetModel, string> _held = [];
    private readonly List<Reserved> _reserved = [];
    private int _next;

    /// <summary>The lines under which it holds room, and where they stood.</summary>
    public IReadOnlyList<Reserved> Lines
    {
        get
        {
            lock (_gate) return [.. _reserved];
        }
    }

    /// <summary>Keeps what was reserved.</summary>
    public void Keep(IReadOnlyList<BudgetLine> lines, IReadOnlyList<BudgetStanding> standings)
    {
        lock (_gate)
        {
            for (int i = 0; i < lines.Count; i++) _reserved.Add(new Reserved(lines[i], standings[i]));
        }
    }

    public ValueTask<GatewayError?> EnterAsync(TargetModel target, CancellationToken cancellationToken)
    {
        var lines = book.OfProvider(target.Provider.Name);
        if (lines.Count == 0 && !isCapped) return default;
        if (lines.Count > 0 && bound.Asked.Unreadable is { } member) return ValueTask.FromResult<GatewayError?>(BudgetErrors.Unreadable(member));
        if (bound.At(target) is not null) return lines.Count == 0 ? default : ReserveAsync(target, lines, cancellationToken);
        return CallBound.MayBeUnknown(target) ? default : ValueTask.FromResult<GatewayError?>(BudgetErrors.Unpriced(target));
    }

    public ValueTask LeaveAsync(TargetModel target)
    {
        string? id;
        lock (_gate)
        {
            if (!_held.Remove(target, out id)) return default;
            _reserved.RemoveAll(r => r.Line is { } line && book.OfProvider(target.Provider.Name).Contains(line));
        }
        return guard.ReleaseAsync(id);
    }

    private async ValueTask<GatewayError?> ReserveAsync(TargetModel target, IReadOnlyList<BudgetLine> lines, CancellationToken cancellationToken)
    {
        string id = call.Inbound.RequestId + "#" + Interlocked.Increment(ref _next).ToString(CultureInfo.InvariantCulture);
        while (true)
        {
            decimal amount = bound.At(target) ?? 0m;
            var (error, refusal, standings) = await guard.ReserveAsync(call, id, lines, amount, target, cancellationToken).ConfigureAwait(false);
            if (error is not null) return error with { Provider = target.Provider.Name };
            if (refusal is null)
            {
                if (standings is null) return null;
                lock (_gate) _held[target] = id;
                Keep(lines, standings);
                return null;
            }
            // Of two attempts side by side neither may change the request under the other.
            if (call.Route!.Config?.Hedge is not null || !OutputFit.TryLimit(call, bound, [target], refusal.Room))
                return guard.Refused(refusal, amount, OutputFit.Fitting(bound, [target], refusal.Room)) with { Provider = target.Provider.Name };
        }
    }

    /// <summary>A line, and where it stood when room was reserved.</summary>
    internal readonly record struct Reserved(BudgetLine Line, BudgetStanding Standing);
}
