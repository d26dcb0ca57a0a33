using System.Text;
using System.Text.Json;

namespace Sluice.Upstream.Identity;

/// <summary>Calls of the services that give credentials: small answers, no redirects, metadata services without any proxy and with little patience.</summary>
/// <param name="client">For services in the network.</param>
/// <param name="local">For services of the machine.</param>
internal sealed class IdentityHttp(HttpMessageInvoker client, HttpMessageInvoker local)
{
    private const int MaxBody = 256 * 1024;
    private static readonly TimeSpan LocalPatience = TimeSpan.FromSeconds(2);

    /// <summary>Sends a request to a service in the network.</summary>
    public Task<IdentityAnswer> SendAsync(HttpRequestMessage message, CancellationToken cancellationToken) => SendAsync(client, message, cancellationToken);

    /// <summary>Sends a request to a service of the machine; <see langword="null"/> where none answers.</summary>
    public async Task<IdentityAnswer?> AskMachineAsync(HttpRequestMessage message, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(LocalPatience);
        try
        {
            return await SendAsync(local, message, limit.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is HttpRequestException or IOException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return null;
        }
    }

    private static async Task<IdentityAnswer> SendAsync(HttpMessageInvoker invoker, HttpRequestMessage message, CancellationToken cancellationToken)
    {
        UpstreamMessage.SetVersion(message);
        using var answer = await invoker.SendAsync(message, cancellationToken).ConfigureAwait(false);
        var stream = await answer.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = stream.ConfigureAwait(false);
        using var body = new MemoryStream();
        byte[] piece = new byte[8192];
        int count;
        while ((count = await stream.ReadAsync(piece, cancellationToken).ConfigureAwait(false)) > 0)
        {
            body.Write(piece, 0, count);
            if (body.Length > MaxBody) throw new HttpRequestException("the answer is too large");
        }
        return new IdentityAnswer((int)answer.StatusCode, body.ToArray());
    }
}

/// <summary>What such a service answered.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Body">The body.</param>
internal sealed record IdentityAnswer(int Status, byte[] Body)
{
    /// <summary>Whether it is a success.</summary>
    public bool IsGood => Status is >= 200 and <= 299;

    /// <summary>The body as text.</summary>
    public string Text => Encoding.UTF8.GetString(Body).Trim();

    /// <summary>The body as JSON; an undefined element where it is none.</summary>
    public JsonElement Json()
    {
        try
        {
            using var document = JsonDocument.Parse(Body);
            return document.RootElement.ValueKind == JsonValueKind.Object ? document.RootElement.Clone() : default;
        }
        catch (JsonException)
        {
            return default;
        }
    }
}

/// <summary>Members of answers.</summary>
internal static class IdentityJson
{
    /// <summary>A string that is not empty, or a number's text; else <see langword="null"/>.</summary>
    public static string? Find(this JsonElement json, string name) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var value)
            ? value.ValueKind switch { JsonValueKind.String when value.GetString() is { Length: > 0 } text => text, JsonValueKind.Number => value.GetRawText(), _ => null }
            : null;

    /// <summary>A time in ISO 8601, or as seconds or milliseconds since 1970.</summary>
    public static DateTimeOffset? Time(this JsonElement json, string name)
    {
        if (json.Find(name) is not { } text) return null;
        if (long.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, out long number) && number is > 0 and < 200_000_000_000_000)
        {
            return number > 100_000_000_000 ? DateTimeOffset.FromUnixTimeMilliseconds(number) : DateTimeOffset.FromUnixTimeSeconds(number);
        }
        return DateTimeOffset.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, System.Globalization.DateTimeStyles.AssumeUniversal, out var time) ? time : null;
    }

    /// <summary>An OAuth answer: its token, and when it expires by <c>expires_in</c> or <c>expires_on</c>; <see langword="null"/> where there is no token.</summary>
    public static Expiring<string>? Token(this JsonElement json, DateTimeOffset now)
    {
        if (json.Find("access_token") is not { } token) return null;
        var expires = int.TryParse(json.Find("expires_in"), System.Globalization.CultureInfo.InvariantCulture, out int seconds) ? now + TimeSpan.FromSeconds(Math.Max(0, seconds)) : json.Time("expires_on");
        return new Expiring<string>(token, expires ?? now + TimeSpan.FromHours(1));
    }
}
