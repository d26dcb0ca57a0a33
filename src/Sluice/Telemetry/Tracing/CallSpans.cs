using System.Diagnostics;
using System.Globalization;
using Sluice.Chat;
using Sluice.Engine;
using Sluice.Errors;

namespace Sluice.Telemetry.Tracing;

/// <summary>The span of a call; each attempt has one below it.</summary>
internal sealed class CallSpans(ActivitySource source, Activity span, string operation) : CallFollower
{
    private const int MaxText = 256;

    public override string? TraceId { get; } = span.TraceId.ToHexString();

    public override void Read(CallContext call, GatewayError? error)
    {
        if (!span.IsAllDataRequested) return;
        span.SetTag(SpanAttributes.Operation, operation);
        span.SetTag(SpanAttributes.RequestId, call.Inbound.RequestId);
        span.SetTag(SpanAttributes.Format, call.Inbound.Format.Id.Value);
        if (call.Head.Model is { Length: > 0 } model) span.SetTag(SpanAttributes.RequestModel, Text(call, model));
        if (call.Head.Stream) span.SetTag(SpanAttributes.RequestStream, true);
        if (call.Head.MaxTokens is { } most) span.SetTag(SpanAttributes.RequestMaxTokens, most);
        if (call.Inbound.Caller is { } caller) span.SetTag(SpanAttributes.Key, caller.Name);
        // Only a name that is known here: any client can send any other.
        if (call.Route is not { } route) return;
        span.DisplayName = $"{operation} {Text(call, route.Name)}";
        if (route.IsNamed) span.SetTag(SpanAttributes.Route, route.Name);
    }

    public override AttemptFollower? Begin(Attempt attempt)
    {
        var child = source.StartActivity($"{operation} {Text(attempt.Call, attempt.Target.Model)}", ActivityKind.Client, span.Context);
        return child is null ? null : new AttemptSpan(child, attempt, operation);
    }

    public override void Ended(CallContext call, CallRecord record)
    {
        if (span.IsAllDataRequested)
        {
            span.SetTag(SpanAttributes.HttpStatus, record.Status);
            span.SetTag(SpanAttributes.Attempts, record.SentAttempts);
            if (call.Target is { } target)
            {
                span.SetTag(SpanAttributes.ProviderName, GenAINames.Provider(target.Provider.Vendor.Id));
                span.SetTag(SpanAttributes.Provider, target.Provider.Name);
            }
            if (record.Lane is { } lane) span.SetTag(SpanAttributes.Lane, lane.Name());
            if (record.AnsweredModel is { } model) span.SetTag(SpanAttributes.ResponseModel, Text(call, model));
            if (record.CostUsd is { } cost) span.SetTag(SpanAttributes.Cost, (double)cost);
            if (record.Losses.Count > 0) span.SetTag(SpanAttributes.Dropped, Text(call, LossText.Paths(record.Losses)));
            if (record.PassedOver.Count > 0) span.SetTag(SpanAttributes.PassedOver, Text(call, string.Join("; ", record.PassedOver.Select(p => string.Create(CultureInfo.InvariantCulture, $"{p.Target}: {p.Reason}")))));
            Usage(span, record.Usage);
            if (record.Error is { } error) Fail(span, call, error);
        }
        span.Dispose();
    }

    internal static void Fail(Activity activity, CallContext call, GatewayError error)
    {
        activity.SetTag(SpanAttributes.ErrorType, error.Kind.Value);
        activity.SetStatus(ActivityStatusCode.Error, Text(call, error.Message));
    }

    internal static void Usage(Activity activity, Usage? usage)
    {
        if (usage is null) return;
        Count(activity, SpanAttributes.InputTokens, usage.InputTokens);
        Count(activity, SpanAttributes.OutputTokens, usage.OutputTokens);
        Count(activity, SpanAttributes.CacheReadTokens, usage.CacheReadTokens);
        Count(activity, SpanAttributes.CacheWriteTokens, usage.CacheWriteTokens);
        Count(activity, SpanAttributes.ReasoningTokens, usage.ReasoningTokens);
    }

    private static void Count(Activity activity, string name, long? value)
    {
        if (value is { } known) activity.SetTag(name, known);
    }

    internal static string Text(CallContext call, string text)
    {
        string masked = call.Gateway.Log.Text(call.Credentials).Whole(text);
        return masked.Length <= MaxText ? masked : masked[..MaxText] + "...";
    }
}
