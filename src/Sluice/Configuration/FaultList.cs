namespace Sluice.Configuration;

/// <summary>Gathers what is wrong while a configuration is read, so that all of it is told at once.</summary>
internal sealed class FaultList
{
    private readonly OrderedDictionary<ConfigurationFault, int> faults = [];
    private readonly HashSet<ConfigurationWarning> warnings = [];
    private readonly Dictionary<string, int> files = new(StringComparer.Ordinal);

    internal int Count => faults.Count;

    internal void Add(ConfigurationOrigin origin, string path, string what, string remedy)
    {
        files.TryAdd(origin.Name, files.Count);
        faults.TryAdd(new ConfigurationFault(origin, path, what, remedy), files[origin.Name]);
    }

    internal void Warn(ConfigurationOrigin origin, string path, string what) => warnings.Add(new ConfigurationWarning(origin, path, what));

    /// <summary>The faults file by file (in the order the files were met), each file's from top to bottom.</summary>
    internal IReadOnlyList<ConfigurationFault> Sorted() =>
        [.. faults.OrderBy(fault => fault.Value).ThenBy(fault => fault.Key.Origin.Line).ThenBy(fault => fault.Key.Origin.Column).Select(fault => fault.Key)];

    internal IReadOnlyList<ConfigurationWarning> SortedWarnings() =>
        [.. warnings.OrderBy(warning => warning.Origin.Name, StringComparer.Ordinal).ThenBy(warning => warning.Origin.Line).ThenBy(warning => warning.Origin.Column)];
}
