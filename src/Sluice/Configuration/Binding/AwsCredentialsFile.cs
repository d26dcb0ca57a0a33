namespace Sluice.Configuration.Binding;

/// <summary>
/// The files of AWS profiles (https://docs.aws.amazon.com/sdkref/latest/guide/file-format.html). Static keys are taken from them when the configuration is loaded;
/// roles, single sign-on and <c>credential_process</c> need calls and programs, and are asked when a call needs them.
/// </summary>
internal static class AwsCredentialsFile
{
    private const int MaxBytes = 1 << 20;

    internal const string DefaultProfile = "default";

    /// <summary>Where the file is: <c>AWS_SHARED_CREDENTIALS_FILE</c>, else <c>~/.aws/credentials</c>; null where there is no home.</summary>
    internal static string? Path(IEnvironment environment) => Path(environment, "AWS_SHARED_CREDENTIALS_FILE", "credentials");

    /// <summary>Where the other file is: <c>AWS_CONFIG_FILE</c>, else <c>~/.aws/config</c>; null where there is no home.</summary>
    internal static string? ConfigPath(IEnvironment environment) => Path(environment, "AWS_CONFIG_FILE", "config");

    private static string? Path(IEnvironment environment, string variable, string name)
    {
        if (environment.GetVariable(variable)?.Trim() is { Length: > 0 } named) return System.IO.Path.GetFullPath(named, environment.WorkingDirectory);
        string? home = environment.GetVariable("HOME")?.Trim() is { Length: > 0 } unix ? unix : environment.GetVariable("USERPROFILE")?.Trim();
        return string.IsNullOrEmpty(home) ? null : System.IO.Path.Combine(home, ".aws", name);
    }

    /// <summary>The settings of one profile by name; null where the file or the profile is not there.</summary>
    /// <exception cref="IOException">The file cannot be read, or is far too large.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read.</exception>
    internal static IReadOnlyDictionary<string, string>? Read(string path, string profile)
    {
        if (!File.Exists(path)) return null;
        if (new FileInfo(path).Length > MaxBytes) throw new IOException($"it is larger than {MaxBytes >> 10} KiB");
        Dictionary<string, string>? found = null;
        bool inside = false;
        foreach (string raw in File.ReadLines(path))
        {
            string line = raw.Trim();
            if (line is "" or ['#' or ';', ..]) continue;
            if (line[0] == '[')
            {
                inside = line.TrimStart('[').Split(']')[0].Trim() == profile;
                if (inside) found ??= new Dictionary<string, string>(StringComparer.Ordinal);
            }
            else if (inside && line.IndexOf('=') is > 0 and var at)
            {
                found![line[..at].Trim()] = line[(at + 1)..].Trim();
            }
        }
        return found;
    }
}
