using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Sluice.Upstream;

/// <summary>
/// A Google credentials file: a service account's key (<c>service_account</c>), or what <c>gcloud auth application-default login</c> writes
/// (<c>authorized_user</c>).
/// </summary>
internal static class GoogleKeyFile
{
    private const string DefaultTokenAddress = "https://oauth2.googleapis.com/token";

    /// <summary>The form that is posted to the token endpoint (https://developers.google.com/identity/protocols/oauth2/service-account).</summary>
    /// <exception cref="FormatException">The file holds no credentials of a known type; the message tells what is missing, never a value.</exception>
    public static (Uri Address, FormUrlEncodedContent Form) Request(byte[] file, DateTimeOffset now)
    {
        using var document = Parse(file);
        var root = document.RootElement;
        string text = Optional(root, "token_uri") ?? DefaultTokenAddress;
        if (!Uri.TryCreate(text, UriKind.Absolute, out var address)) throw new FormatException("its token_uri is no address");
        return Optional(root, "type") switch
        {
            "service_account" => (address, new FormUrlEncodedContent([
                new("grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer"),
                new("assertion", Assertion(root, text, now.ToUnixTimeSeconds()))])),
            "authorized_user" => (address, new FormUrlEncodedContent([
                new("grant_type", "refresh_token"),
                new("client_id", Text(root, "client_id")),
                new("client_secret", Text(root, "client_secret")),
                new("refresh_token", Text(root, "refresh_token"))])),
            _ => throw new FormatException("its type is neither service_account nor authorized_user"),
        };
    }

    private static JsonDocument Parse(byte[] file)
    {
        try
        {
            var document = JsonDocument.Parse(file);
            if (document.RootElement.ValueKind == JsonValueKind.Object) return document;
            document.Dispose();
        }
        catch (JsonException e)
        {
            throw new FormatException("it is not JSON", e);
        }
        throw new FormatException("it is not a JSON object");
    }

    private static string Assertion(JsonElement root, string audience, long now)
    {
        string header = Json(w =>
        {
            w.WriteString("alg", "RS256");
            w.WriteString("typ", "JWT");
            if (Optional(root, "private_key_id") is { } id) w.WriteString("kid", id);
        });
        string claims = Json(w =>
        {
            w.WriteString("iss", Text(root, "client_email"));
            w.WriteString("scope", "https://www.googleapis.com/auth/cloud-platform");
            w.WriteString("aud", audience);
            w.WriteNumber("iat", now);
            w.WriteNumber("exp", now + 3600);
        });
        string unsigned = $"{header}.{claims}";
        using var rsa = RSA.Create();
        try
        {
            rsa.ImportFromPem(Text(root, "private_key"));
            return $"{unsigned}.{Base64Url.EncodeToString(rsa.SignData(Encoding.ASCII.GetBytes(unsigned), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1))}";
        }
        catch (Exception e) when (e is ArgumentException or CryptographicException)
        {
            throw new FormatException("its private_key is no RSA key in PEM", e);
        }
    }

    private static string Json(Action<Utf8JsonWriter> members)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
        {
            writer.WriteStartObject();
            members(writer);
            writer.WriteEndObject();
        }
        return Base64Url.EncodeToString(stream.ToArray());
    }

    private static string Text(JsonElement root, string name) => Optional(root, name) ?? throw new FormatException($"it has no {name}");

    private static string? Optional(JsonElement root, string name) =>
        root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 } text ? text : null;
}
