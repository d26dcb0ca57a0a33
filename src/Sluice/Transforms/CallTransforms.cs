using System.Text.Json;
using System.Text.RegularExpressions;
using Sluice.Engine;
using Sluice.Errors;
using Sluice.Formats.Gemini;
using Sluice.Routing;
using Sluice.Transforms.Rules;
using Sluice.Transforms.Streams;
using Sluice.Transforms.Texts;
using Sluice.Wire;

namespace Sluice.Transforms;

/// <summary>What the engine asks of transforms: the request before it is prepared for a target, and the answer before it goes to the client.</summary>
internal static class CallTransforms
{
    /// <summary>A rule took longer than its bound: to go on without it would let through what it is there to change.</summary>
    public static GatewayError TooSlow { get; } = new(ErrorKind.Internal, "a rule of 'transforms' took too long on this text") { Code = "transform_timeout" };

    /// <summary>Makes the request what the rules of the target want; or says why that failed.</summary>
    public static GatewayError? Request(Attempt attempt, TargetTransforms transforms)
    {
        var call = attempt.Call;
        var losses = new LossReport();
        if (DialectTexts.Of(call.Inbound.Format.Id, false) is null)
        {
            // A call from code has no bytes of a dialect: that no rule acts on it is told, not passed over.
            foreach (var rule in transforms.All.Where(r => r.FitsCall(call))) losses.Dropped(rule.Name, "rules act on the dialects of HTTP, and a call from code has none");
            attempt.Transformed = new TransformedRequest(call.Inbound.Request, call.Members, losses);
            return null;
        }
        var rules = transforms.OfRequest(call);
        if (rules.Length == 0) return null;
        try
        {
            var body = Apply(attempt, rules, call.Members.Body, losses);
            var members = JsonMembers.Scan(body, out var fault);
            if (members is null) return new GatewayError(ErrorKind.Internal, $"a rule of 'transforms' spoiled the request: {fault!.Message}");
            attempt.Transformed = new TransformedRequest(call.Inbound.Request with { Body = body }, members, losses);
            return null;
        }
        catch (RegexMatchTimeoutException)
        {
            return TooSlow;
        }
    }

    /// <summary>A request's body with rules applied.</summary>
    public static ReadOnlyMemory<byte> Apply(Attempt attempt, TransformRule[] rules, ReadOnlyMemory<byte> body, LossReport losses) =>
        BodyTransform.Apply(body, rules, attempt.Call.Inbound.Format.Id, Texts(attempt), isRequest: true, losses);

    /// <summary>What could not be carried by a request: in translation, by rules, and because servers would read it in different ways.</summary>
    public static LossReport? Losses(Attempt attempt, LossReport? translation)
    {
        foreach (var more in (ReadOnlySpan<LossReport?>)[attempt.Transformed?.Losses, attempt.Call.Doubts])
        {
            if (more is null or { IsEmpty: true }) continue;
            translation ??= new LossReport();
            translation.Add(more);
        }
        return translation;
    }

    /// <summary>Makes a whole answer what the client shall get; or says why that failed.</summary>
    public static GatewayError? Answer(Attempt attempt, ref ReadOnlyMemory<byte> body)
    {
        var rules = OfAnswer(attempt);
        if (rules.Length == 0) return null;
        try
        {
            body = BodyTransform.Apply(body, rules, attempt.Call.Inbound.Format.Id, Texts(attempt), isRequest: false, attempt.Losses ??= new LossReport());
            return null;
        }
        catch (JsonException)
        {
            // What no rule can look into must not pass by the rules.
            return new GatewayError(ErrorKind.MalformedAnswer, $"the answer of provider '{attempt.Target.Provider.Name}' is not valid JSON") { Provider = attempt.Target.Provider.Name };
        }
        catch (RegexMatchTimeoutException)
        {
            return TooSlow;
        }
    }

    /// <summary>What a streamed answer goes through; <see langword="null"/> where no rule fits.</summary>
    /// <param name="attempt">The attempt.</param>
    /// <param name="array">The array that the client reads events from; <see langword="null"/> for the dialect's own framing.</param>
    public static StreamTransform? Stream(Attempt attempt, GeminiArrayFraming? array)
    {
        var rules = OfAnswer(attempt);
        if (rules.Length == 0 || Texts(attempt) is not { } dialect) return null;
        return new StreamTransform(dialect, rules, new EventFraming(attempt.Call.Inbound.Format.Framing, array), attempt.Losses ??= new LossReport());
    }

    /// <summary>True where rules change the answer of an attempt.</summary>
    public static bool ChangesAnswer(Attempt attempt) => OfAnswer(attempt).Length > 0;

    private static IDialectTexts? Texts(Attempt attempt) => DialectTexts.Of(attempt.Call.Inbound.Format.Id, SignsThinking(attempt.Target));

    // OpenRouter hands the signatures of others on.
    private static bool SignsThinking(TargetModel target) =>
        target.Formats.Native(WireFormatId.AnthropicMessages) is not null || target.ChatFormat?.Id.Value is { } format && (format.StartsWith("anthropic", StringComparison.Ordinal) || format.StartsWith("bedrock", StringComparison.Ordinal)) || target.Provider.Vendor.Id == "openrouter";

    private static TransformRule[] OfAnswer(Attempt attempt) =>
        attempt.Target.Transforms is { } transforms && DialectTexts.Of(attempt.Call.Inbound.Format.Id, false) is not null ? transforms.OfResponse(attempt.Call) : [];
}
