using OpenTelemetry.Exporter;
using Sluice.Configuration;
using Sluice.Gateway.Export;
using static Sluice.Gateway.Tests.SimulatedGateway;

namespace Sluice.Gateway.Tests;

/// <summary>What a collector gets by OTLP, decoded from the bytes.</summary>
public sealed class OtlpTests(SimulatedGateway gateway) : IClassFixture<SimulatedGateway>
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Call_IsExported_AsSpansAndMetrics(bool grpc)
    {
        await using var collector = await OtlpCollector.StartAsync(grpc);
        string yaml =
            $$"""
            telemetry: { otlp: "{{collector.Address}}", otlp_headers: { x-collector-key: "planted secret,=1" }, service_name: sluice-test }
            providers:
              wrong: { type: openai, base_url: "URL/openai/v1", api_key: bad-key, models: [large] }
              sim: { type: openai, base_url: "URL/openai/v1", api_key: test, models: [large] }
            models: { pair: { strategy: fallback, targets: [wrong/large, sim/large] } }
            """;
        var (trace, parent, header) = SpanRecorder.NewTrace();
        await using (var host = await SimulatedHost.StartAsync(gateway.Simulator, yaml, name => grpc && name == "OTEL_EXPORTER_OTLP_PROTOCOL" ? "grpc" : null))
        {
            var (path, body) = Ask("openai-chat", "pair", "Hello there", stream: true);
            using var answer = await host.PostAsync(path, body, ("traceparent", header));
            await TextAsync(answer);
        }

        // The stop has sent all of it. Other tests of this process may have sent spans of theirs.
        var spans = collector.Spans.Where(s => s.TraceId == trace).ToArray();
        var call = spans.Single(s => s.Kind == 2);
        var attempts = spans.Where(s => s.Kind == 3).ToArray();
        call.Name.ShouldBe("chat pair");
        call.Scope.ShouldBe("Sluice");
        call.ParentId.ShouldBe(parent);
        call.Resource["service.name"].ShouldBe("sluice-test");
        attempts.Length.ShouldBe(2);
        attempts.ShouldAllBe(s => s.ParentId == call.SpanId);
        attempts.Single(s => s.Attributes.ContainsKey("error.type")).Attributes["error.type"].ShouldBe("authentication");
        var good = attempts.Single(s => !s.Attributes.ContainsKey("error.type")).Attributes;
        good["gen_ai.provider.name"].ShouldBe("openai");
        good["sluice.provider"].ShouldBe("sim");
        good["gen_ai.response.finish_reasons"].ShouldBe(new object[] { "stop" });

        var duration = collector.Metrics.First(m => m.Name == "gen_ai.client.operation.duration");
        (duration.Kind, duration.Unit, duration.Temporality).ShouldBe(("histogram", "s", 2));
        duration.Bounds.ShouldBe([0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92]);
        duration.Points.ShouldContain(p => Equals(p["gen_ai.request.model"], "large") && Equals(p["gen_ai.operation.name"], "chat"));
        var tokens = collector.Metrics.First(m => m.Name == "gen_ai.client.token.usage");
        tokens.Bounds.ShouldBe([1, 4, 16, 64, 256, 1024, 4096, 16384, 65536, 262144, 1048576, 4194304, 16777216, 67108864]);
        var calls = collector.Metrics.First(m => m.Name == "sluice.calls");
        (calls.Kind, calls.Temporality, calls.IsMonotonic).ShouldBe(("sum", 2, true));

        collector.Headers.ShouldAllBe(h => h["x-collector-key"] == "planted secret,=1");
        collector.Raw.ShouldNotContain("planted");
        if (!grpc) collector.Paths.Distinct().Order().ShouldBe(["/v1/metrics", "/v1/traces"]);
    }

    [Fact]
    public async Task Collector_ThatIsNotThere_DelaysNoCallAndNoStop()
    {
        await using var host = await SimulatedHost.StartAsync(gateway.Simulator, """
            telemetry: { otlp: "http://127.0.0.1:9" }
            providers: { sim: { type: openai, base_url: "URL/openai/v1", api_key: test } }
            """);
        var (path, body) = Ask("openai-chat", "sim/large", "Hello there");

        using var answer = await host.PostAsync(path, body);

        answer.IsSuccessStatusCode.ShouldBeTrue();
    }

    [Theory]
    [InlineData("", null, null)]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT=http://c:4318", "http://c:4318/v1/traces HttpProtobuf", "http://c:4318/v1/metrics HttpProtobuf")]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT=http://c:4317", "http://c:4317/ Grpc", "http://c:4317/ Grpc")]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT=https://c/otlp/ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT=https://t/mine", "https://t/mine HttpProtobuf", "https://c/otlp/v1/metrics HttpProtobuf")]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT=http://c:4318 OTEL_EXPORTER_OTLP_METRICS_PROTOCOL=grpc", "http://c:4318/v1/traces HttpProtobuf", "http://c:4318/ Grpc")]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT=http://c:4318 OTEL_METRICS_EXPORTER=none", "http://c:4318/v1/traces HttpProtobuf", null)]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT=http://c:4318 OTEL_SDK_DISABLED=true", null, null)]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT=nonsense", null, null)]
    public void Variables_AreRead_AsOpenTelemetryDefinesThem(string variables, string? traces, string? metrics)
    {
        var all = variables.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(v => v.Split('=', 2)).ToDictionary(v => v[0], v => v[1]);

        var settings = OtlpSettings.Of(new TelemetryConfig(), all.GetValueOrDefault);

        Show(settings?.Traces).ShouldBe(traces);
        Show(settings?.Metrics).ShouldBe(metrics);
    }

    [Fact]
    public void Settings_OfTheFile_WinOverTheVariables_AndNeverShowTheirHeaders()
    {
        var config = new TelemetryConfig { Otlp = new Uri("http://file:4318"), OtlpHeaders = new Dictionary<string, Secret> { ["api-key"] = new("planted-key") } };

        var target = OtlpSettings.Of(config, name => name == "OTEL_EXPORTER_OTLP_ENDPOINT" ? "http://variable:4318" : null)!.Traces!;

        target.Endpoint.Host.ShouldBe("file");
        target.Protocol.ShouldBe(OtlpExportProtocol.HttpProtobuf);
        target.ToString().ShouldNotContain("planted");
    }

    private static string? Show(OtlpTarget? target) => target is null ? null : $"{target.Endpoint} {target.Protocol}";
}
