namespace Sluice.Configuration;

/// <summary>Gathers what is wrong while a configuration is read, so that all of it is told at once.</summary>
internal sealed class FaultList
{
    private readonly List<ConfigurationFault> faults = [];
    private readonly List<ConfigurationWarning> warnings = [];

    internal int Count => faults.Count;

    internal void Add(ConfigurationOrigin origin, string path, string what, string remedy)
    {
        var fault = new ConfigurationFault(origin, path, what, remedy);
        if (!faults.Contains(fault)) faults.Add(fault);
    }

    internal void Warn(ConfigurationOrigin origin, string path, string what)
    {
        var warning = new ConfigurationWarning(origin, path, what);
        if (!warnings.Contains(warning)) warnings.Add(warning);
    }

    /// <summary>The faults file by file (in the order the files were met), each file's from top to bottom.</summary>
    internal IReadOnlyList<ConfigurationFault> Sorted()
    {
        var order = faults.Select(fault => fault.Origin.Name).Distinct(StringComparer.Ordinal).ToList();
        return [.. faults.OrderBy(fault => order.IndexOf(fault.Origin.Name)).ThenBy(fault => fault.Origin.Line).ThenBy(fault => fault.Origin.Column)];
    }

    internal IReadOnlyList<ConfigurationWarning> SortedWarnings() =>
        [.. warnings.OrderBy(warning => warning.Origin.Name, StringComparer.Ordinal).ThenBy(warning => warning.Origin.Line).ThenBy(warning => warning.Origin.Column)];
}
