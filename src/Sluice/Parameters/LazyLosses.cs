using Sluice.Wire;

namespace Sluice.Parameters;

/// <summary>A loss report that is made when there is something to report: most bodies need none.</summary>
internal struct LazyLosses(LossReport? report)
{
    /// <summary>The report; <see langword="null"/> where nothing was changed.</summary>
    public LossReport? Report { get; private set; } = report;

    public void Dropped(string path, string reason) => (Report ??= new LossReport()).Dropped(path, reason);

    public void Changed(string path, string reason) => (Report ??= new LossReport()).Changed(path, reason);
}
