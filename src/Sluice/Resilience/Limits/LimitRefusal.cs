namespace Sluice.Resilience.Limits;

/// <summary>A limit that is reached.</summary>
/// <param name="Name">The setting, e.g. <c>rpm</c>.</param>
/// <param name="Value">Its value.</param>
/// <param name="Wait">How long until there is room.</param>
internal readonly record struct LimitRefusal(string Name, long Value, TimeSpan Wait);
