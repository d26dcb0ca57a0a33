using Microsoft.AspNetCore.Http;

namespace Sluice.Gateway.Admin;

/// <summary>Marks connections that came in at <c>admin.listen</c>.</summary>
internal sealed class AdminListener
{
    public static AdminListener Mark { get; } = new();

    public static bool Took(HttpContext context) => context.Features.Get<AdminListener>() is not null;
}
