using Sluice.Engine.Buffers;
using Sluice.Routing;
using Sluice.Wire;

namespace Sluice.Engine;

/// <summary>Counts tokens by estimate for a provider that has no endpoint for it; the answer says so in <c>x-sluice-estimated</c>.</summary>
internal static class LocalCount
{
    public static bool Serves(CallContext call, TargetModel target) =>
        call.Inbound.Format.Operation == WireOperation.CountTokens && target.Formats.Native(call.Inbound.Format.Id) is null && target.Formats.Count is null;

    public static async ValueTask<AttemptResult> AnswerAsync(Attempt attempt, TimeProvider time)
    {
        var decoded = attempt.Chat;
        if (!decoded.IsSuccess) return AttemptResult.Failed(decoded.Error);
        attempt.Lane = Lane.Translated;
        attempt.IsEstimated = true;
        using var body = new PooledBuffer();
        ((ICountTokensServerFormat)attempt.Call.Inbound.Format).EncodeCount(attempt.Call.Demand.Tokens, body);
        await WholeAnswer.SendAsync(attempt, body.Written, ContentTypes.Json, time).ConfigureAwait(false);
        return AttemptResult.Success;
    }
}
