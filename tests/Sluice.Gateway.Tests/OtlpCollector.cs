using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace Sluice.Gateway.Tests;

/// <summary>An OTLP collector, by HTTP or by gRPC, that keeps what it is sent and decodes it.</summary>
internal sealed class OtlpCollector : IAsyncDisposable
{
    private const string GrpcTraces = "/opentelemetry.proto.collector.trace.v1.TraceService/Export";
    private const string GrpcMetrics = "/opentelemetry.proto.collector.metrics.v1.MetricsService/Export";
    private readonly WebApplication _server;
    private readonly ConcurrentQueue<(string Signal, byte[] Body)> _received = new();

    private OtlpCollector(WebApplication server) => _server = server;

    public string Address => _server.Urls.Single();

    public ConcurrentQueue<IReadOnlyDictionary<string, string>> Headers { get; } = new();

    public ConcurrentQueue<string> Paths { get; } = new();

    public static async Task<OtlpCollector> StartAsync(bool grpc)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(k => k.Listen(IPAddress.Loopback, 0, l => l.Protocols = grpc ? HttpProtocols.Http2 : HttpProtocols.Http1));
        var collector = new OtlpCollector(builder.Build());
        collector._server.Run(collector.TakeAsync);
        await collector._server.StartAsync(TestContext.Current.CancellationToken);
        return collector;
    }

    /// <summary>All spans, with what they belong to.</summary>
    public IEnumerable<OtlpSpan> Spans => Signal("traces").SelectMany(r => r.All(1)).SelectMany(resource =>
        resource.All(2).SelectMany(scope => scope.All(2).Select(span => new OtlpSpan(span, scope.One(1)!.Text(1), resource.One(1)!.Attributes(1)))));

    /// <summary>All metrics of the gateway's meter.</summary>
    public IEnumerable<OtlpMetric> Metrics => Signal("metrics").SelectMany(r => r.All(1)).SelectMany(resource => resource.All(2)).Where(scope => scope.One(1)!.Text(1) == "Sluice").SelectMany(scope => scope.All(2).Select(m => new OtlpMetric(m)));

    /// <summary>Everything that was sent, as text: to search for what must not be there.</summary>
    public string Raw => string.Concat(_received.Select(r => System.Text.Encoding.UTF8.GetString(r.Body)));

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private IEnumerable<ProtobufMessage> Signal(string name) => _received.Where(r => r.Signal == name).Select(r => new ProtobufMessage(r.Body));

    private async Task TakeAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        string path = context.Request.Path.Value!;
        Paths.Enqueue(path);
        Headers.Enqueue(context.Request.Headers.ToDictionary(h => h.Key, h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase));
        bool grpc = path is GrpcTraces or GrpcMetrics;
        // A gRPC message has five bytes before it: whether it is compressed, and its length.
        byte[] message = grpc ? body.ToArray()[5..] : body.ToArray();
        _received.Enqueue((path.Contains("trace", StringComparison.OrdinalIgnoreCase) ? "traces" : "metrics", message));
        context.Response.ContentType = grpc ? "application/grpc" : "application/x-protobuf";
        if (!grpc) return;
        await context.Response.Body.WriteAsync(new byte[5]);
        context.Response.AppendTrailer("grpc-status", "0");
    }
}

/// <summary>A span as it came over the wire.</summary>
internal sealed class OtlpSpan(ProtobufMessage span, string scope, Dictionary<string, object?> resource)
{
    public string Scope => scope;

    public Dictionary<string, object?> Resource => resource;

    public string TraceId => span.Hex(1);

    public string SpanId => span.Hex(2);

    public string ParentId => span.Hex(4);

    public string Name => span.Text(5);

    /// <summary>1 internal, 2 server, 3 client.</summary>
    public long Kind => span.Number(6);

    public Dictionary<string, object?> Attributes => span.Attributes(9);

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Name} {Kind} {SpanId} < {ParentId}");
}

/// <summary>A metric as it came over the wire.</summary>
internal sealed class OtlpMetric(ProtobufMessage metric)
{
    public string Name => metric.Text(1);

    public string Unit => metric.Text(3);

    public string Kind => metric.Has(9) ? "histogram" : metric.Has(7) ? "sum" : "gauge";

    /// <summary>1 delta, 2 cumulative.</summary>
    public long Temporality => Data.Number(2);

    public bool IsMonotonic => Data.Number(3) != 0;

    public double[] Bounds => Data.All(1).First().Doubles(7);

    public IEnumerable<Dictionary<string, object?>> Points => Data.All(1).Select(p => p.Attributes(metric.Has(9) ? 9 : 7));

    private ProtobufMessage Data => metric.One(9) ?? metric.One(7) ?? metric.One(5)!;
}
