using System.Text.Json;
using Sluice.Configuration.Schema;
using Sluice.Configuration.Yaml;

namespace Sluice.Configuration.Binding;

/// <summary>Binds the whole file.</summary>
internal static class RootBinder
{
    internal static SluiceConfig Bind(MapNode root, BindingContext context)
    {
        var reader = new ObjectReader(RootSchema.Root, root, "", context);
        _ = reader.Node("extends");
        var server = Server(reader.Object("server"));
        var defaults = Defaults(reader.Object("defaults"));
        var allow = reader.Object("allow");

        var keys = RuleBinder.Keys(reader.Object("keys"), server.Listen);
        CheckOrigins(reader.Object("server").Object("cors"), server.Cors, keys);

        var providers = new OrderedDictionary<string, ProviderConfig>(StringComparer.Ordinal);
        foreach (var entry in reader.Entries("providers")) providers[entry.Key] = ProviderBinder.Bind(entry, defaults, context);

        var written = reader.Entries("models");
        var routes = new OrderedDictionary<string, RouteConfig>(StringComparer.Ordinal);
        var binder = new RouteBinder(defaults, providers, written.Select(entry => entry.Key).ToHashSet(StringComparer.Ordinal), context);
        foreach (var entry in written) routes[entry.Key] = binder.Bind(entry);

        return new SluiceConfig
        {
            Server = server,
            Admin = Admin(reader.Object("admin")),
            Storage = Storage(reader.Object("storage")),
            Defaults = defaults,
            Allow = new AllowConfig { Providers = allow.Texts("providers"), Models = allow.Texts("models") },
            Providers = providers,
            Routes = routes,
            Transforms = RuleBinder.Transforms(reader),
            Keys = keys,
            Budgets = SharedBinder.Budget(reader.Object("budgets")),
            Cache = RuleBinder.Cache(reader.Object("cache")),
            Catalog = RuleBinder.Catalog(reader.Object("catalog")),
            Logging = Logging(reader.Object("logging")),
            Telemetry = Telemetry(reader.Object("telemetry")),
        };
    }

    private static ServerConfig Server(ObjectReader reader)
    {
        var byDefault = new ServerConfig();
        return new ServerConfig
        {
            Listen = reader.Listen("listen") ?? byDefault.Listen,
            Https = SharedBinder.Certificate(reader.Object("https")),
            Hosts = reader.Texts("hosts") ?? byDefault.Hosts,
            Cors = new CorsConfig { Origins = reader.Object("cors").Texts("origins") ?? byDefault.Cors.Origins },
            MaxRequestBody = reader.Size("max_request_body") ?? byDefault.MaxRequestBody,
            MaxNesting = reader.Int("max_nesting") ?? byDefault.MaxNesting,
            MaxHeaders = reader.Int("max_headers") ?? byDefault.MaxHeaders,
            MaxStreamLine = reader.Size("max_stream_line") ?? byDefault.MaxStreamLine,
            MaxBuffered = reader.Size("max_buffered"),
            MaxConcurrent = reader.Int("max_concurrent") ?? byDefault.MaxConcurrent,
            MaxQueue = reader.Int("max_queue") ?? byDefault.MaxQueue,
            ShutdownGrace = reader.Duration("shutdown_grace") ?? byDefault.ShutdownGrace,
        };
    }

    // Any page that a user opens may then call, and nothing asks it for a key.
    private static void CheckOrigins(ObjectReader reader, CorsConfig cors, KeysConfig keys)
    {
        if (keys.Required || !cors.Origins.Any(o => o.EndsWith("://*", StringComparison.Ordinal) ? o.StartsWith("http", StringComparison.OrdinalIgnoreCase) : o == "*")) return;
        reader.Context.Faults.Add(
            reader.OriginOf("origins"),
            reader.PathOf("origins"),
            "server.cors.origins lets every web page in, and keys.required is false: whatever page you open could spend on your providers' keys",
            "name the origins, or set keys.required: true and make keys with 'sluice keys create'");
    }

