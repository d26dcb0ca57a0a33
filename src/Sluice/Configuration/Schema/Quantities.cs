using System.Buffers;
using System.Globalization;

namespace Sluice.Configuration.Schema;

/// <summary>Times and sizes as people write them: <c>1m30s</c>, <c>500ms</c>, <c>32MiB</c>.</summary>
internal static class Quantities
{
    private static readonly SearchValues<char> NumberSigns = SearchValues.Create("0123456789.");

    private static readonly (string Unit, long Ticks)[] Times =
    [
        ("ms", TimeSpan.TicksPerMillisecond), ("s", TimeSpan.TicksPerSecond), ("m", TimeSpan.TicksPerMinute),
        ("h", TimeSpan.TicksPerHour), ("d", TimeSpan.TicksPerDay),
    ];

    private static readonly (string Unit, long Bytes)[] Sizes =
    [
        ("GiB", 1L << 30), ("MiB", 1L << 20), ("KiB", 1L << 10), ("GB", 1_000_000_000), ("MB", 1_000_000), ("kB", 1_000), ("KB", 1_000), ("B", 1),
    ];

    internal static bool TryParseDuration(ReadOnlySpan<char> text, out TimeSpan duration)
    {
        duration = TimeSpan.Zero;
        if (text.Length == 0) return false;
        decimal ticks = 0;
        while (text.Length > 0)
        {
            var digits = text.IndexOfAnyExcept(NumberSigns);
            if (digits <= 0 || !decimal.TryParse(text[..digits], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)) return false;
            text = text[digits..];
            var letters = text.IndexOfAnyInRange('0', '9');
            var unit = letters < 0 ? text : text[..letters];
            var factor = 0L;
            foreach (var (name, size) in Times)
            {
                if (unit.SequenceEqual(name)) factor = size;
            }

            if (factor == 0 || number > 1_000_000_000) return false;
            ticks += number * factor;
            text = text[unit.Length..];
        }

        if (ticks > TimeSpan.MaxValue.Ticks) return false;
        duration = new TimeSpan((long)ticks);
        return true;
    }

    internal static bool TryParseSize(ReadOnlySpan<char> text, out long bytes)
    {
        bytes = 0;
        foreach (var (unit, size) in Sizes)
        {
            if (!text.EndsWith(unit, StringComparison.Ordinal)) continue;
            if (!decimal.TryParse(text[..^unit.Length].TrimEnd(), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)) return false;
            if (number * size > long.MaxValue) return false;
            bytes = (long)(number * size);
            return true;
        }

        return false;
    }

    internal static string Format(TimeSpan duration)
    {
        if (duration == TimeSpan.Zero) return "0s";
        if (duration.Ticks % TimeSpan.TicksPerMillisecond != 0) return string.Create(CultureInfo.InvariantCulture, $"{(decimal)duration.Ticks / TimeSpan.TicksPerMillisecond}ms");
        for (var i = Times.Length - 1; i > 0; i--)
        {
            // 60s and 24h are how people write them; a single minute, hour or day goes to the unit below.
            var count = duration.Ticks / Times[i].Ticks;
            if (duration.Ticks % Times[i].Ticks == 0 && (count > 1 || i == 1)) return string.Create(CultureInfo.InvariantCulture, $"{count}{Times[i].Unit}");
        }

        return string.Create(CultureInfo.InvariantCulture, $"{duration.Ticks / TimeSpan.TicksPerMillisecond}ms");
    }

    internal static string FormatSize(long bytes)
    {
        foreach (var (unit, size) in Sizes)
        {
            if (unit.Contains('i') && bytes >= size && bytes % size == 0) return string.Create(CultureInfo.InvariantCulture, $"{bytes / size}{unit}");
        }

        return string.Create(CultureInfo.InvariantCulture, $"{bytes}B");
    }
}
