using Sluice.Storage;

namespace Sluice.Gateway.Hosting;

/// <summary>Whether the store answers.</summary>
internal sealed class StoreCheck(ISluiceStore store) : IReadinessCheck
{
    public string Name => "storage";

    public async ValueTask<string?> CheckAsync(CancellationToken cancellationToken) => (await store.CheckAsync(cancellationToken))?.Message;
}
