namespace Sluice.Cli.Output;

/// <summary>Colours by meaning, as terminals are told of them (ECMA-48, SGR).</summary>
internal static class TextStyle
{
    public const string Bold = "\e[1m";
    public const string Dim = "\e[2m";
    public const string Plain = "\e[0m";
    public const string Good = "\e[32m";
    public const string Warning = "\e[33m";
    public const string Bad = "\e[31m";

    /// <summary>The style of a word for a state: green where all is well, red where something must be done, yellow between; none for a word that says neither.</summary>
    public static string? Of(string state) => state.Split(" (", 2)[0].ToLowerInvariant() switch
    {
        "ok" or "good" or "active" or "valid" or "closed" or "ready" or "on" => Good,
        "refused" or "key refused" or "unreachable" or "failed" or "missing" or "invalid" or "open" or "revoked" or "expired" or "retired" => Bad,
        "resting" or "half open" or "limited" or "deprecated" or "not ready" or "unknown" or "spent" or "fails" => Warning,
        "-" or "" => Dim,
        _ => null,
    };
}
