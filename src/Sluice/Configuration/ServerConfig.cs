namespace Sluice.Configuration;

/// <summary>How the gateway listens and what it accepts (<c>server</c>).</summary>
public sealed record ServerConfig
{
    /// <summary>The address to listen on. Default <c>127.0.0.1:4000</c>.</summary>
    public ListenAddress Listen { get; init; } = ListenAddress.Default;

    /// <summary>The certificate for HTTPS; null means plain HTTP.</summary>
    public CertificateConfig? Https { get; init; }

    /// <summary>
    /// The names that <c>Host</c> may carry beside loopback, without port. Default none. Where keys are not required only these and loopback are served; where they are, a
    /// list that is not empty is held too.
    /// </summary>
    public IReadOnlyList<string> Hosts { get; init; } = [];

    /// <summary>Which web pages may call the gateway from a browser.</summary>
    public CorsConfig Cors { get; init; } = new();

    /// <summary>The largest request body in bytes, as it is sent and as it is after decoding. Default 32 MiB; a larger one gets status 413.</summary>
    public long MaxRequestBody { get; init; } = 32L << 20;

    /// <summary>How deep the JSON of a request may nest. Default 64.</summary>
    public int MaxNesting { get; init; } = 64;

    /// <summary>How many headers a request may have. Default 100.</summary>
    public int MaxHeaders { get; init; } = 100;

    /// <summary>The longest line of an upstream's stream in bytes. Default 32 MiB: images come in one line. A longer one ends the attempt as a malformed answer.</summary>
    public long MaxStreamLine { get; init; } = 32L << 20;

    /// <summary>
    /// The most bytes of request bodies, whole answers and pieces of streams that all calls together hold; buffers below 64 KiB are not counted. Default null: a quarter of the
    /// memory that the process may use, between 64 MiB and 16 GiB. A call above it gets status 503 with Retry-After.
    /// </summary>
    public long? MaxBuffered { get; init; }

    /// <summary>How many calls may be under way at once. Default 10,000; a call above that waits in the queue.</summary>
    public int MaxConcurrent { get; init; } = 10_000;

    /// <summary>How many calls may wait for admission. Default 1,000; the next one gets status 503 with Retry-After.</summary>
    public int MaxQueue { get; init; } = 1_000;

    /// <summary>How long open calls may go on after a stop was asked for. Default 30 s.</summary>
    public TimeSpan ShutdownGrace { get; init; } = TimeSpan.FromSeconds(30);
}

/// <summary>Calls from web pages of other origins (<c>server.cors</c>).</summary>
public sealed record CorsConfig
{
    /// <summary>The origins whose pages may call, <c>*</c> standing for any text. Default none: browsers get no permission.</summary>
    public IReadOnlyList<string> Origins { get; init; } = [];
}

/// <summary>A certificate and its private key (<c>https</c>, <c>tls.client_certificate</c>).</summary>
public sealed record CertificateConfig
{
    /// <summary>The path of a PEM or PKCS#12 file.</summary>
    public required string Certificate { get; init; }

    /// <summary>The path of the PEM private key, where it is not in the certificate's file.</summary>
    public string? Key { get; init; }

    /// <summary>The password of the file.</summary>
    public Secret? Password { get; init; }
}

/// <summary>The administration API (<c>admin</c>).</summary>
public sealed record AdminConfig
{
    /// <summary>An address of its own for <c>/admin/api</c>; null means the server's address.</summary>
    public ListenAddress? Listen { get; init; }

    /// <summary>The admin key; null means that one is made at the first start and printed once.</summary>
    public Secret? Key { get; init; }

    /// <summary>Whether the administration API is served at all. Default true.</summary>
    public bool Enabled { get; init; } = true;
}
