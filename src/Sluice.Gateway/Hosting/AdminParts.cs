using Sluice.Access;
using Sluice.Access.Administration;
using Sluice.Configuration;
using Sluice.Engine;
using Sluice.Errors;
using Sluice.Gateway.Admin;
using Sluice.Routing;
using Sluice.Telemetry;

namespace Sluice.Gateway.Hosting;

/// <summary>Puts the administration API together, and makes the admin key at the first start.</summary>
internal static class AdminParts
{
    /// <summary>The API, and the admin key where it was made just now.</summary>
    /// <exception cref="SluiceException">The store failed.</exception>
    public static async Task<(AdminApi Api, string? MadeKey)> BuildAsync(GatewayHostOptions options, GatewayState state, CallEngine engine, IAuditLog audit, CancellationToken cancellationToken)
    {
        SluiceConfig Config() => state.Current.Config;
        var key = new AdminKey(options.Store?.Keys, audit, Config, options.Time);
        string? made = null;
        if (Config().Admin.Enabled && options.Store is not null)
        {
            (made, var error) = await key.EnsureAsync(cancellationToken);
            if (error is not null) throw new SluiceException(error);
        }
        var keys = options.Store is { } store ? new KeyResource(new KeyAdministration(store.Keys, audit, Config, options.Time), Config, options.Time) : null;
        var status = new StateResource(state, options.Configuration, options.Store, audit, () => engine.OpenCalls, options.Time);
        return (new AdminApi(new AdminDoor(key, new FailureBrake(options.Time)), keys, status, state, engine.Ids), made);
    }
}
