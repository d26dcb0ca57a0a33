namespace Sluice.Configuration.Loading;

/// <summary>Finds the files of a configuration.</summary>
internal sealed class ConfigurationLocator(IEnvironment environment, FaultList faults)
{
    internal const string BaseName = "default-llms";
    internal const string DefaultDirectory = "config/llms";
    private static readonly string[] Extensions = [".yaml", ".yml"];

    /// <summary>The layers, the lowest first; empty where nothing is configured.</summary>
    internal IReadOnlyList<string> Find(ConfigurationSource source)
    {
        if (source.File is { } file) return FromPath(Full(file), source.Profile);
        if (source.Directory is { } directory) return FromDirectory(Full(directory), source.Profile, asked: true);
        if (environment.GetVariable("SLUICE_CONFIG") is { Length: > 0 } variable) return FromPath(Full(variable), source.Profile);
        if (Existing(Full("sluice")) is { } here) return source.Profile is null ? [here] : WithProfile([here], FindProfileDirectory(), source.Profile);
        return FromDirectory(Full(DefaultDirectory), source.Profile, asked: source.Profile is not null);
    }

    /// <summary>All configuration files of a directory, by name.</summary>
    internal static IReadOnlyList<string> ListFiles(string directory) =>
        Directory.Exists(directory) ? [.. Directory.EnumerateFiles(directory).Where(IsConfiguration).Order(StringComparer.Ordinal)] : [];

    private static bool IsConfiguration(string path) => Extensions.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase) && !Path.GetFileName(path).StartsWith('.');

    private string Full(string path) => Path.GetFullPath(path, environment.WorkingDirectory);

    // ./sluice.yaml with a profile: the profile may lie beside it or in the usual directory.
    private string FindProfileDirectory() => Directory.Exists(Full(DefaultDirectory)) ? Full(DefaultDirectory) : environment.WorkingDirectory;

    private List<string> FromPath(string path, string? profile)
    {
        if (Directory.Exists(path)) return FromDirectory(path, profile, asked: true);
        return profile is null ? [path] : WithProfile([path], Path.GetDirectoryName(path)!, profile);
    }

    private List<string> FromDirectory(string directory, string? profile, bool asked)
    {
        var below = Existing(Path.Combine(directory, BaseName)) is { } found ? new List<string> { found } : [];
        if (profile is not null) return WithProfile(below, directory, profile);
        if (below.Count > 0 || !asked) return below;
        var origin = new ConfigurationOrigin(ConfigurationOriginKind.File, directory);
        if (!Directory.Exists(directory)) faults.Add(origin, "", "no such directory", "check the path, or make it with 'sluice config init'");
        else faults.Add(origin, "", $"holds no {BaseName}.yaml", Profiles(directory) is { Length: > 0 } names ? $"choose a file with --profile ({names}), or write one with 'sluice config init'" : "write one with 'sluice config init'");
        return below;
    }

    private List<string> WithProfile(List<string> below, string directory, string profile)
    {
        var path = Existing(Path.Combine(directory, profile));
        if (path is not null && Path.GetFullPath(path).StartsWith(directory, StringComparison.Ordinal))
        {
            if (!below.Contains(path, StringComparer.Ordinal)) below.Add(path);
            return below;
        }

        var names = Profiles(directory);
        var remedy = names.Length == 0 ? "put a file of that name there"
            : Nearest.Find(profile, names.Split(", ")) is { } nearest ? $"did you mean '{nearest}'?"
            : $"there are {names}";
        faults.Add(new ConfigurationOrigin(ConfigurationOriginKind.CommandLine, "--profile"), "", $"there is no profile '{profile}' in {directory}", remedy);
        return below;
    }

    private static string Profiles(string directory) => string.Join(", ", ListFiles(directory).Select(Path.GetFileNameWithoutExtension).Where(name => name != BaseName));

    private static string? Existing(string withoutExtension)
    {
        if (Extensions.Contains(Path.GetExtension(withoutExtension), StringComparer.OrdinalIgnoreCase) && File.Exists(withoutExtension)) return withoutExtension;
        return Extensions.Select(extension => withoutExtension + extension).FirstOrDefault(File.Exists);
    }
}
