using Sluice.Engine;
using Sluice.Errors;

namespace Sluice.Access;

/// <summary>Finds out who calls, before anything of the request's body is read.</summary>
public interface ICallerAuthenticator
{
    /// <summary>The caller; an error where its key is unknown, revoked, expired, used from elsewhere than it may, or missing where one is required.</summary>
    /// <param name="headers">The client's headers; a key comes as every dialect has it: <c>Authorization: Bearer</c>, <c>x-api-key</c>, <c>api-key</c>, <c>x-goog-api-key</c>; or <c>x-sluice-key</c> beside a credential for the provider.</param>
    /// <param name="queryKey">The query parameter <c>key</c> (Gemini); <see langword="null"/> where absent.</param>
    /// <param name="address">Where the request comes from; <see langword="null"/> where unknown.</param>
    /// <param name="cancellationToken">Gives up.</param>
    ValueTask<CallerResult> AuthenticateAsync(IClientHeaders headers, string? queryKey, System.Net.IPAddress? address, CancellationToken cancellationToken);
}

/// <summary>Who calls, or why nobody may. Both are <see langword="null"/> for a client without a key where none is needed.</summary>
/// <param name="Caller">The caller.</param>
/// <param name="Error">Why the call is refused.</param>
/// <param name="GivenKey">The key that the client presented, where it is one that was given and may look like anything: it must not reach a provider.</param>
public readonly record struct CallerResult(Caller? Caller, GatewayError? Error, string? GivenKey = null);
