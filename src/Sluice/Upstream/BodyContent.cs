using System.Net;

namespace Sluice.Upstream;

/// <summary>A request body that is sent as it lies in memory.</summary>
internal sealed class BodyContent : HttpContent
{
    public BodyContent(ReadOnlyMemory<byte> body)
    {
        Body = body;
        Headers.TryAddWithoutValidation("Content-Type", "application/json");
        Headers.ContentLength = body.Length;
    }

    /// <summary>The bytes.</summary>
    public ReadOnlyMemory<byte> Body { get; }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken) =>
        await stream.WriteAsync(Body, cancellationToken).ConfigureAwait(false);

    protected override bool TryComputeLength(out long length)
    {
        length = Body.Length;
        return true;
    }
}
