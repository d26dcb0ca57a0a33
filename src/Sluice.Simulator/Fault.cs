namespace Sluice.Simulator;

/// <summary>One fault. Fields that its kind does not use are ignored.</summary>
public sealed record Fault
{
    /// <summary>What goes wrong.</summary>
    public FaultKind Kind { get; init; }

    /// <summary>HTTP status of <see cref="FaultKind.Status"/>. Default 500.</summary>
    public int Status { get; init; } = 500;

    /// <summary>
    /// What the error is about, in the simulator's words: <c>quota</c>, <c>context</c>, <c>filter</c>, <c>overloaded</c>, <c>failed</c> (the OpenAI Responses
    /// form <c>response.failed</c>), or a vendor's own error code or type, sent as it is. Null takes what is usual for the status.
    /// </summary>
    public string? Code { get; init; }

    /// <summary>The error's text, or null for the vendor's usual one.</summary>
    public string? Message { get; init; }

    /// <summary>Body sent instead of the vendor's error body, or null.</summary>
    public string? Body { get; init; }

    /// <summary><c>Retry-After</c> in whole seconds, or null for none.</summary>
    public int? RetryAfterSeconds { get; init; }

    /// <summary><c>Retry-After</c> as an HTTP date that lies this many seconds ahead, or null for none.</summary>
    public int? RetryAfterDateSeconds { get; init; }

    /// <summary>OpenAI's <c>retry-after-ms</c>, or null for none.</summary>
    public int? RetryAfterMs { get; init; }

    /// <summary>Bytes of the body that go out first. For <see cref="FaultKind.Stall"/>: -2 before the status line (the default), -1 after the headers.</summary>
    public int AtByte { get; init; } = -2;

    /// <summary>Events of the stream that go out first. Default 1.</summary>
    public int AtEvent { get; init; } = 1;

    /// <summary>Length of a stall, or of the pause between events. Default 30 s for a stall and 100 ms between events.</summary>
    public TimeSpan? Duration { get; init; }

    /// <summary>Length of the huge line. Default 2 MiB.</summary>
    public int Bytes { get; init; } = 2 * 1024 * 1024;

    /// <summary>The wrong content type. Default <c>text/html; charset=utf-8</c>.</summary>
    public string ContentType { get; init; } = "text/html; charset=utf-8";

    /// <summary>Only calls whose path contains this, or null for every POST.</summary>
    public string? Path { get; init; }

    /// <summary>Only calls whose model name contains this, or null for all.</summary>
    public string? Model { get; init; }

    /// <summary>Only calls of this vendor, or null for all. Of use in a marker, which any vendor may read.</summary>
    public string? Provider { get; init; }

    /// <summary>For a header or a marker: how many calls it strikes before it lets the rest pass; 0 (the default) for all.</summary>
    public int Times { get; init; }

    /// <summary>An error answer.</summary>
    public static Fault WithStatus(int status, int? retryAfterSeconds = null, string? code = null) =>
        new() { Kind = FaultKind.Status, Status = status, RetryAfterSeconds = retryAfterSeconds, Code = code };

    /// <summary>Silence before the status line.</summary>
    public static Fault StallBeforeHeaders(TimeSpan duration) => new() { Kind = FaultKind.Stall, Duration = duration };

    /// <summary>Silence after the headers.</summary>
    public static Fault StallAfterHeaders(TimeSpan duration) => new() { Kind = FaultKind.Stall, AtByte = -1, Duration = duration };

    /// <summary>Silence after so many bytes of the body.</summary>
    public static Fault StallAt(int atByte, TimeSpan duration) => new() { Kind = FaultKind.Stall, AtByte = atByte, Duration = duration };

    /// <summary>A TCP reset after so many bytes of the body.</summary>
    public static Fault ResetAt(int atByte) => new() { Kind = FaultKind.Reset, AtByte = atByte };

    /// <summary>An early close after so many bytes of the body.</summary>
    public static Fault CloseAt(int atByte) => new() { Kind = FaultKind.Close, AtByte = atByte };

    /// <summary>Broken JSON in one event.</summary>
    public static Fault MalformedAt(int atEvent) => new() { Kind = FaultKind.Malformed, AtEvent = atEvent };

    /// <summary>The vendor's error event inside a stream.</summary>
    public static Fault ErrorAt(int atEvent, string? code = null) => new() { Kind = FaultKind.Error, AtEvent = atEvent, Code = code };

    /// <summary>A pause before each event.</summary>
    public static Fault Slow(TimeSpan perEvent) => new() { Kind = FaultKind.Slow, Duration = perEvent };

    /// <summary>A kind with its defaults.</summary>
    public static Fault Of(FaultKind kind) => new() { Kind = kind };
}
