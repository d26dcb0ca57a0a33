using System.Globalization;

namespace Sluice.Simulator.Faults;

/// <summary>Reads the short form of a fault, <c>kind=status;status=503;retry-after=2</c>, of the header and of the marker; and its fields from anywhere.</summary>
internal static class FaultText
{
    public static bool TryParse(string text, out Fault fault, out string? problem)
    {
        fault = new Fault();
        problem = null;
        var hasKind = false;
        foreach (var part in text.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var split = part.IndexOf('=', StringComparison.Ordinal);
            var (name, value) = split < 0 ? ("kind", part) : (part[..split].Trim(), part[(split + 1)..].Trim());
            hasKind |= name.Equals("kind", StringComparison.OrdinalIgnoreCase);
            if (!TrySet(ref fault, name, value, out problem))
                return false;
        }

        if (!hasKind)
            problem = "a fault needs a kind";
        return problem is null;
    }

    /// <summary>Sets one field by its name, written with dashes or underscores.</summary>
    public static bool TrySet(ref Fault fault, string name, string value, out string? problem)
    {
        problem = null;
        name = name.Replace('_', '-').ToLowerInvariant();
        switch (name)
        {
            case "kind":
                if (!TryParseKind(value, out var kind))
                {
                    problem = $"unknown fault kind '{value}'";
                    return false;
                }

                fault = fault with { Kind = kind };
                return true;
            case "code" or "type":
                fault = fault with { Code = value };
                return true;
            case "message":
                fault = fault with { Message = value };
                return true;
            case "body":
                fault = fault with { Body = value };
                return true;
            case "content-type":
                fault = fault with { ContentType = value };
                return true;
            case "path":
                fault = fault with { Path = value };
                return true;
            case "model":
                fault = fault with { Model = value };
                return true;
            case "provider":
                fault = fault with { Provider = value };
                return true;
            case "at" or "at-byte" or "byte" when TryParsePlace(value, out var place):
                fault = fault with { AtByte = place };
                return true;
        }

        if (!int.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
        {
            problem = $"'{name}={value}' is not understood";
            return false;
        }

        var changed = name switch
        {
            "status" => fault with { Status = number },
            "retry-after" or "retry-after-seconds" => fault with { RetryAfterSeconds = number },
            "retry-after-date" or "retry-after-date-seconds" => fault with { RetryAfterDateSeconds = number },
            "retry-after-ms" => fault with { RetryAfterMs = number },
            "event" or "at-event" => fault with { AtEvent = number },
            "ms" or "duration-ms" => fault with { Duration = TimeSpan.FromMilliseconds(number) },
            "bytes" => fault with { Bytes = Math.Clamp(number, 0, 256 * 1024 * 1024) },
            "times" => fault with { Times = number },
            _ => null,
        };
        if (changed is null)
        {
            problem = $"unknown fault field '{name}'";
            return false;
        }

        fault = changed;
        return true;
    }

    public static bool TryParseKind(string value, out FaultKind kind)
    {
        kind = default;
        FaultKind? found = value.Replace("-", "", StringComparison.Ordinal).Replace("_", "", StringComparison.Ordinal).ToLowerInvariant() switch
        {
            "status" => FaultKind.Status,
            "stall" => FaultKind.Stall,
            "reset" => FaultKind.Reset,
            "close" or "earlyclose" => FaultKind.Close,
            "malformed" => FaultKind.Malformed,
            "error" or "errorevent" => FaultKind.Error,
            "slow" or "slowtokens" => FaultKind.Slow,
            "wrongcontenttype" or "contenttype" => FaultKind.WrongContentType,
            "empty" or "emptybody" => FaultKind.Empty,
            "notjson" or "nonjson" => FaultKind.NotJson,
            "truncated" or "truncate" => FaultKind.Truncated,
            "hugeline" or "huge" => FaultKind.HugeLine,
            _ => null,
        };
        kind = found ?? default;
        return found is not null;
    }

    private static bool TryParsePlace(string value, out int place)
    {
        place = value.ToLowerInvariant() switch
        {
            "before-headers" or "start" => -2,
            "headers" or "after-headers" => -1,
            _ => int.MinValue,
        };
        return place != int.MinValue || int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out place);
    }
}
