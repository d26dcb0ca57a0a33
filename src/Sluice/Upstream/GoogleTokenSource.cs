using System.Text.Json;
using Sluice.Errors;

namespace Sluice.Upstream;

/// <summary>
/// Access tokens of Google Cloud: fetched once for all calls that wait, kept until shortly before they expire. A failure is not kept.
/// </summary>
/// <param name="file">The credentials file.</param>
/// <param name="provider">The provider's name, for messages.</param>
/// <param name="client">The provider's connections.</param>
internal sealed class GoogleTokenSource(string file, string provider, HttpMessageInvoker client)
{
    private static readonly TimeSpan Margin = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly Lock _gate = new();
    private volatile Task<Outcome<Token>>? _fetch;

    /// <summary>A token that is valid now.</summary>
    public async ValueTask<Outcome<string>> GetAsync(TimeProvider time, CancellationToken cancellationToken)
    {
        var fetch = _fetch;
        if (fetch is null || !IsUsable(fetch, time))
        {
            lock (_gate)
            {
                if (_fetch is null || !IsUsable(_fetch, time)) _fetch = Task.Run(() => FetchAsync(time), CancellationToken.None);
                fetch = _fetch;
            }
        }
        // One caller that leaves must not fail the others: the fetch has a limit of its own.
        var outcome = await fetch.WaitAsync(cancellationToken).ConfigureAwait(false);
        return outcome.IsSuccess ? outcome.Value!.Text : outcome.Error!;
    }

    private static bool IsUsable(Task<Outcome<Token>> fetch, TimeProvider time) =>
        !fetch.IsCompleted || (fetch.IsCompletedSuccessfully && fetch.Result.IsSuccess && time.GetUtcNow() < fetch.Result.Value!.RenewAt);

    private async Task<Outcome<Token>> FetchAsync(TimeProvider time)
    {
        using var limit = new CancellationTokenSource(Patience, time);
        try
        {
            byte[] content = await File.ReadAllBytesAsync(file, limit.Token).ConfigureAwait(false);
            var (address, form) = GoogleKeyFile.Request(content, time.GetUtcNow());
            using var message = new HttpRequestMessage(HttpMethod.Post, address) { Content = form };
            UpstreamMessage.SetVersion(message);
            using var answer = await client.SendAsync(message, limit.Token).ConfigureAwait(false);
            byte[] body = await answer.Content.ReadAsByteArrayAsync(limit.Token).ConfigureAwait(false);
            using var document = JsonDocument.Parse(body);
            return Read((int)answer.StatusCode, document.RootElement, time);
        }
        catch (FormatException e)
        {
            return Refused($"the credentials file '{file}' cannot be used: {e.Message}");
        }
        catch (JsonException)
        {
            return Refused($"the token endpoint named in '{file}' answered something that is no JSON");
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
        {
            return new GatewayError(ErrorKind.Network, $"provider '{provider}': the token endpoint named in '{file}' could not be reached") { Provider = provider };
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Refused($"the credentials file '{file}' (credentials_file or GOOGLE_APPLICATION_CREDENTIALS) cannot be read");
        }
    }

    private Outcome<Token> Read(int status, JsonElement root, TimeProvider time)
    {
        if (root.ValueKind == JsonValueKind.Object && status is >= 200 and <= 299 && Member(root, "access_token") is { } token)
        {
            var lifetime = TimeSpan.FromSeconds(root.TryGetProperty("expires_in", out var seconds) && seconds.TryGetInt32(out int count) ? count : 3600);
            var margin = lifetime / 10 < Margin ? lifetime / 10 : Margin;
            return new Token(token, time.GetUtcNow() + lifetime - margin);
        }
        string? reason = root.ValueKind == JsonValueKind.Object ? Member(root, "error") : null;
        return Refused($"the token endpoint refused the credentials of '{file}' with status {status}{(reason is null ? "" : $" ({reason})")}");
    }

    private static string? Member(JsonElement root, string name) => root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private GatewayError Refused(string what) => new(ErrorKind.Authentication, $"provider '{provider}': {what}") { Provider = provider };

    private sealed record Token(string Text, DateTimeOffset RenewAt);
}
