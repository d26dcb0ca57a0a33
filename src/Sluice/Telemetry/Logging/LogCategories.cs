namespace Sluice.Telemetry.Logging;

/// <summary>The categories of log lines: what <c>logging.levels</c> may name, whole or by a beginning.</summary>
internal static class LogCategories
{
    /// <summary>The line of each call.</summary>
    public const string Call = "Sluice.Call";

    /// <summary>Its headers and bodies (<c>logging.bodies</c>).</summary>
    public const string Messages = "Sluice.Messages";

    /// <summary>Step: the request was read.</summary>
    public const string Decode = "Sluice.Steps.Decode";

    /// <summary>Step: guards let it in, or not.</summary>
    public const string Admit = "Sluice.Steps.Admit";

    /// <summary>Step: the targets in their order, those passed over and why.</summary>
    public const string Route = "Sluice.Steps.Route";

    /// <summary>Step: an attempt is sent, answered, ended.</summary>
    public const string Attempt = "Sluice.Steps.Attempt";

    /// <summary>Step: what a translation lost.</summary>
    public const string Translate = "Sluice.Steps.Translate";

    /// <summary>Step: the call was settled.</summary>
    public const string Settle = "Sluice.Steps.Settle";

    /// <summary>Administrative acts; written whatever the level.</summary>
    public const string Audit = "Sluice.Audit";
}
