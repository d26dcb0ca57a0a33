using System.Net.Http.Headers;
using System.Text.Json;
using System.Threading.Channels;
using Sluice.Pricing;

namespace Sluice.Budgets;

/// <summary>Posts alerts to webhooks, off the way of calls: a bounded queue, a time limit, a few tries. The address is a secret and is never told.</summary>
internal sealed class WebhookSender : IAsyncDisposable
{
    private static readonly TimeSpan TimeLimit = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan[] Delays = [TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(5), TimeSpan.Zero];
    private readonly Channel<BudgetAlert> _waiting = Channel.CreateBounded<BudgetAlert>(new BoundedChannelOptions(256) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });
    private readonly HttpClient _client = new(new SocketsHttpHandler { AllowAutoRedirect = false, PooledConnectionLifetime = TimeSpan.FromMinutes(5) }) { Timeout = TimeLimit };
    private readonly CancellationTokenSource _stop = new();
    private readonly Action<BudgetAlert> _tell;
    private readonly TimeProvider _time;
    private readonly Task _sending;

    /// <summary>Starts sending.</summary>
    /// <param name="tell">Is told of an alert that nobody took.</param>
    /// <param name="time">The clock.</param>
    public WebhookSender(Action<BudgetAlert> tell, TimeProvider time)
    {
        (_tell, _time) = (tell, time);
        _sending = Task.Run(RunAsync);
    }

    /// <summary>Sends soon; an alert for which the queue has no place has failed.</summary>
    public void Send(BudgetAlert alert)
    {
        if (!_waiting.Writer.TryWrite(alert)) _tell(alert with { Event = BudgetAlert.WebhookFailed });
    }

    /// <summary>Gives what waits a short time, then stops.</summary>
    public async ValueTask DisposeAsync()
    {
        _waiting.Writer.TryComplete();
        _stop.CancelAfter(TimeSpan.FromSeconds(2));
        await _sending.ConfigureAwait(false);
        _client.Dispose();
        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        await foreach (var alert in _waiting.Reader.ReadAllAsync().ConfigureAwait(false))
        {
            if (!await SendAsync(alert).ConfigureAwait(false)) _tell(alert with { Event = BudgetAlert.WebhookFailed });
        }
    }

    private async Task<bool> SendAsync(BudgetAlert alert)
    {
        foreach (var delay in Delays)
        {
            try
            {
                using var content = new ByteArrayContent(Body(alert));
                content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
                using var answer = await _client.PostAsync(new Uri(alert.Webhook!.Reveal()), content, _stop.Token).ConfigureAwait(false);
                if (answer.IsSuccessStatusCode) return true;
                if (delay > TimeSpan.Zero) await Task.Delay(delay, _time, _stop.Token).ConfigureAwait(false);
            }
            catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
            {
                if (_stop.IsCancellationRequested) return false;
            }
        }
        return false;
    }

    private static byte[] Body(BudgetAlert alert)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteString("event", alert.Event);
            writer.WriteString("at", alert.At);
            writer.WriteString("budget", alert.Budget);
            writer.WriteString("scope", alert.Scope);
            writer.WriteString("period", alert.Period);
            writer.WriteString("spent_usd", Money.Text(alert.SpentUsd));
            writer.WriteString("limit_usd", Money.Text(alert.LimitUsd));
            if (alert.ResetsAt is { } reset) writer.WriteString("resets_at", reset);
            writer.WriteEndObject();
        }
        return buffer.ToArray();
    }
}
