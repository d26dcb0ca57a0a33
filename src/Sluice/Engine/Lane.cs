namespace Sluice.Engine;

/// <summary>How a request and its answer go through the gateway; named in the header <c>x-sluice-lane</c>.</summary>
public enum Lane
{
    /// <summary>Same format, nothing to change: bytes in are bytes out.</summary>
    Verbatim,

    /// <summary>Same format, byte-range edits: every other byte is untouched.</summary>
    Spliced,

    /// <summary>Another format: through the chat model.</summary>
    Translated,
}

/// <summary>Names of lanes.</summary>
public static class LaneNames
{
    /// <summary>The value of <c>x-sluice-lane</c>.</summary>
    public static string Name(this Lane lane) => lane switch { Lane.Verbatim => "verbatim", Lane.Spliced => "spliced", _ => "translated" };
}
