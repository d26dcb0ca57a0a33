namespace Sluice.Configuration.Schema;

/// <summary>Keys of the process itself: listening, administration, storage, logs, telemetry.</summary>
internal static class ServerSchema
{
    private static readonly ServerConfig Defaults = new();
    private static readonly LoggingConfig Log = new();

    internal static readonly ObjectType Certificate = new(
        "certificate",
        "A certificate and its private key.",
        Key.Path("certificate", "PEM or PKCS#12 file.", "/etc/sluice/tls.crt").Required(),
        Key.Path("key", "PEM file of the private key, where the certificate's file does not hold it.", "/etc/sluice/tls.key"),
        Key.Secret("password", "Password of the file.", "${TLS_PASSWORD}"));

    internal static readonly ObjectType Cors = new(
        "cors",
        "Which web pages of other origins may call the gateway from a browser. Off until origins are named.",
        Key.List("origins", ShapeType.Origin, "Origins whose pages may call; `*` stands for any text. `*` alone needs `keys.required`.", "[https://chat.example.com, \"vscode-webview://*\"]"));

    private const string MaxBuffered = "The most that all calls together hold of request bodies, whole answers and pieces of streams; a call above it gets status 503 with Retry-After. "
        + "Without it a quarter of the memory that the process may use, between 64MiB and 16GiB.";

    internal static readonly ObjectType Server = new(
        "server",
        "How the gateway listens and what it accepts.",
        Key.Of("listen", ListenType.Instance, "Address to listen on. Anything but loopback needs virtual keys (`keys.required`).", "0.0.0.0:4000") with { Default = Defaults.Listen.ToString() },
        Key.Object("https", Certificate, "Certificate for HTTPS; without it the gateway speaks plain HTTP."),
        Key.List("hosts", ShapeType.HostName, "Names that the `Host` header may carry beside loopback. Without keys all others are refused; with keys they are where this is set.", "[gateway.example.com]"),
        Key.Object("cors", Cors),
        Key.Size("max_request_body", Defaults.MaxRequestBody, "Largest request body, also after decoding; a larger one gets status 413.", 1 << 10, 4L << 30),
        Key.Integer("max_nesting", Defaults.MaxNesting, "How deep the JSON of a request may nest.", 4, 128),
        Key.Integer("max_headers", Defaults.MaxHeaders, "How many headers a request may have.", 10, 10_000),
        Key.Size("max_stream_line", Defaults.MaxStreamLine, "Longest line of an upstream's stream.", 4 << 10, 1L << 30),
        Key.Of("max_buffered", new SizeType(1 << 20, 1L << 40), MaxBuffered, "2GiB"),
        Key.Integer("max_concurrent", Defaults.MaxConcurrent, "Calls under way at once; further ones queue.", 1, 1_000_000),
        Key.Integer("max_queue", Defaults.MaxQueue, "Calls that may queue; further ones get status 503 with Retry-After.", 0, 1_000_000),
        Key.Duration("shutdown_grace", Defaults.ShutdownGrace, "How long open calls may go on after a stop was asked for.", TimeSpan.Zero, TimeSpan.FromHours(1)))
    {
        Absent = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["fetch_urls"] = "take it out: URLs in messages are passed on, and never fetched",
            ["dashboard"] = "take it out; what a dashboard would show is under /admin/api and /metrics",
        },
    };

    internal static readonly ObjectType Admin = new(
        "admin",
        "The administration API.",
        Key.Bool("enabled", new AdminConfig().Enabled, "Serve /admin/api."),
        Key.Of("listen", ListenType.Instance, "An address of its own; without it the server's address serves it too.", "127.0.0.1:4001"),
        Key.Secret("key", "The admin key. Without it one is made at the first start and printed once.", "${SLUICE_ADMIN_KEY}"),
        Key.Path("key_file", "A file that holds the admin key, e.g. a mounted secret.", "/run/secrets/sluice-admin"))
    {
        Exclusive = [["key", "key_file"]],
    };

    internal static readonly ObjectType Storage = new(
        "storage",
        "Where the ledger, the keys and the audit log are kept.",
        Key.Path("sqlite", "SQLite file, relative to the configuration file.", "/var/lib/sluice/sluice.db") with { Default = new StorageConfig().Sqlite },
        Key.Enum<StorageFailurePolicy>("on_failure", StorageFailurePolicy.Refuse, "What happens to calls while the store does not answer."),
        Key.Duration("retention", null, "How long ledger rows are kept; without it for ever.", TimeSpan.FromHours(1), TimeSpan.FromDays(36_500), "365d"))
    {
        Absent = new Dictionary<string, string>(StringComparer.Ordinal) { ["postgres"] = "write sqlite: ./sluice.db, a file that one gateway keeps everything in" },
    };

    internal static readonly ObjectType Logging = new(
        "logging",
        "What is logged. Secrets are always masked.",
        Key.Enum<LogFormat>("format", Log.Format, "Shape of a line."),
        Key.Enum<LogLevelName>("level", Log.Level, "Least level that is logged."),
        Key.Of("levels", new MapType(EnumNames<LogLevelName>.Type) { Placeholder = "CATEGORY" }, "Levels of single categories, by name or its beginning.", "{ Sluice.Routing: debug }"),
        Key.Enum<BodyLogging>("bodies", Log.Bodies, "How much of a call's messages is logged."),
        Key.Size("max_body", Log.MaxBody, "The most of one body that is logged.", 1, 64 << 20),
        Key.List("redact", RegexType.Instance, "Regular expressions whose matches are masked in what is logged.", "['\\b\\d{16}\\b']"));

    internal static readonly ObjectType Telemetry = new(
        "telemetry",
        "Where traces and metrics go.",
        Key.Url("otlp", "OTLP endpoint; without it OTEL_EXPORTER_OTLP_ENDPOINT decides.", "http://127.0.0.1:4317"),
        Key.Of("otlp_headers", new MapType(SecretType.Instance) { KeyType = ShapeType.HeaderName, Placeholder = "HEADER" }, "Headers sent to the OTLP endpoint.", "{ api-key: \"${OTLP_KEY}\" }"),
        Key.Bool("prometheus", new TelemetryConfig().Prometheus, "Serve /metrics."),
        Key.Text("service_name", "Service name of traces and metrics.", new TelemetryConfig().ServiceName, "sluice-eu"),
        Key.Ratio("sample", new TelemetryConfig().Sample, "Share of traces that is kept.", example: "0.1"),
        Key.Bool("content", new TelemetryConfig().Content, "Put message content into spans."));
}
