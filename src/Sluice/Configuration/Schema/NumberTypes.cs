using System.Globalization;
using Sluice.Configuration.Yaml;

namespace Sluice.Configuration.Schema;

/// <summary>A type whose values are written without quotes: numbers and truth values.</summary>
internal abstract class PlainType : ScalarType
{
    internal override Problem? Check(ScalarNode node)
    {
        var problem = Check(node.Text);
        if (problem is not null || node.Plain || node.Substituted) return problem;
        return new Problem($"{Quote(node.Text)} stands in quotes and so is text, not {Name.WithArticle()}", $"write {node.Text} without quotes");
    }
}

/// <summary><c>true</c> or <c>false</c>.</summary>
internal sealed class BoolType : PlainType
{
    internal static readonly BoolType Instance = new();

    internal override string Name => "truth value";

    internal override string Expected => "true or false";

    internal override Problem? Check(string text) => TryParse(text, out _) ? null : Wrong(text);

    internal static bool TryParse(string text, out bool value)
    {
        value = text is "true" or "True" or "TRUE";
        return value || text is "false" or "False" or "FALSE";
    }
}

/// <summary>A whole number within bounds.</summary>
internal sealed class IntegerType(long min, long max) : PlainType
{
    internal long Min { get; } = min;

    internal long Max { get; } = max;

    internal override string Name => "whole number";

    internal override string Expected =>
        Max is int.MaxValue or long.MaxValue ? string.Create(CultureInfo.InvariantCulture, $"a whole number of at least {Min}") : string.Create(CultureInfo.InvariantCulture, $"a whole number from {Min} to {Max}");

    internal override Problem? Check(string text)
    {
        if (!long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value)) return Wrong(text);
        return value < Min || value > Max ? new Problem($"{text} is out of range", "write " + Expected) : null;
    }
}

/// <summary>A number within bounds.</summary>
internal sealed class NumberType(decimal min, decimal max) : PlainType
{
    internal decimal Min { get; } = min;

    internal decimal Max { get; } = max;

    /// <summary>Whether the lower bound itself is out.</summary>
    internal bool AboveMin { get; init; }

    /// <summary>Whether it is an amount in USD.</summary>
    internal bool IsMoney { get; init; }

    internal override string Name => IsMoney ? "amount in USD" : "number";

    internal override string Expected
    {
        get
        {
            var low = AboveMin ? "above " : IsMoney || Max == decimal.MaxValue ? "of at least " : "from ";
            var high = Max == decimal.MaxValue ? "" : string.Create(CultureInfo.InvariantCulture, $" {(AboveMin ? "and up to" : "to")} {Max}");
            return string.Create(CultureInfo.InvariantCulture, $"{Name.WithArticle()} {low}{Min}{high}");
        }
    }

    internal override Problem? Check(string text)
    {
        if (!decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value)) return Wrong(text);
        return value < Min || value > Max || (AboveMin && value == Min) ? new Problem($"{text} is out of range", "write " + Expected) : null;
    }
}

/// <summary>A time with its unit.</summary>
internal sealed class DurationType(TimeSpan min, TimeSpan max) : ScalarType
{
    internal TimeSpan Min { get; } = min;

    internal TimeSpan Max { get; } = max;

    internal override string Name => "duration";

    internal override string Expected => $"a time with its unit (ms, s, m, h, d) from {Quantities.Format(Min)} to {Quantities.Format(Max)}, such as 30s";

    internal override Problem? Check(string text)
    {
        if (text is [_, ..] && text.All(c => char.IsAsciiDigit(c) || c is '.')) return new Problem($"'{text}' has no unit", $"write {text}s or {text}ms");
        if (!Quantities.TryParseDuration(text, out var value)) return Wrong(text);
        return value < Min || value > Max ? new Problem($"{text} is out of range", "write " + Expected) : null;
    }
}

/// <summary>An amount of bytes with its unit.</summary>
internal sealed class SizeType(long min, long max) : ScalarType
{
    internal long Min { get; } = min;

    internal long Max { get; } = max;

    internal override string Name => "size";

    internal override string Expected => $"a size with its unit (B, KiB, MiB, GiB, kB, MB, GB) from {Quantities.FormatSize(Min)} to {Quantities.FormatSize(Max)}, such as 32MiB";

    internal override Problem? Check(string text)
    {
        if (text is [_, ..] && text.All(char.IsAsciiDigit)) return new Problem($"'{text}' has no unit", $"write {text}MiB or {text}B");
        if (!Quantities.TryParseSize(text, out var value)) return Wrong(text);
        return value < Min || value > Max ? new Problem($"{text} is out of range", "write " + Expected) : null;
    }
}
