namespace Sluice.Simulator.Hosting;

/// <summary>What a credential allows: any non-empty one is good, but for three names.</summary>
internal enum Access
{
    Granted,
    Missing,
    Refused,
    Limited,
    Forbidden,
}

internal static class Credentials
{
    public static Access Judge(string? key) => key switch
    {
        null or "" => Access.Missing,
        "bad-key" => Access.Refused,
        "limited-key" => Access.Limited,
        "forbidden-key" => Access.Forbidden,
        _ => Access.Granted,
    };

    /// <summary>The token of <c>Authorization: Bearer</c>, or null.</summary>
    public static string? Bearer(SimulatedCall call) =>
        call.Header("Authorization") is { } header && header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) ? header["Bearer ".Length..].Trim() : null;
}
