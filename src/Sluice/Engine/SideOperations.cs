using Sluice.Errors;
using Sluice.Wire;

namespace Sluice.Engine;

/// <summary>Embeddings and token counts between two formats.</summary>
internal static class SideOperations
{
    public static Preparation PrepareEmbeddings(Attempt attempt, IEmbeddingClientFormat format)
    {
        var (call, target) = (attempt.Call, attempt.Target);
        if (call.Inbound.Format is not IEmbeddingServerFormat server) return new Preparation(null, new GatewayError(ErrorKind.Internal, $"{call.Inbound.Format.Id} is no embedding format"));
        var decoded = server.DecodeRequest(attempt.Request);
        if (!decoded.IsSuccess) return new Preparation(null, decoded.Error);
        var request = target.ChatRules.Apply(decoded.Value);
        var losses = new LossReport();
        var buffer = new PooledBuffer(attempt.Members.Body.Length + 256);
        var error = format.EncodeRequest(request, target.Model, losses, buffer) ?? TranslatedPreparer.Strict(call, target, losses);
        if (error is not null)
        {
            buffer.Dispose();
            return new Preparation(null, error);
        }
        return new Preparation(new PreparedRequest { Lane = Lane.Translated, Format = format, Body = buffer.Written, Buffer = buffer, Embeddings = request, IsBatch = format.IsBatch(request), Losses = losses }, null);
    }

    /// <summary>Writes the client's answer into <paramref name="output"/>; or says why there is none.</summary>
    public static GatewayError? Translate(Attempt attempt, PreparedRequest request, ReadOnlyMemory<byte> body, PooledBuffer output)
    {
        if (request.Embeddings is { } asked)
        {
            var decoded = ((IEmbeddingClientFormat)request.Format).DecodeResponse(body, asked);
            if (!decoded.IsSuccess) return decoded.Error;
            attempt.Usage = decoded.Value.Usage;
            attempt.AnsweredModel = decoded.Value.Model;
            ((IEmbeddingServerFormat)attempt.Call.Inbound.Format).EncodeResponse(decoded.Value, asked, output);
            return null;
        }
        if (((ICountTokensClientFormat)request.Format).DecodeCount(body) is not { } count) return new GatewayError(ErrorKind.MalformedAnswer, "the provider's answer holds no token count");
        ((ICountTokensServerFormat)attempt.Call.Inbound.Format).EncodeCount(count, output);
        return null;
    }
}
