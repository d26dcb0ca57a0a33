using System.Globalization;

namespace Sluice.Engine;

/// <summary>A client was cut off because it did not take its answer. For the attempt it is as if the client had left.</summary>
internal sealed class SlowClientException(TimeSpan waited)
    : OperationCanceledException(string.Create(CultureInfo.InvariantCulture, $"the client did not take its answer within {waited.TotalSeconds:0.###} s (timeout.total) and was cut off"));
