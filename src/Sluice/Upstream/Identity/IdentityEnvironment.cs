using Sluice.Configuration;

namespace Sluice.Upstream.Identity;

/// <summary>The variables by which clouds tell a program who it is, as they stood when the configuration was loaded.</summary>
internal sealed class IdentityEnvironment(IReadOnlyDictionary<string, string> variables)
{
    private const int MaxFile = 1 << 20;

    /// <summary>A variable that is set and not empty.</summary>
    public string? this[string name] => variables.GetValueOrDefault(name)?.Trim() is { Length: > 0 } value ? value : null;

    /// <summary>Whether a variable says yes.</summary>
    public bool Says(string name) => string.Equals(this[name], "true", StringComparison.OrdinalIgnoreCase);

    /// <summary>A file below the home directory; <see langword="null"/> where there is no home.</summary>
    public string? InHome(params string[] path) => (this["HOME"] ?? this["USERPROFILE"]) is { } home ? Path.Combine([home, .. path]) : null;

    /// <summary>Reads a small file.</summary>
    /// <exception cref="IOException">It cannot be read, or is far too large.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static async Task<byte[]> ReadAsync(string file, CancellationToken cancellationToken)
    {
        if (new FileInfo(file) is { Exists: true, Length: > MaxFile }) throw new IOException("it is too large");
        return await File.ReadAllBytesAsync(file, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The environment of a provider.</summary>
    public static IdentityEnvironment Of(ProviderConfig provider) => new(provider.IdentityVariables);
}
