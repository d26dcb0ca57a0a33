using System.Globalization;
using System.Net.Http.Headers;
using Sluice.Chat;
using Sluice.Embeddings;
using Sluice.Engine.Buffers;
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
        var asked = target.ChatRules.Apply(decoded.Value);
        var losses = new LossReport();
        if (target.Formats.Rule?.MaxInputs is not { } most || asked.Inputs.Count <= most) return Encode(attempt, format, asked, losses, []);
        var rest = new List<PreparedRequest>();
        foreach (var inputs in asked.Inputs.Chunk(most).Skip(1))
        {
            var part = Encode(attempt, format, asked with { Inputs = inputs }, losses, []);
            if (part.Request is { } request)
            {
                rest.Add(request);
                continue;
            }
            foreach (var made in rest) made.Dispose();
            return part;
        }
        var first = Encode(attempt, format, asked with { Inputs = [.. asked.Inputs.Take(most)] }, losses, rest);
        if (first.Request is null) rest.ForEach(r => r.Dispose());
        return first;
    }

    private static Preparation Encode(Attempt attempt, IEmbeddingClientFormat format, EmbeddingRequest request, LossReport losses, List<PreparedRequest> rest)
    {
        var (call, target) = (attempt.Call, attempt.Target);
        var buffer = new PooledBuffer((attempt.Members.Body.Length / (rest.Count + 1)) + 256, call.Buffers);
        var error = format.EncodeRequest(request, target.ModelIn(format.Id), losses, buffer) ?? TranslatedPreparer.Strict(call, target, losses);
        if (error is not null)
        {
            buffer.Dispose();
            return new Preparation(null, error);
        }
        return new Preparation(
            new PreparedRequest
            {
                Lane = Lane.Translated,
                Format = format,
                Body = buffer.Written,
                Buffer = buffer,
                Embeddings = request,
                Rest = rest,
                IsBatch = format.IsBatch(request),
                Losses = losses,
            },
            null);
    }

    /// <summary>Reads an answer of embeddings; its tokens may stand in a header.</summary>
    public static Outcome<EmbeddingResponse> Decode(IEmbeddingClientFormat format, ReadOnlyMemory<byte> body, EmbeddingRequest asked, HttpResponseHeaders? headers)
    {
        var decoded = format.DecodeResponse(body, asked);
        if (!decoded.IsSuccess || decoded.Value.Usage is not null || format.InputTokensHeader is not { } name) return decoded;
        return headers is not null && headers.NonValidated.TryGetValues(name, out var values) && long.TryParse(values.ToString(), CultureInfo.InvariantCulture, out long tokens) && tokens >= 0
            ? decoded.Value with { Usage = new Usage { InputTokens = tokens } }
            : decoded;
    }

    /// <summary>Writes the client's answer into <paramref name="output"/>; or says why there is none.</summary>
    public static GatewayError? Translate(Attempt attempt, PreparedRequest request, ReadOnlyMemory<byte> body, PooledBuffer output)
    {
        if (request.Embeddings is { } asked)
        {
            var decoded = Decode((IEmbeddingClientFormat)request.Format, body, asked, attempt.UpstreamHeaders);
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
