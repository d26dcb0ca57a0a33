using Microsoft.AspNetCore.Http;
using Sluice.Access;
using Sluice.Errors;

namespace Sluice.Gateway.Admin;

/// <summary>Lets in who has the admin key, as <c>Authorization: Bearer</c> or <c>x-api-key</c>.</summary>
/// <param name="key">The key.</param>
/// <param name="brake">Slows guesses down.</param>
internal sealed class AdminDoor(AdminKey key, FailureBrake brake)
{
    private static readonly GatewayError Missing = new(ErrorKind.Authentication, "the administration API needs the admin key: send it as 'Authorization: Bearer KEY'") { Code = "missing_admin_key" };

    private static readonly GatewayError Wrong = new(ErrorKind.Authentication, "this is not the admin key: it is admin.key of the configuration, else the one that the first start printed; 'sluice keys rotate admin' makes a new one") { Code = "invalid_admin_key" };

    /// <summary>Why a request is refused; <see langword="null"/> where it may pass.</summary>
    public async ValueTask<GatewayError?> RefusalAsync(HttpContext context)
    {
        if (Presented(context.Request) is not { } presented) return Missing;
        // The right key passes whatever others from its address have tried: behind a proxy they are all one.
        var (isIt, error) = await key.CheckAsync(presented, context.RequestAborted);
        if (isIt) return null;
        if (error is not null) return new GatewayError(ErrorKind.Overloaded, $"the admin key cannot be looked up: {error.Message}") { Status = 503, Code = "storage" };
        // A client's own key at the wrong address is a mistake and no guess.
        if (KeyFormat.IsMeant(presented)) return Wrong;
        var wait = brake.Take(context.Connection.RemoteIpAddress);
        return wait > TimeSpan.Zero ? new GatewayError(ErrorKind.RateLimited, "too many wrong admin keys came from this address") { Status = 429, Code = "too_many_failures", RetryAfter = wait } : Wrong;
    }

    /// <summary>Whether a request carries the right key; for what is also open to others, so that a wrong one here is no guess and is not counted.</summary>
    public async ValueTask<bool> OpensAsync(HttpContext context) => Presented(context.Request) is { } presented && (await key.CheckAsync(presented, context.RequestAborted)).IsIt;

    /// <summary>Makes a new admin key, tells it, and ends the one that this request came with.</summary>
    public async Task RotateAsync(HttpContext context)
    {
        var rotated = await key.RotateAsync(AdminRequest.Who(context), context.RequestAborted);
        if (!rotated.IsSuccess)
        {
            await AdminAnswer.WriteAsync(context, rotated.Error);
            return;
        }
        await AdminAnswer.WriteAsync(context, StatusCodes.Status200OK, w =>
        {
            w.WriteStartObject();
            w.WriteString("id"u8, AdminKey.Id);
            w.WriteString("key"u8, rotated.Value);
            w.WriteEndObject();
        });
    }

    private static string? Presented(HttpRequest request)
    {
        string authorization = request.Headers.Authorization.ToString();
        string text = authorization.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) ? authorization[7..] : request.Headers["x-api-key"].ToString();
        return text.Trim() is { Length: > 0 and <= 512 } found ? found : null;
    }
}
