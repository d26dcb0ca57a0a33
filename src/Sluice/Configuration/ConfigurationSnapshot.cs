namespace Sluice.Configuration;

/// <summary>
/// Holds the configuration in force. A reader takes <see cref="Current"/> once for a call and keeps to it; a reload swaps it whole. Safe for
/// use by many threads.
/// </summary>
/// <param name="initial">The configuration at the start.</param>
public sealed class ConfigurationSnapshot(SluiceConfig initial)
{
    private readonly Lock gate = new();
    private volatile SluiceConfig current = initial;

    /// <summary>The configuration in force.</summary>
    public SluiceConfig Current => current;

    /// <summary>Raised after a swap, one at a time, on the thread that swapped. A handler must not swap.</summary>
    public event EventHandler<ConfigurationChangedEventArgs>? Changed;

    /// <summary>Puts another configuration in force.</summary>
    public void Swap(SluiceConfig next)
    {
        ArgumentNullException.ThrowIfNull(next);
        lock (gate)
        {
            var before = current;
            current = next;
            Changed?.Invoke(this, new ConfigurationChangedEventArgs(before, next));
        }
    }
}

/// <summary>What changed.</summary>
/// <param name="before">The configuration until now.</param>
/// <param name="now">The configuration from now on.</param>
public sealed class ConfigurationChangedEventArgs(SluiceConfig before, SluiceConfig now) : EventArgs
{
    /// <summary>The configuration until now.</summary>
    public SluiceConfig Before { get; } = before;

    /// <summary>The configuration from now on.</summary>
    public SluiceConfig Now { get; } = now;
}
