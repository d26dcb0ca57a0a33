using System.Text;

namespace Sluice.Configuration.Yaml;

/// <summary>Reads a configuration file's text, with one clear fault for whatever stands in the way.</summary>
internal static class ConfigurationText
{
    /// <summary>The largest file that is read: a configuration is written by people.</summary>
    internal const int MaxBytes = 1 << 20;

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    internal static string? Read(string path, string shown, FaultList faults)
    {
        var whole = new ConfigurationOrigin(ConfigurationOriginKind.File, shown);
        if (path.EndsWith(".toml", StringComparison.OrdinalIgnoreCase))
            return Fail("TOML is not read", "write the same keys as YAML");
        try
        {
            if (Directory.Exists(path)) return Fail("is a directory", "name a file in it, or give the directory with --config-dir");
            if (!File.Exists(path)) return Fail("no such file", "check the path, or write a new file with 'sluice config init'");
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            if (stream.Length > MaxBytes) return Fail($"is {stream.Length >> 10} KiB large", $"a configuration file has at most {MaxBytes >> 10} KiB");
            var bytes = new byte[MaxBytes + 1];
            var length = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            return length > MaxBytes ? Fail("is too large", $"a configuration file has at most {MaxBytes >> 10} KiB") : Decode(bytes.AsSpan(0, length), shown, faults);
        }
        catch (UnauthorizedAccessException)
        {
            return Fail("may not be read", $"give this user permission (chmod u+r {shown})");
        }
        catch (IOException e)
        {
            return Fail("cannot be read: " + e.Message.TrimEnd('.'), "check the file and its disk");
        }

        string? Fail(string what, string remedy)
        {
            faults.Add(whole, "", what, remedy);
            return null;
        }
    }

    private static string? Decode(ReadOnlySpan<byte> bytes, string shown, FaultList faults)
    {
        if (bytes is [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..])
        {
            faults.Add(new ConfigurationOrigin(ConfigurationOriginKind.File, shown, 1, 1), "", "is UTF-16", "save it as UTF-8");
            return null;
        }

        if (bytes is [0xEF, 0xBB, 0xBF, ..]) bytes = bytes[3..];
        try
        {
            var text = Utf8.GetString(bytes);
            if (!string.IsNullOrWhiteSpace(text)) return text;
            faults.Add(new ConfigurationOrigin(ConfigurationOriginKind.File, shown, 1, 1), "", "is empty", "write at least a provider, or start from 'sluice config init'");
            return null;
        }
        catch (DecoderFallbackException e)
        {
            var before = bytes[..Math.Max(e.Index, 0)];
            var line = before.Count((byte)'\n') + 1;
            var column = before.Length - before.LastIndexOf((byte)'\n');
            faults.Add(new ConfigurationOrigin(ConfigurationOriginKind.File, shown, line, column), "", "a byte here is not UTF-8", "save the file as UTF-8");
            return null;
        }
    }
}
