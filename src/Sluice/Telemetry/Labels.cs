namespace Sluice.Telemetry;

/// <summary>Names of labels. The conventions' own for what the conventions name; short words for the rest.</summary>
internal static class Labels
{
    /// <summary>The vendor, as the conventions call it.</summary>
    public const string ProviderName = "gen_ai.provider.name";

    /// <summary>The provider's name in the configuration.</summary>
    public const string Provider = "provider";

    /// <summary>A model or route that the configuration names; else <c>other</c>.</summary>
    public const string Model = "gen_ai.request.model";

    public const string Operation = "gen_ai.operation.name";
    public const string TokenType = "gen_ai.token.type";
    public const string ErrorType = "error.type";
}

/// <summary>HTTP statuses as text, made once: a label's value must not cost a string for each call.</summary>
internal static class StatusText
{
    private static readonly string[] Texts = [.. Enumerable.Range(0, 600).Select(i => i.ToString(System.Globalization.CultureInfo.InvariantCulture))];

    public static string Of(int status) => status is >= 0 and < 600 ? Texts[status] : "other";
}
