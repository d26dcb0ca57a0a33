using System.Text.Json;
using Sluice.Configuration;
using Sluice.Engine;
using Sluice.Pricing;
using Sluice.Routing;
using Sluice.Wire;

namespace Sluice.Budgets;

/// <summary>The most that a call can cost. Counts tokens in its bytes: nothing is parsed into objects.</summary>
internal sealed class CallBound
{
    /// <summary>The output of a model whose limit nobody knows, where the client allows any.</summary>
    private const long UsualOutputLimit = 16_384;
    private const int MaxChoices = 128;
    private readonly CallContext _call;
    private readonly long _input;
    private readonly long _choices;

    public CallBound(CallContext call)
    {
        _call = call;
        // An estimate can be short: half as much again, but no text has more tokens than bytes.
        long estimate = AttemptTokens.Input(call);
        _input = estimate + (estimate / 2) + 64;
        _choices = Math.Clamp(call.Members.GetInt64("n"u8) ?? call.Members.GetInt64("best_of"u8) ?? 1, 1, MaxChoices);
    }

    /// <summary>USD at a target; <see langword="null"/> where a price is unknown.</summary>
    public decimal? At(TargetModel target)
    {
        var facts = _call.Gateway.Facts(target);
        long input = Math.Min(_input, facts.MaxInput ?? facts.Context ?? long.MaxValue);
        long output = _call.Inbound.Format.Operation == WireOperation.Chat ? Output(target, facts) * _choices : 0;
        var bounds = new CallBounds(input, output) { MayWriteLongCache = Holds("\"1h\""u8), MayHoldAudio = Holds("audio"u8), MayAnswerInMedia = Holds("odalities\""u8) };
        return CostEstimator.Most(facts.Prices, bounds, new CostQuery { At = _call.StartedAt });
    }

    /// <summary>Whether a model without a known price may be used under a cap.</summary>
    public static bool MayBeUnknown(TargetModel target) => (target.Config?.UnknownPrice ?? target.Provider.Config.UnknownPrice) == UnknownPricePolicy.Allow;

    // What the client allows, else what is put in for it, else what the model can give.
    private long Output(TargetModel target, TargetFacts facts)
    {
        long? allowed = _call.Head.MaxTokens ?? Default(target.Config?.Params) ?? Default(target.Provider.Config.Params);
        long can = facts.MaxOutput ?? facts.Context ?? (allowed is null ? UsualOutputLimit : long.MaxValue);
        return Math.Min(allowed ?? can, can);
    }

    private static long? Default(IReadOnlyDictionary<string, JsonElement>? parameters) =>
        parameters is not null && parameters.TryGetValue("max_tokens", out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out long number) ? number : null;

    private bool Holds(ReadOnlySpan<byte> mark) => _call.Members.Body.Span.IndexOf(mark) >= 0;
}
