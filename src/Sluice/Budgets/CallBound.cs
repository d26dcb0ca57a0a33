using System.Text.Json;
using Sluice.Configuration;
using Sluice.Engine;
using Sluice.Formats;
using Sluice.Pricing;
using Sluice.Routing;
using Sluice.Wire;

namespace Sluice.Budgets;

/// <summary>The most that a call can cost. Counts tokens in its bytes: nothing is parsed into objects.</summary>
internal sealed class CallBound
{
    /// <summary>The output of a model whose limit nobody knows, where the client allows any.</summary>
    private const long UsualOutputLimit = 16_384;
    private const decimal MostOutput = 1_000_000_000_000_000m;
    private readonly CallContext _call;
    private readonly long _input;
    private readonly long _prompts;
    private readonly bool _hasUnseenInput;
    private readonly bool _isEscaped;
    private readonly IReadOnlyDictionary<string, long>? _tools;
    private AskedOutput? _asked;
    private JsonMembers? _askedOf;

    public CallBound(CallContext call)
    {
        _call = call;
        // An estimate can be short: half as much again, but no text has more tokens than bytes.
        long estimate = call.Demand.Tokens;
        _input = estimate + (estimate / 2) + 64;
        _tools = RequestedTools.Of(call);
        _prompts = Prompts(call.Members);
        _hasUnseenInput = UnseenInput.IsIn(call);
        _isEscaped = HasEscapedLetters(call.Members.Body.Span);
    }

    /// <summary>How much the request asks for; read anew once a limit was put into it.</summary>
    public AskedOutput Asked
    {
        get
        {
            if (_asked is not null && ReferenceEquals(_askedOf, _call.Members)) return _asked;
            _askedOf = _call.Members;
            return _asked = AskedOutput.Of(_call);
        }
    }

    /// <summary>USD at a target; <see langword="null"/> where a price is unknown.</summary>
    public decimal? At(TargetModel target) => Usd(target, _call.Gateway.Facts(target), Output(target));

    /// <summary>The most output with which a call at a target costs no more than an amount; what it may have anyway where that fits, or where no price is known.</summary>
    public long OutputFor(TargetModel target, decimal usd)
    {
        const int Sample = 1000;
        long most = Output(target);
        var facts = _call.Gateway.Facts(target);
        if (Usd(target, facts, 0) is not { } none || Usd(target, facts, Sample) is not { } some) return most;
        return some == none ? (none <= usd ? most : 0) : (long)Math.Clamp(Math.Floor((usd - none) * Sample / (some - none)), 0, most);
    }

    /// <summary>Whether a model without a known price may be used under a cap.</summary>
    public static bool MayBeUnknown(TargetModel target) => (target.Config?.UnknownPrice ?? target.Provider.Config.UnknownPrice) == UnknownPricePolicy.Allow;

    private decimal? Usd(TargetModel target, TargetFacts facts, long output)
    {
        long window = facts.MaxInput ?? facts.Context ?? (_hasUnseenInput ? Math.Max(_input, UnseenInput.UsualWindow) : long.MaxValue);
        long input = _hasUnseenInput ? window : Math.Min(_input, window);
        var bounds = new CallBounds(input, _call.Inbound.Format.Operation == WireOperation.Chat ? Times(output) : 0)
        {
            MayWriteLongCache = Holds("\"1h\""u8),
            MayHoldAudio = Holds("audio"u8),
            MayAnswerInMedia = Holds("odalities\""u8),
            ToolCalls = _tools,
        };
        var usual = new CostQuery { At = _call.StartedAt, Modifiers = Modifiers(target, facts) };
        var most = CostEstimator.Most(facts.Prices, bounds, usual);
        // A provider may serve in the usual class what was asked for in another.
        if (most is null || Tier(target) is not { } tier) return most;
        return CostEstimator.Most(facts.Prices, bounds, usual with { ServiceTier = tier }) is { } asked ? Math.Max(most.Value, asked) : null;
    }

