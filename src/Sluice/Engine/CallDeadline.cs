using Sluice.Errors;

namespace Sluice.Engine;

/// <summary>The end of a call: it bounds all attempts and all waits.</summary>
/// <param name="Time">The clock.</param>
/// <param name="Started">Time stamp of the call's start.</param>
/// <param name="Total">Its whole time.</param>
internal readonly record struct CallDeadline(TimeProvider Time, long Started, TimeSpan Total)
{
    /// <summary>What is left; zero when it is over.</summary>
    public TimeSpan Left => Time.GetElapsedTime(Started) is var gone && gone < Total ? Total - gone : TimeSpan.Zero;

    /// <summary>The error of a call that reached it.</summary>
    public GatewayError Error => new(ErrorKind.Timeout, $"the call did not finish within {Total.TotalSeconds:0.###} s (timeout.total)") { Code = "total" };
}
