using Sluice.Configuration;

namespace Sluice.Engine.Hedging;

/// <summary>How much one route may hedge: a share of its calls and a share of its spending. Thread-safe.</summary>
internal sealed class HedgeBudget(TimeProvider time)
{
    /// <summary>Most hedges that a quiet time saves up.</summary>
    private const double MostSaved = 10;
    private static readonly TimeSpan Halves = TimeSpan.FromHours(1);
    private readonly Lock _gate = new();
    private double _saved = 1;
    private decimal _spent;
    private decimal _spentOnHedges;
    private long _halvedAt = time.GetTimestamp();

    /// <summary>Counts a call, which earns its share of a hedge.</summary>
    public void Count(HedgeConfig config)
    {
        lock (_gate) _saved = Math.Min(MostSaved, _saved + config.MaxShare);
    }

    /// <summary>Takes a hedge, or says no.</summary>
    /// <param name="config">The bounds.</param>
    /// <param name="cost">What it may cost in USD; <see langword="null"/> where nobody knows, and only the share of calls bounds it.</param>
    public bool TryTake(HedgeConfig config, decimal? cost)
    {
        lock (_gate)
        {
            Fade();
            if (_saved < 1) return false;
            // The first hedge of a route has nothing to be a share of.
            if (cost is { } known && _spentOnHedges > 0 && _spentOnHedges + known > (decimal)config.MaxSpend * (_spent + known)) return false;
            _saved--;
            return true;
        }
    }

    /// <summary>Adds what a call cost, and what of it the attempt that lost.</summary>
    public void Spend(decimal? call, decimal? loser)
    {
        lock (_gate)
        {
            Fade();
            _spent += call ?? 0;
            _spentOnHedges += loser ?? 0;
        }
    }

    private void Fade()
    {
        var passed = time.GetElapsedTime(_halvedAt);
        if (passed < Halves) return;
        decimal factor = (decimal)Math.Pow(0.5, Math.Min(64, passed / Halves));
        (_spent, _spentOnHedges, _halvedAt) = (_spent * factor, _spentOnHedges * factor, time.GetTimestamp());
    }
}
