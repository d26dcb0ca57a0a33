using Sluice.Wire;

namespace Sluice.TestKit;

/// <summary>Ids that count from 1, so that expected texts can name them.</summary>
public sealed class SequentialIds : IIdSource
{
    private int _last;

    /// <inheritdoc/>
    public string Next(string prefix, int length = 24) => $"{prefix}{Interlocked.Increment(ref _last).ToString().PadLeft(length, '0')}";
}
