using System.Globalization;
using System.Text;
using Sluice.Configuration;
using Sluice.Engine;
using Sluice.Errors;
using Sluice.Routing;

namespace Sluice.Telemetry.Logging;

/// <summary>Logs the steps of one call, and its messages, as far as the configuration wants them.</summary>
internal sealed class CallLogFollower(LogWriter writer, LogSettings settings, CallContext call, TimeProvider time) : CallFollower
{
    public override void Read(CallContext read, GatewayError? error)
    {
        if (settings.Messages) WriteRequest();
        if (error is not null) Step(LogCategories.Decode, $"refused: {error.Message}");
        else Step(LogCategories.Decode, $"{call.Inbound.Format.Id} {(call.Head.Stream ? "stream" : "whole")}, model '{call.Head.Model}', {call.Inbound.Request.Body.Length} bytes");
    }

    public override void Admitted(CallContext admitted, GatewayError? error) =>
        Step(LogCategories.Admit, error is not null ? $"refused: {error.Message}" : call.Inbound.Caller is { } caller ? $"admitted, key '{caller.Name}'" : "admitted, no key");

    public override void Selected(CallContext selected, IReadOnlyList<TargetModel> targets)
    {
        if (!settings.IsOn(LogCategories.Route, LogLevelName.Debug)) return;
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{(call.Route!.IsNamed ? "route" : "model")} '{call.Route.Name}'");
        if (call.Route.Config is { } config) text.Append(CultureInfo.InvariantCulture, $", strategy {config.Strategy.ToString().ToLowerInvariant()}");
        text.Append(": ").AppendJoin(", ", targets.Select(t => t.Id));
        foreach (var passed in call.PassedOver ?? []) text.Append(CultureInfo.InvariantCulture, $"; passed over {passed.Target}: {passed.Reason}");
        Step(LogCategories.Route, text.ToString());
    }

    public override AttemptFollower? Begin(Attempt attempt) => new AttemptLogFollower(this, attempt, settings);

    public override void Skipped(CallContext skipped, AttemptRecord attempt) => Step(LogCategories.Attempt, $"not sent to {attempt.Provider}/{attempt.Model}: {attempt.Error?.Message}");

    public override void Settled(CallContext settled) =>
        Step(LogCategories.Settle, string.Create(CultureInfo.InvariantCulture, $"status {call.Status}, {call.Usage?.InputTokens}+{call.Usage?.OutputTokens} tokens{(call.Gateway.Costs.Of(call) is { } cost ? $", ${cost}" : ", cost unknown")}"));

    /// <summary>Writes a step where its category is on.</summary>
    public void Step(string category, string text)
    {
        if (settings.IsOn(category, LogLevelName.Debug)) writer.TryWrite(new StepLine(time.GetUtcNow(), call.Inbound.RequestId, category, text, call.Credentials));
    }

    /// <summary>Writes a message; of the body only its beginning, and only where bodies are wanted.</summary>
    public void Message(string what, string head, IReadOnlyList<KeyValuePair<string, string>> headers, ReadOnlySpan<byte> body, long length)
    {
        LoggedBody? logged = null;
        if (settings.Config.Bodies == BodyLogging.Full)
        {
            int most = (int)Math.Min(settings.Config.MaxBody, int.MaxValue - MessageLine.Slack);
            int kept = Math.Min(body.Length, most + MessageLine.Slack);
            logged = new LoggedBody(Encoding.UTF8.GetString(body[..kept]), length, most);
        }
        writer.TryWrite(new MessageLine(time.GetUtcNow(), call.Inbound.RequestId, what, head, headers, logged, call.Credentials));
    }

    private void WriteRequest()
    {
        var request = call.Inbound.Request;
        // The query may hold the client's key: it goes through the mask, that knows it.
        string query = request.Query.Length == 0 ? "" : "?" + request.Query;
        Message("client_request", $"POST {request.Path}{query}", HeaderList.Of(call.Inbound.Headers.All), request.Body.Span, request.Body.Length);
    }
}
