using System.Text;
using Sluice.Configuration;
using Sluice.Errors;
using Sluice.Wire;

namespace Sluice.Engine;

/// <summary>Takes secrets out of errors before anybody is told: some providers quote the key, the header or the address that they refuse.</summary>
internal static class ErrorMask
{
    /// <summary>The error without the secrets of the configuration and the credentials of its client, named by the request that it is told to.</summary>
    public static GatewayError Masked(this CallContext call, GatewayError error)
    {
        var (mask, credentials) = (call.Gateway.Secrets, call.Credentials);
        return error with
        {
            RequestId = call.Inbound.RequestId,
            Message = mask.Mask(error.Message, credentials),
            Code = error.Code is null ? null : mask.Mask(error.Code, credentials),
            Type = error.Type is null ? null : mask.Mask(error.Type, credentials),
            Param = error.Param is null ? null : mask.Mask(error.Param, credentials),
            UpstreamRequestId = error.UpstreamRequestId is null ? null : mask.Mask(error.UpstreamRequestId, credentials),
            Raw = Masked(error.Raw, mask, credentials),
        };
    }

    /// <summary>Bytes of an error without them; the same bytes where they have none.</summary>
    public static ReadOnlyMemory<byte> Masked(this CallContext call, ReadOnlyMemory<byte> error)
    {
        string text = Encoding.UTF8.GetString(error.Span);
        string masked = call.Gateway.Secrets.Mask(text, call.Credentials);
        return ReferenceEquals(text, masked) || text == masked ? error : Encoding.UTF8.GetBytes(masked);
    }

    private static RawJson Masked(RawJson raw, SecretMask mask, IReadOnlyList<string> credentials)
    {
        if (raw.Utf8.Length == 0) return raw;
        string text = Encoding.UTF8.GetString(raw.Utf8.Span);
        string masked = mask.Mask(text, credentials);
        return text == masked ? raw : new RawJson(Encoding.UTF8.GetBytes(masked));
    }
}
