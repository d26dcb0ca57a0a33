namespace Sluice.Simulator;

/// <summary>The ways in which a simulated provider can fail.</summary>
public enum FaultKind
{
    /// <summary>An error answer with <see cref="Fault.Status"/>, in the vendor's own form.</summary>
    Status,

    /// <summary>Silence for <see cref="Fault.Duration"/> before the status line, after the headers, or at byte <see cref="Fault.AtByte"/>.</summary>
    Stall,

    /// <summary>The connection is reset (TCP RST) after byte <see cref="Fault.AtByte"/> of the body.</summary>
    Reset,

    /// <summary>The connection is closed (TCP FIN) after byte <see cref="Fault.AtByte"/> of the body, without the end that HTTP asks for.</summary>
    Close,

    /// <summary>Event <see cref="Fault.AtEvent"/> of the stream is broken JSON; a whole answer is cut in its middle.</summary>
    Malformed,

    /// <summary>The vendor's own error event after <see cref="Fault.AtEvent"/> events, and the stream's end.</summary>
    Error,

    /// <summary>Each event of the stream comes <see cref="Fault.Duration"/> after the one before.</summary>
    Slow,

    /// <summary>The right body with the content type <see cref="Fault.ContentType"/>.</summary>
    WrongContentType,

    /// <summary>Status 200 and no body.</summary>
    Empty,

    /// <summary>Status 200 and a page of HTML.</summary>
    NotJson,

    /// <summary>The body ends in its middle, with a proper end as far as HTTP goes.</summary>
    Truncated,

    /// <summary>A stream with one line of <see cref="Fault.Bytes"/> bytes at event <see cref="Fault.AtEvent"/>; a whole answer with as much white space.</summary>
    HugeLine,
}
