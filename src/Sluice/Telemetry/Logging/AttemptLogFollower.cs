using System.Globalization;
using Sluice.Chat;
using Sluice.Configuration;
using Sluice.Engine;
using Sluice.Engine.Buffers;
using Sluice.Streaming;
using Sluice.Wire;

namespace Sluice.Telemetry.Logging;

/// <summary>Logs one attempt: its steps, and what was sent and came back.</summary>
internal sealed class AttemptLogFollower(CallLogFollower call, Attempt attempt, LogSettings settings) : AttemptFollower
{
    // The beginning alone is kept, and a little more, so that no secret is cut in two.
    private readonly PooledBuffer? _answer = settings.Messages && settings.Config.Bodies == BodyLogging.Full ? new PooledBuffer() : null;
    private IReadOnlyList<KeyValuePair<string, string>> _headers = [];
    private string _head = "";
    private SideDecoder? _decoder;
    private long _length;

    public override bool WantsAnswer => _answer is not null;

    public override void Sending(PreparedRequest request, HttpRequestMessage message)
    {
        if (settings.Steps)
        {
            call.Step(LogCategories.Attempt, $"attempt {attempt.Call.AttemptCount} at {attempt.Target.Id}, {request.Format.Id}, lane {request.Lane.Name()}");
            if (request.Losses is { IsEmpty: false } losses) call.Step(LogCategories.Translate, "lost: " + LossText.WithReasons(losses.Losses));
        }
        if (!settings.Messages) return;
        _decoder = new SideDecoder(request.Format);
        var authenticator = attempt.Target.Provider.Authenticator;
        var headers = HeaderList.Of(message.Headers, authenticator.Uses);
        call.Message("upstream_request", $"{message.Method} {message.RequestUri!.GetLeftPart(UriPartial.Path)}", headers, request.Body.Span, request.Body.Length);
    }

    public override void Answered(HttpResponseMessage answer)
    {
        call.Step(LogCategories.Attempt, $"{attempt.Target.Id} answers {(int)answer.StatusCode}");
        if (!settings.Messages) return;
        _head = ((int)answer.StatusCode).ToString(CultureInfo.InvariantCulture);
        _headers = [.. HeaderList.Of(answer.Headers), .. HeaderList.Of(answer.Content.Headers)];
    }

    // Of a stream its text, put together: a pattern would not match what two frames hold the halves of.
    public override void Frame(in StreamFrame frame)
    {
        if (_answer is null || _decoder is null) return;
        foreach (var next in _decoder.Decode(frame)) Event(next);
    }

    public override void Event(StreamEvent next)
    {
        string text = next is not PartDelta { Delta: var delta } ? "" : delta switch
        {
            TextDelta d => d.Text,
            ReasoningDelta d => d.Text,
            RefusalDelta d => d.Text,
            ArgumentsDelta d => d.Text,
            _ => "",
        };
        if (text.Length > 0) Keep(System.Text.Encoding.UTF8.GetBytes(text));
    }

    public override void Whole(ReadOnlyMemory<byte> body, ChatResponse? decoded) => Keep(body.Span);

    public override void Ended(AttemptRecord record)
    {
        if (settings.Steps)
        {
            string took = string.Create(CultureInfo.InvariantCulture, $"{record.Duration.TotalMilliseconds:0.0} ms");
            call.Step(LogCategories.Attempt, record.Error is { } error ? $"{attempt.Target.Id} failed after {took}: {error.Kind} {error.Message}" : $"{attempt.Target.Id} done in {took}");
        }
        if (settings.Messages && _head.Length > 0)
        {
            // A failed answer was read where errors are read: what is known of it is its error.
            if (_answer is { Length: 0 } && record.Error is { } error) Keep(error.Raw.IsAbsent ? System.Text.Encoding.UTF8.GetBytes(error.Message) : error.Raw.Utf8.Span);
            call.Message("upstream_response", _head, _headers, _answer is null ? [] : _answer.Written.Span, _length);
        }
        _answer?.Dispose();
    }

    private void Keep(ReadOnlySpan<byte> bytes)
    {
        if (_answer is null) return;
        _length += bytes.Length;
        int room = (int)Math.Min(settings.Config.MaxBody + MessageLine.Slack - _answer.Length, int.MaxValue);
        if (room <= 0) return;
        System.Buffers.BuffersExtensions.Write(_answer, bytes.Length > room ? bytes[..room] : bytes);
    }
}
