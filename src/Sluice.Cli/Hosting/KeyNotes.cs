using Sluice.Access;
using Sluice.Cli.Output;
using Sluice.Gateway.Hosting;
using Sluice.Storage;

namespace Sluice.Cli.Hosting;

/// <summary>What who has just started a gateway must know of its keys.</summary>
internal static class KeyNotes
{
    /// <summary>Writes it.</summary>
    /// <param name="host">The gateway.</param>
    /// <param name="store">Its store.</param>
    /// <param name="flags">What other commands need to find the same store; <see langword="null"/> where it ends with this process.</param>
    public static async Task WriteAsync(GatewayHost host, ISluiceStore store, string? flags)
    {
        if (host.MadeAdminKey is { } made)
        {
            Console.WriteLine($"Admin key for {host.AdminAddress.GetLeftPart(UriPartial.Authority)}/admin/api, shown only this once: {made}");
            if (flags is not null) Console.WriteLine(ProgramName.In($"Only its hash is kept, in the store. Lost it? sluice keys rotate admin{flags}"));
        }
        if (!host.State.Current.Config.Keys.Required) return;
        var keys = await store.Keys.ListAsync(CancellationToken.None);
        if (keys.IsSuccess && !keys.Value.Any(k => k.Id != AdminKey.Id && k.RevokedAt is null)) Console.WriteLine(ProgramName.In($"Clients need a key, and there is none yet. Make one: sluice keys create{flags}"));
    }
}
