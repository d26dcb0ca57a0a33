using System.Globalization;
using System.Net;
using Sluice.Errors;
using Sluice.Storage;

namespace Sluice.Access;

/// <summary>Why a client's key is not taken, and what to do about it. None of them repeats the key.</summary>
internal static class AccessErrors
{
    public static GatewayError Missing { get; } = Unauthorized("this gateway needs a key: send one as 'Authorization: Bearer KEY', x-api-key, api-key or x-goog-api-key; who runs the gateway makes one with 'sluice keys create'", "missing_api_key");

    public static GatewayError Foreign { get; } = Unauthorized("this is no key of this gateway, and keys of providers and of administration are not taken; who runs the gateway makes one with 'sluice keys create'", "invalid_api_key");

    public static GatewayError Admin { get; } = Unauthorized("this is an admin key, which opens /admin/api only: send a key made with 'sluice keys create'", "invalid_api_key");

    public static GatewayError Mistyped { get; } = Unauthorized("this key is not whole: its check sum does not fit; copy it again", "invalid_api_key");

    public static GatewayError Unknown { get; } = Unauthorized("this gateway does not know this key: it may be another gateway's, or have been rotated; ask who runs the gateway for a new one", "invalid_api_key");

    public static GatewayError Revoked(KeyRecord key) => Unauthorized($"key '{key.Name}' was revoked; ask who runs the gateway for a new one", "api_key_revoked");

    public static GatewayError Expired(KeyRecord key) => Unauthorized($"key '{key.Name}' expired at {Time(key.ExpiresAt!.Value)}; ask who runs the gateway for a new one", "api_key_expired");

    public static GatewayError Elsewhere(KeyRecord key, IPAddress? address) =>
        new(ErrorKind.Permission, $"key '{key.Name}' may not be used from {address?.ToString() ?? "an unknown address"}: it is bound to other addresses") { Code = "address_not_allowed" };

    public static GatewayError NoGroup(KeyRecord key, string group) =>
        new(ErrorKind.Permission, $"key '{key.Name}' belongs to the group '{group}', which keys.groups does not have: the gateway's administrator must add the group or move the key") { Code = "unknown_group" };

    /// <summary>The store failed, so that nobody can say whose key this is.</summary>
    public static GatewayError Store(GatewayError error) =>
        new(ErrorKind.Overloaded, $"the gateway cannot look up keys: {error.Message}") { Status = 503, Code = "storage", RetryAfter = TimeSpan.FromSeconds(5) };

    private static GatewayError Unauthorized(string message, string code) => new(ErrorKind.Authentication, message) { Code = code };

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
