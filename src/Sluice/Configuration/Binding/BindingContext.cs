using Sluice.Configuration.Schema;

namespace Sluice.Configuration.Binding;

/// <summary>What all binders share while one configuration is built.</summary>
internal sealed class BindingContext(IEnvironment environment, FaultList faults)
{
    private readonly List<string> secretFiles = [];

    internal IEnvironment Environment { get; } = environment;

    internal FaultList Faults { get; } = faults;

    /// <summary>Whether no file was found, so that providers come from the well-known variables.</summary>
    internal bool ZeroConfiguration { get; init; }

    /// <summary>Whether files that are named must be there: not so for a configuration that is made for another machine.</summary>
    internal bool LooksAtFiles { get; init; } = true;

    /// <summary>Gets every key that a binder asks for: a test holds that the schema has no key that nobody reads.</summary>
    internal Action<ObjectType, string>? OnRead { get; init; }

    /// <summary>Values that nobody wrote but that were found elsewhere, by path: <c>providers.openai.api_key</c> from OPENAI_API_KEY.</summary>
    internal Dictionary<string, ConfigurationOrigin> Implied { get; } = new(StringComparer.Ordinal);

    internal IReadOnlyList<string> SecretFiles => secretFiles;

    /// <summary>The main configuration file, absolute; null where there is none.</summary>
    internal string? MainFile { get; init; }

    /// <summary>A path as a file's own: relative to that file; to the working directory where it stands in a variable or on the command line.</summary>
    internal string FullPath(string path, ConfigurationOrigin origin)
    {
        var home = origin.Kind is ConfigurationOriginKind.File && MainFile is not null ? Path.GetDirectoryName(Path.GetFullPath(origin.Name, Environment.WorkingDirectory)) : null;
        return Path.GetFullPath(path, home ?? Environment.WorkingDirectory);
    }

    /// <summary>A path that nobody wrote: beside the configuration file, else in the working directory.</summary>
    internal string DefaultPath(string path) => Path.GetFullPath(path, Path.GetDirectoryName(MainFile) ?? Environment.WorkingDirectory);

    /// <summary>Lets a reload look at a file that holds secrets.</summary>
    internal void Watch(string full)
    {
        if (!secretFiles.Contains(full, StringComparer.Ordinal)) secretFiles.Add(full);
    }

    /// <summary>Reads a secret from its own file, as container platforms mount them; null with a fault where that fails.</summary>
    internal Secret? ReadSecretFile(string path, ConfigurationOrigin origin, string key)
    {
        const int most = 64 << 10;
        var full = FullPath(path, origin);
        Watch(full);
        try
        {
            if (new FileInfo(full) is { Exists: true, Length: > most }) return Fail($"{path} is larger than {most >> 10} KiB", "name a file that holds nothing but the secret");
            var text = File.ReadAllText(full).Trim();
            if (text.Length == 0) return Fail($"{path} is empty", "write the secret into it");
            return SecretType.Instance.Check(text) is { } problem ? Fail($"{path}: {problem.What}", problem.Remedy) : new Secret(text);
        }
        catch (UnauthorizedAccessException)
        {
            return Fail($"{path} may not be read", "give this user permission");
        }
        catch (IOException)
        {
            return Fail($"{path} cannot be read", "check that the file exists");
        }

        Secret? Fail(string what, string remedy)
        {
            Faults.Add(origin, key, what, remedy);
            return null;
        }
    }
}
