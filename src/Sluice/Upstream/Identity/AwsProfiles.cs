namespace Sluice.Upstream.Identity;

/// <summary>The profiles and sessions of <c>~/.aws/config</c> and <c>~/.aws/credentials</c> (https://docs.aws.amazon.com/sdkref/latest/guide/file-format.html).</summary>
internal sealed class AwsProfiles
{
    private readonly Dictionary<string, Dictionary<string, string>> _profiles = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Dictionary<string, string>> _sessions = new(StringComparer.Ordinal);

    /// <summary>Where was looked, for messages.</summary>
    public string Places { get; private set; } = "the AWS configuration files";

    /// <summary>The settings of a profile; <see langword="null"/> where no file has it.</summary>
    public IReadOnlyDictionary<string, string>? Find(string name) => _profiles.GetValueOrDefault(name);

    /// <summary>The settings of a session of single sign-on.</summary>
    public IReadOnlyDictionary<string, string>? Session(string name) => _sessions.GetValueOrDefault(name);

    /// <summary>Reads both files; one that is not there is empty.</summary>
    /// <exception cref="IdentityException">One cannot be read.</exception>
    public static AwsProfiles Read(IdentityEnvironment environment)
    {
        var profiles = new AwsProfiles();
        string? config = environment["AWS_CONFIG_FILE"] ?? environment.InHome(".aws", "config");
        string? credentials = environment["AWS_SHARED_CREDENTIALS_FILE"] ?? environment.InHome(".aws", "credentials");
        profiles.Places = string.Join(" and ", new[] { config, credentials }.OfType<string>().DefaultIfEmpty("the AWS configuration files (there is no home directory)"));
        profiles.Add(config, isConfig: true);
        // Of a setting in both the credentials file's counts.
        profiles.Add(credentials, isConfig: false);
        return profiles;
    }

    private void Add(string? path, bool isConfig)
    {
        if (path is null || !File.Exists(path)) return;
        Dictionary<string, string>? section = null;
        foreach (string raw in Lines(path))
        {
            string line = raw.Trim();
            if (line is "" or ['#' or ';', ..]) continue;
            if (line[0] == '[') section = Section(line.TrimStart('[').Split(']')[0].Trim(), isConfig);
            else if (section is not null && !char.IsWhiteSpace(raw[0]) && line.IndexOf('=') is > 0 and var at) section[line[..at].Trim()] = Value(line[(at + 1)..]);
        }
    }

    private Dictionary<string, string>? Section(string title, bool isConfig)
    {
        string[] words = title.Split(' ', 2, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var (kind, name) = words switch
        {
            ["profile", var named] when isConfig => (_profiles, named),
            ["sso-session", var named] when isConfig => (_sessions, named),
            [var named] when !isConfig || named == "default" => (_profiles, named),
            _ => (null, ""),
        };
        if (kind is null) return null;
        return kind.TryGetValue(name, out var known) ? known : kind[name] = new Dictionary<string, string>(StringComparer.Ordinal);
    }

    // " #" begins a comment behind a value.
    private static string Value(string text)
    {
        int comment = text.IndexOf(" #", StringComparison.Ordinal);
        return (comment < 0 ? text : text[..comment]).Trim();
    }

    private static string[] Lines(string path)
    {
        try
        {
            return new FileInfo(path).Length > 1 << 20 ? throw new IdentityException($"{path} is larger than 1 MiB") : File.ReadAllLines(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new IdentityException($"{path} cannot be read", "Give this user permission, or name another file by AWS_CONFIG_FILE or AWS_SHARED_CREDENTIALS_FILE.");
        }
    }
}
