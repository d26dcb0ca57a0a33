namespace Sluice.Resilience.Limits;

/// <summary>
/// A rate per minute that refills smoothly. May go below zero where an estimate was too low, or where one call takes more than the burst:
/// then the next waits longer. Not thread-safe: its owner locks, so that several buckets are taken from as one.
/// </summary>
internal sealed class TokenBucket(TimeProvider time)
{
    private double _perMinute;
    private double _capacity;
    private double _level;
    private long _at;

    /// <summary>Sets the rate; what was used up stays used up.</summary>
    /// <param name="perMinute">What flows in within a minute.</param>
    /// <param name="burst">The share of a minute that may be taken in one go, above 0 to 1; never less than one unit.</param>
    /// <returns>True when this is another rate than before.</returns>
    public bool SetRate(double perMinute, double burst)
    {
        double capacity = Math.Max(1, perMinute * burst);
        if (perMinute == _perMinute && capacity == _capacity) return false;
        Refill();
        _level += capacity - _capacity;
        (_perMinute, _capacity) = (perMinute, capacity);
        return true;
    }

    /// <summary>The time until so much may be taken; zero when it may be now. More than the burst may be taken from a full bucket.</summary>
    /// <param name="amount">What is asked for.</param>
    /// <param name="ahead">What others take before.</param>
    public TimeSpan WaitFor(double amount, double ahead = 0)
    {
        Refill();
        double missing = ahead + Math.Min(amount, _capacity) - _level;
        // A hair less than a whole unit is the rounding of time stamps.
        return missing <= 1e-6 ? TimeSpan.Zero : TimeSpan.FromMinutes(Math.Min(missing / _perMinute, MostMinutes));
    }

    /// <summary>Takes so much; a negative amount gives back.</summary>
    public void Take(double amount)
    {
        Refill();
        _level = Math.Min(_level - amount, _capacity);
    }

    // A year: an absurd amount at a tiny rate must not overflow a time span.
    private const double MostMinutes = 525_600;

    private void Refill()
    {
        long now = time.GetTimestamp();
        if (_perMinute > 0) _level = Math.Min(_capacity, _level + (time.GetElapsedTime(_at, now).TotalMinutes * _perMinute));
        _at = now;
    }
}
