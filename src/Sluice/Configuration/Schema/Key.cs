using System.Globalization;

namespace Sluice.Configuration.Schema;

/// <summary>Short ways to write keys down. The defaults come from the records, so that each is written once.</summary>
internal static class Key
{
    private static readonly TimeSpan Year = TimeSpan.FromDays(365);

    internal static ConfigKey Of(string name, ConfigType type, string summary, string? example = null) => new(name, type, summary) { Example = example };

    internal static ConfigKey Text(string name, string summary, string? byDefault = null, string? example = null) =>
        new(name, TextType.Any, summary) { Default = byDefault, Example = example };

    internal static ConfigKey Path(string name, string summary, string? example = null) => new(name, TextType.Path, summary) { Example = example };

    internal static ConfigKey Secret(string name, string summary, string? example = null) => new(name, SecretType.Instance, summary) { Example = example };

    internal static ConfigKey Url(string name, string summary, string? example = null) => new(name, UrlType.Address, summary) { Example = example };

    internal static ConfigKey Bool(string name, bool? byDefault, string summary) =>
        new(name, BoolType.Instance, summary) { Default = byDefault is { } value ? (value ? "true" : "false") : null, Example = byDefault is true ? "false" : "true" };

    internal static ConfigKey Integer(string name, long? byDefault, string summary, long min = 0, long max = int.MaxValue, string? example = null)
    {
        var text = byDefault?.ToString(CultureInfo.InvariantCulture);
        return new(name, new IntegerType(min, max), summary) { Default = text, Example = example ?? text };
    }

    internal static ConfigKey Ratio(string name, double? byDefault, string summary, bool aboveZero = false, string? example = null)
    {
        var text = byDefault?.ToString(CultureInfo.InvariantCulture);
        return new(name, new NumberType(0, 1) { AboveMin = aboveZero }, summary) { Default = text, Example = example ?? text };
    }

    internal static ConfigKey Money(string name, string summary, string? example = null) =>
        new(name, new NumberType(0, decimal.MaxValue) { IsMoney = true }, summary) { Example = example };

    internal static ConfigKey Duration(string name, TimeSpan? byDefault, string summary, TimeSpan? min = null, TimeSpan? max = null, string? example = null)
    {
        var text = byDefault is { } value ? Quantities.Format(value) : null;
        return new(name, new DurationType(min ?? TimeSpan.FromMilliseconds(1), max ?? Year), summary) { Default = text, Example = example ?? text };
    }

    internal static ConfigKey Size(string name, long byDefault, string summary, long min, long max) =>
        new(name, new SizeType(min, max), summary) { Default = Quantities.FormatSize(byDefault), Example = Quantities.FormatSize(byDefault) };

    internal static ConfigKey Enum<T>(string name, T? byDefault, string summary)
        where T : struct, Enum =>
        new(name, EnumNames<T>.Type, summary) { Default = byDefault is { } value ? EnumNames<T>.Name(value) : null, Example = EnumNames<T>.Names[^1] };

    internal static ConfigKey Object(string name, ObjectType type, string? summary = null) => new(name, type, summary ?? type.Summary);

    internal static ConfigKey List(string name, ConfigType item, string summary, string? example = null) => new(name, new ListType(item), summary) { Example = example };

    internal static ConfigKey FreeMap(string name, string summary, string example) =>
        new(name, new MapType(FreeType.Instance) { Placeholder = "PARAMETER" }, summary) { Example = example };

    internal static ConfigKey Inherited(this ConfigKey key) => key with { Inherited = true };

    internal static ConfigKey OnlyFor(this ConfigKey key, string type) => key with { OnlyFor = type };

    internal static ConfigKey Required(this ConfigKey key) => key with { Required = true };
}