    private string? Tier(TargetModel target) =>
        _call.Members.GetString("service_tier"u8) ?? _call.Members.GetString("serviceTier"u8)
        ?? Text(target.Config?.Params ?? target.Provider.Config.Params, "service_tier") ?? Text(target.Config?.ProviderSpecific ?? target.Provider.Config.ProviderSpecific, "service_tier");

    // Anthropic's fast mode, and its answers from one country: factors on all prices.
    private IReadOnlyDictionary<string, string> Modifiers(TargetModel target, TargetFacts facts)
    {
        if (facts.Prices is not { Factors.Count: > 0 } prices) return Empty<string>.Map;
        Dictionary<string, string>? asked = null;
        foreach (string name in (ReadOnlySpan<string>)["speed", "inference_geo"])
        {
            string? value = _call.Members.GetString(System.Text.Encoding.UTF8.GetBytes(name)) ?? Text(target.Config?.ProviderSpecific ?? target.Provider.Config.ProviderSpecific, name);
            if (value is not null && prices.Factors.ContainsKey($"{name}={value}".ToLowerInvariant())) (asked ??= new(StringComparer.Ordinal))[name] = value;
        }
        return asked ?? Empty<string>.Map;
    }

    private static string? Text(IReadOnlyDictionary<string, JsonElement>? parameters, string name) =>
        parameters is not null && parameters.TryGetValue(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    // For every answer to every prompt; as much as a decimal can multiply.
    private long Times(long output) => (long)Math.Min((decimal)output * Asked.Answers * _prompts, MostOutput);

    // What the client allows, else what is put in for it, else what the model can give.
    private long Output(TargetModel target)
    {
        var facts = _call.Gateway.Facts(target);
        long? allowed = IsRewritten(target) ? null : Asked.IsSaid ? Asked.Tokens : Default(target.Config?.Params ?? target.Provider.Config.Params);
        long can = facts.MaxOutput ?? facts.Context ?? (allowed is null ? UsualOutputLimit : long.MaxValue);
        return Math.Min(allowed ?? can, can);
    }

    // Each prompt of a list has a completion of its own; a list of numbers is one prompt in tokens.
    private static long Prompts(JsonMembers members)
    {
        if (!members.TryGet("prompt"u8, out var prompt) || members.Value(prompt)[0] != (byte)'[') return 1;
        var reader = new Utf8JsonReader(members.Value(prompt), new JsonReaderOptions { MaxDepth = 1024 });
        long count = 0;
        bool hasTokens = false;
        reader.Read();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType == JsonTokenType.Number) hasTokens = true;
            else count++;
            reader.Skip();
        }
        return Math.Max(1, hasTokens ? count + 1 : count);
    }

    // A rule may set the limit after the client has: what it becomes is not known here.
    private static bool IsRewritten(TargetModel target) =>
        target.Transforms?.All.Any(r => r.Parameters?.Names.Any(IsLimit) == true) == true || (target.Config?.ProviderSpecific ?? target.Provider.Config.ProviderSpecific).Keys.Any(IsLimit);

    private static bool IsLimit(string parameter) => WireFormats.All.Any(f => f.Parameters.DecidesAmount(parameter));

    private static long? Default(IReadOnlyDictionary<string, JsonElement>? parameters) =>
        parameters is not null && parameters.TryGetValue("max_tokens", out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out long number) ? number : null;

    private bool Holds(ReadOnlySpan<byte> mark) => _isEscaped || _call.Members.Body.Span.IndexOf(mark) >= 0;

    // Who escapes letters of ASCII may spell any mark so that no search finds it.
    private static bool HasEscapedLetters(ReadOnlySpan<byte> body)
    {
        while (body.IndexOf("\\u00"u8) is >= 0 and var at)
        {
            body = body[(at + 4)..];
            if (body.Length > 0 && body[0] is >= (byte)'4' and <= (byte)'7') return true;
        }
        return false;
    }
}
