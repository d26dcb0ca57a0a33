using Microsoft.AspNetCore.Http;
using Sluice.Errors;
using Sluice.Gateway.Http;

namespace Sluice.Gateway.Admin;

/// <summary>Who may read metrics and the state of providers: everybody where calls need no key, else who has a key or the admin key.</summary>
internal sealed class ReaderCheck(CallerCheck callers, AdminApi admin)
{
    /// <summary>Why a request is refused; <see langword="null"/> where it may pass.</summary>
    public async ValueTask<GatewayError?> RefusalAsync(HttpContext context)
    {
        if (!callers.IsRequired) return null;
        var caller = await callers.OfAsync(context);
        return caller.Error is null || await admin.OpensAsync(context) ? null : caller.Error;
    }
}
