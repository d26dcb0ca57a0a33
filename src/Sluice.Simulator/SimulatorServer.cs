using System.Net;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Sluice.Simulator.Faults;
using Sluice.Simulator.Hosting;

namespace Sluice.Simulator;

/// <summary>
/// The provider APIs on one port: <c>/openai/v1</c>, <c>/anthropic/v1</c>, <c>/gemini/v1beta</c>, <c>/ollama/api</c>, <c>/cohere/v2</c>, <c>/mistral/v1</c>,
/// and <c>/__control</c> to order faults.
/// </summary>
public sealed class SimulatorServer : IAsyncDisposable
{
    /// <summary>Thousands of streams may be opened at once; the default of 512 would make some of them wait for a second SYN.</summary>
    private const int ConnectionBacklog = 4096;
    private readonly KestrelServer server;
    private readonly FaultDesk faults;

    private SimulatorServer(KestrelServer server, SimulatorApplication application, Uri address)
    {
        this.server = server;
        faults = application.Faults;
        Requests = application.Requests;
        BaseAddress = address;
    }

    /// <summary>Where it listens, without a path: <c>http://127.0.0.1:port</c>.</summary>
    public Uri BaseAddress { get; }

    /// <summary>What it has received.</summary>
    public SimulatorRecorder Requests { get; }

    /// <summary>Starts a simulator.</summary>
    /// <exception cref="ArgumentException"><see cref="SimulatorOptions.Listen"/> is not <c>host:port</c>.</exception>
    /// <exception cref="IOException">The address is in use.</exception>
    public static async Task<SimulatorServer> StartAsync(SimulatorOptions options, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        var application = new SimulatorApplication(options);
        var kestrel = new KestrelServerOptions { AddServerHeader = false, AllowSynchronousIO = false };
        kestrel.Limits.MaxRequestBodySize = null;
        kestrel.Limits.MinResponseDataRate = null;
        kestrel.Limits.MinRequestBodyDataRate = null;
        kestrel.Listen(ParseListen(options.Listen), listen => listen.Protocols = options.Http2 ? HttpProtocols.Http2 : HttpProtocols.Http1);

        // The bare server, without a host: no console lifetime that would take Ctrl-C away from the program, no logging, no container.
        var sockets = new SocketTransportFactory(Options.Create(new SocketTransportOptions { Backlog = ConnectionBacklog }), NullLoggerFactory.Instance);
        var started = new KestrelServer(Options.Create(kestrel), sockets, NullLoggerFactory.Instance);
        try
        {
            await started.StartAsync(application, ct).ConfigureAwait(false);
        }
        catch
        {
            started.Dispose();
            throw;
        }

        var address = started.Features.Get<IServerAddressesFeature>()!.Addresses.First();
        return new SimulatorServer(started, application, new Uri(address));
    }

    /// <summary>
    /// Orders faults for the next calls of a vendor (<c>*</c> for any): the first call gets the first, and so on; after the last one calls succeed again.
    /// </summary>
    public void Script(string provider, params Fault[] faults)
    {
        ArgumentNullException.ThrowIfNull(faults);
        this.faults.Enqueue(provider, faults, 1);
    }

    /// <summary>Lets a share of a vendor's calls (<c>*</c> for any) fail in one of the ways given, picked by a seeded random source.</summary>
    public void ScriptAtRandom(string provider, double probability, int seed, params Fault[] faults)
    {
        ArgumentNullException.ThrowIfNull(faults);
        this.faults.SetProbability(provider, probability, seed, faults);
    }

    /// <summary>Takes back every ordered fault.</summary>
    public void ResetFaults() => faults.Reset();

    /// <summary>Stops at once; open answers are cut.</summary>
    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource();
        await now.CancelAsync().ConfigureAwait(false);
        await server.StopAsync(now.Token).ConfigureAwait(false);
        server.Dispose();
    }

    private static IPEndPoint ParseListen(string listen)
    {
        var text = listen.StartsWith("localhost:", StringComparison.OrdinalIgnoreCase) ? "127.0.0.1" + listen["localhost".Length..] : listen;
        if (text.StartsWith("*:", StringComparison.Ordinal))
            text = "0.0.0.0" + text[1..];
        return text.Contains(':', StringComparison.Ordinal) && IPEndPoint.TryParse(text, out var endpoint)
            ? endpoint
            : throw new ArgumentException($"'{listen}' is not an address to listen on; write host:port, as 127.0.0.1:4010", nameof(listen));
    }
}
