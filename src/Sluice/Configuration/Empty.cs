using System.Collections.ObjectModel;

namespace Sluice.Configuration;

/// <summary>The one empty map of a type, so that an absent setting costs nothing.</summary>
internal static class Empty<T>
{
    internal static readonly IReadOnlyDictionary<string, T> Map = ReadOnlyDictionary<string, T>.Empty;
}
