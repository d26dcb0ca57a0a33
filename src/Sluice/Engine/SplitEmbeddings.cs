using Sluice.Chat;
using Sluice.Embeddings;
using Sluice.Engine.Buffers;
using Sluice.Engine.Continuing;
using Sluice.Errors;
using Sluice.Resilience.Keys;
using Sluice.Upstream;

namespace Sluice.Engine;

/// <summary>
/// Embeddings of more inputs than the endpoint takes at once: several requests, a few at a time, that are one attempt. Their vectors come in the order of
/// the inputs, their usage is summed; the first failure ends all.
/// </summary>
internal static class SplitEmbeddings
{
    private const int AtOnce = 4;

    /// <summary>Sends all requests and hands the joined answer to the client.</summary>
    /// <returns>The status of the last answer, or that of the failure; and what became of it.</returns>
    public static async ValueTask<(int Status, AttemptResult Result)> RunAsync(Attempt attempt, ProviderKey? key, PreparedRequest request, AttemptTimer timer)
    {
        PreparedRequest[] parts = [request, .. request.Rest];
        var answers = new EmbeddingResponse?[parts.Length];
        var failed = default(GatewayError);
        int status = 0;
        using var first = CancellationTokenSource.CreateLinkedTokenSource(timer.Token);
        try
        {
            var options = new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = first.Token };
            await Parallel.ForEachAsync(Enumerable.Range(0, parts.Length), options, async (i, cancelled) =>
            {
                var (answered, outcome) = await SendAsync(attempt, key, parts[i], timer, cancelled).ConfigureAwait(false);
                if (outcome.IsSuccess)
                {
                    answers[i] = outcome.Value;
                    Interlocked.CompareExchange(ref status, answered, 0);
                    return;
                }
                if (Interlocked.CompareExchange(ref failed, outcome.Error, null) is not null) return;
                Volatile.Write(ref status, answered);
                await first.CancelAsync().ConfigureAwait(false);
            }).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (failed is not null)
        {
            // The others were told to stop.
        }
        finally
        {
            attempt.Usage = Sum(answers);
        }
        if (failed is not null) return (status, AttemptResult.Failed(failed));
        return (status, await WriteAsync(attempt, answers, timer).ConfigureAwait(false));
    }

    private static async ValueTask<AttemptResult> WriteAsync(Attempt attempt, EmbeddingResponse?[] answers, AttemptTimer timer)
    {
        var server = (Wire.IEmbeddingServerFormat)attempt.Call.Inbound.Format;
        var asked = server.DecodeRequest(attempt.Request);
        if (!asked.IsSuccess) return AttemptResult.Failed(asked.Error);
        var joined = answers[0]! with { Vectors = [.. answers.SelectMany(a => a!.Vectors)], Usage = attempt.Usage };
        attempt.AnsweredModel = joined.Model;
        using var output = new PooledBuffer(account: attempt.Call.Buffers);
        server.EncodeResponse(joined, asked.Value, output);
        await WholeAnswer.SendAsync(attempt, output.Written, ContentTypes.Json, timer.Time).ConfigureAwait(false);
        return AttemptResult.Success;
    }

    private static async ValueTask<(int Status, Outcome<EmbeddingResponse> Outcome)> SendAsync(Attempt attempt, ProviderKey? key, PreparedRequest part, AttemptTimer timer, CancellationToken cancelled)
    {
        var target = attempt.Target;
        using var message = UpstreamMessage.Create(attempt, key, part);
        if (await target.Provider.Authenticator.SignAsync(message, timer.Time, cancelled).ConfigureAwait(false) is { } unauthenticated) return (0, unauthenticated);
        using var answer = await target.Provider.Client.SendAsync(message, cancelled).ConfigureAwait(false);
        int status = (int)answer.StatusCode;
        attempt.UpstreamHeaders = answer.Headers;
        target.Provider.Keys.Observe(key, target, answer.Headers, timer.Time);
        var body = await answer.Content.ReadAsStreamAsync(cancelled).ConfigureAwait(false);
        await using var _ = body.ConfigureAwait(false);
        if (status is < 200 or > 299)
        {
            return (status, await UpstreamErrors.ReadAsync(status, answer, body, part.Format, target.Provider, AttemptRunner.MaxErrorBody, timer.Time, timer).ConfigureAwait(false));
        }
        using var whole = new PooledBuffer(AttemptRunner.Length(answer), attempt.Call.Buffers);
        if (await AttemptRunner.ReadWholeAsync(target, body, whole, answer.Content.Headers.ContentType?.MediaType, timer).ConfigureAwait(false) is { } malformed) return (status, malformed);
        var decoded = SideOperations.Decode((Wire.IEmbeddingClientFormat)part.Format, target.Provider.Border.Back(whole.Written), part.Embeddings!, answer.Headers);
        return (status, decoded.IsSuccess && decoded.Value.Vectors.Count != part.Embeddings!.Inputs.Count ? Miscounted(target.Provider.Name, part, decoded.Value) : decoded);
    }

    private static GatewayError Miscounted(string provider, PreparedRequest part, EmbeddingResponse answer) => new(
        ErrorKind.MalformedAnswer,
        $"the answer of provider '{provider}' has {answer.Vectors.Count} vectors for {part.Embeddings!.Inputs.Count} inputs") { Provider = provider };

    private static Usage? Sum(EmbeddingResponse?[] answers)
    {
        Usage? sum = null;
        foreach (var answer in answers)
        {
            if (answer?.Usage is { } usage) sum = sum is null ? usage : UsageSum.Of(sum, usage);
        }
        return sum;
    }
}