    private static AdminConfig Admin(ObjectReader reader)
    {
        var key = reader.Secret("key");
        if (reader.Text("key_file") is { } file && key is null) key = reader.Context.ReadSecretFile(file, reader.OriginOf("key_file"), reader.PathOf("key_file"));
        return new AdminConfig { Listen = reader.Listen("listen"), Key = key, Enabled = reader.Bool("enabled") ?? true };
    }

    private static StorageConfig Storage(ObjectReader reader)
    {
        var sqlite = reader.File("sqlite");
        if (Path.GetDirectoryName(sqlite) is { Length: > 0 } folder && !Directory.Exists(folder))
            reader.Context.Faults.Warn(reader.OriginOf("sqlite"), reader.PathOf("sqlite"), $"{reader.PathOf("sqlite")}: the folder {folder} does not exist; a start needs it");
        return new StorageConfig
        {
            Sqlite = sqlite ?? reader.Context.DefaultPath(new StorageConfig().Sqlite),
            OnFailure = reader.Enum<StorageFailurePolicy>("on_failure") ?? StorageFailurePolicy.Refuse,
            Retention = reader.Duration("retention"),
        };
    }

    private static DefaultsConfig Defaults(ObjectReader reader)
    {
        var byDefault = new DefaultsConfig();
        return new DefaultsConfig
        {
            Timeouts = SharedBinder.Timeouts(reader.Object("timeout"), byDefault.Timeouts),
            Retry = SharedBinder.Retry(reader.Object("retry"), byDefault.Retry),
            Breaker = SharedBinder.Breaker(reader.Object("breaker"), byDefault.Breaker),
            Limits = SharedBinder.Limits(reader.Object("limits"), byDefault.Limits),
            Params = reader.FreeMap("params", Empty<JsonElement>.Map),
            Headers = SharedBinder.Headers(reader.Object("headers"), byDefault.Headers),
            ResponseHeaders = SharedBinder.Headers(reader.Object("response_headers"), byDefault.ResponseHeaders),
            Strict = reader.Bool("strict") ?? byDefault.Strict,
            OnDisconnect = reader.Enum<DisconnectPolicy>("on_disconnect") ?? byDefault.OnDisconnect,
            Wait = reader.Bool("wait") ?? byDefault.Wait,
            UnknownPrice = reader.Enum<UnknownPricePolicy>("unknown_price") ?? byDefault.UnknownPrice,
        };
    }

    private static LoggingConfig Logging(ObjectReader reader)
    {
        var byDefault = new LoggingConfig();
        return new LoggingConfig
        {
            Format = reader.Enum<LogFormat>("format") ?? byDefault.Format,
            Level = reader.Enum<LogLevelName>("level") ?? byDefault.Level,
            Levels = reader.TextMap("levels") is { } levels
                ? new OrderedDictionary<string, LogLevelName>(levels.Select(level => KeyValuePair.Create(level.Key, EnumNames<LogLevelName>.Parse(level.Value)!.Value)), StringComparer.Ordinal)
                : byDefault.Levels,
            Bodies = reader.Enum<BodyLogging>("bodies") ?? byDefault.Bodies,
            MaxBody = reader.Size("max_body") ?? byDefault.MaxBody,
            Redact = reader.Texts("redact") ?? byDefault.Redact,
        };
    }

    private static TelemetryConfig Telemetry(ObjectReader reader)
    {
        var byDefault = new TelemetryConfig();
        return new TelemetryConfig
        {
            Otlp = reader.Url("otlp"),
            OtlpHeaders = reader.TextMap("otlp_headers") is { } headers
                ? new OrderedDictionary<string, Secret>(headers.Select(header => KeyValuePair.Create(header.Key, new Secret(header.Value))), StringComparer.OrdinalIgnoreCase)
                : byDefault.OtlpHeaders,
            Prometheus = reader.Bool("prometheus") ?? byDefault.Prometheus,
            ServiceName = reader.Text("service_name") ?? byDefault.ServiceName,
            Sample = reader.Double("sample") ?? byDefault.Sample,
            Content = reader.Bool("content") ?? byDefault.Content,
        };
    }
}
