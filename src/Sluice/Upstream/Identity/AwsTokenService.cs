using System.Globalization;
using System.Text;
using System.Xml;
using System.Xml.Linq;

namespace Sluice.Upstream.Identity;

/// <summary>A role that is taken.</summary>
/// <param name="Arn">Its ARN.</param>
/// <param name="Session">The name of the session; <see langword="null"/> for our own.</param>
/// <param name="ExternalId">The external id that the role asks for.</param>
/// <param name="Duration">For how long, in seconds.</param>
internal sealed record AwsRole(string Arn, string? Session, string? ExternalId, string? Duration);

/// <summary>AWS's Security Token Service: a role by keys, or by the token of another identity provider (https://docs.aws.amazon.com/STS/latest/APIReference).</summary>
internal sealed class AwsTokenService(string region, IdentityEnvironment environment, IdentityHttp http, TimeProvider time)
{
    private const string SessionName = "sluice";

    /// <summary>Takes a role with the token in a file (EKS service accounts, GitHub).</summary>
    public async Task<Expiring<AwsKeys>> WithWebIdentityAsync(string role, string file, string? session, CancellationToken cancellationToken)
    {
        byte[] token;
        try
        {
            token = await IdentityEnvironment.ReadAsync(file, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new IdentityException($"the web identity token '{file}' cannot be read", "Check AWS_WEB_IDENTITY_TOKEN_FILE, or web_identity_token_file of the profile.");
        }
        return await CallAsync("AssumeRoleWithWebIdentity", role, null, cancellationToken, ("RoleSessionName", session ?? SessionName), ("WebIdentityToken", Encoding.UTF8.GetString(token).Trim())).ConfigureAwait(false);
    }

    /// <summary>Takes a role with keys.</summary>
    public Task<Expiring<AwsKeys>> AssumeAsync(AwsRole role, AwsKeys source, CancellationToken cancellationToken) => CallAsync(
        "AssumeRole", role.Arn, source, cancellationToken, ("RoleSessionName", role.Session ?? SessionName), ("ExternalId", role.ExternalId), ("DurationSeconds", role.Duration));

    private async Task<Expiring<AwsKeys>> CallAsync(string action, string role, AwsKeys? signing, CancellationToken cancellationToken, params (string Name, string? Value)[] parameters)
    {
        string address = environment["AWS_ENDPOINT_URL_STS"] ?? environment["AWS_ENDPOINT_URL"] ?? $"https://sts.{region}.amazonaws.com";
        var form = parameters.Where(p => p.Value is not null).Prepend(("RoleArn", role)).Prepend(("Version", "2011-06-15")).Prepend(("Action", action));
        byte[] body = Encoding.UTF8.GetBytes(string.Join('&', form.Select(p => $"{p.Item1}={Uri.EscapeDataString(p.Item2!)}")));
        using var message = new HttpRequestMessage(HttpMethod.Post, new Uri(address.TrimEnd('/') + "/")) { Content = new ByteArrayContent(body) };
        message.Content.Headers.TryAddWithoutValidation("Content-Type", "application/x-www-form-urlencoded; charset=utf-8");
        if (signing is not null) new SigV4Signer(signing.AccessKeyId, signing.SecretAccessKey, signing.SessionToken, region, "sts").Sign(message, body, time.GetUtcNow());
        var answer = await http.SendAsync(message, cancellationToken).ConfigureAwait(false);
        var root = Parse(answer.Body);
        if (answer.IsGood && Text(root, "AccessKeyId") is { } id && Text(root, "SecretAccessKey") is { } secret)
        {
            DateTimeOffset? expires = DateTimeOffset.TryParse(Text(root, "Expiration"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var until) ? until : null;
            return new Expiring<AwsKeys>(new AwsKeys(id, secret, Text(root, "SessionToken")), expires);
        }
        string reason = Text(root, "Code") is { } code ? $" ({code}: {Text(root, "Message")})" : "";
        throw new IdentityException($"AWS refused the role {role} with status {answer.Status}{reason}");
    }

    private static XElement? Parse(byte[] body)
    {
        try
        {
            using var reader = XmlReader.Create(new MemoryStream(body));
            return XElement.Load(reader);
        }
        catch (XmlException)
        {
            return null;
        }
    }

    private static string? Text(XElement? root, string name) => root?.DescendantsAndSelf().FirstOrDefault(e => e.Name.LocalName == name)?.Value.Trim() is { Length: > 0 } text ? text : null;
}
