using System.Net;

namespace Sluice.Upstream;

/// <summary>A request body that is sent as it lies in memory.</summary>
internal sealed class BodyContent : HttpContent
{
    private readonly ReadOnlyMemory<byte> _body;

    public BodyContent(ReadOnlyMemory<byte> body)
    {
        _body = body;
        Headers.TryAddWithoutValidation("Content-Type", "application/json");
        Headers.ContentLength = body.Length;
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken) =>
        await stream.WriteAsync(_body, cancellationToken).ConfigureAwait(false);

    protected override bool TryComputeLength(out long length)
    {
        length = _body.Length;
        return true;
    }
}
