using System.Globalization;
using Sluice.Configuration;
using Sluice.Configuration.Schema;

namespace Sluice.Access.Administration;

/// <summary>What may be said of a key, on the command line and in the administration API.</summary>
internal static class KeySchema
{
    private static readonly ListType Patterns = new(new ShapeType("pattern", "up to 200 signs without blanks", "^[^\\s]{1,200}$", static text => text is { Length: > 0 and <= 200 } && !text.Any(char.IsWhiteSpace)));

    internal static readonly ObjectType Settings = new(
        "key",
        "A virtual key. What is not said is not restricted; the rules of its groups hold besides.",
        Key.Of("name", new ShapeType("name", "up to 100 visible signs without '\\', '?', '#' and '%', not beginning with 'key_', no part between slashes empty, '.' or '..'", "^(?!key_)[^\\x00-\\x1F\\\\?#%]{1,100}$", IsName), "Its name; unique."),
        Key.Text("group", "The group in `keys.groups` that it belongs to."),
        Key.Of("models", Patterns, "Models or routes that it may use, patterns with `*`."),
        Key.Of("routes", Patterns, "Routes that it may use, and nothing else; patterns with `*`."),
        Key.Of("providers", Patterns, "Providers that it may use, patterns with `*`."),
        Key.Object("limits", SharedSchema.Limits),
        Key.Object("budget", SharedSchema.Budget),
        Key.Of("expires_at", ExpiryType.Instance, "When it ends."),
        Key.List("addresses", AddressType.Instance, "Addresses and networks that it may be used from."),
        Key.Of("labels", new MapType(new ShapeType("label", "up to 256 signs in one line", "^[^\\x00-\\x1F]{0,256}$", static text => text.Length <= 256 && !text.Any(char.IsControl))) { KeyType = ShapeType.Identifier }, "Labels that every call of it gets."));

    private static bool IsName(string text) =>
        text is { Length: > 0 and <= 100 } && !text.Contains('%') && ModelName.Fault(text) is null && text.Trim().Length == text.Length && !text.StartsWith("key_", StringComparison.Ordinal) && text != AdminKey.Id && !KeyFormat.IsMeant(text);
}

/// <summary>An address or a network.</summary>
internal sealed class AddressType : ScalarType
{
    internal static readonly AddressType Instance = new();

    internal override string Name => "address";

    internal override string Expected => "an address or a network: 192.0.2.7, 10.0.0.0/8, 2001:db8::/32";

    internal override Problem? Check(string text) => AddressList.TryParse(text, out _) ? null : Wrong(text);
}

/// <summary>A point in time, or how long from now.</summary>
internal sealed class ExpiryType : ScalarType
{
    internal static readonly ExpiryType Instance = new();
    private static readonly string[] Formats = ["yyyy-MM-dd", "yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", "yyyy-MM-dd'T'HH:mmK"];

    internal override string Name => "time";

    internal override string Expected => "a date (2027-01-31, 00:00 UTC), a time (2027-01-31T18:00:00Z) or how long from now (30d, 12h)";

    internal override Problem? Check(string text) => TryParse(text, DateTimeOffset.UnixEpoch, out _) ? null : Wrong(text);

    internal static bool TryParse(string text, DateTimeOffset now, out DateTimeOffset time)
    {
        if (DateTimeOffset.TryParseExact(text, Formats, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out time)) return true;
        if (!Quantities.TryParseDuration(text, out var wait) || wait > TimeSpan.FromDays(36_500)) return false;
        time = now + wait;
        return true;
    }
}
