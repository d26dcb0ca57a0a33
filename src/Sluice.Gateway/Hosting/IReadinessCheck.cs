namespace Sluice.Gateway.Hosting;

/// <summary>Something without which calls should not be sent here. Asked by <c>/health/ready</c>.</summary>
public interface IReadinessCheck
{
    /// <summary>What is checked, e.g. <c>storage</c>.</summary>
    string Name { get; }

    /// <summary>Why the gateway is not ready, without secrets; <see langword="null"/> where it is. The token is cancelled after two seconds, which counts as not ready.</summary>
    ValueTask<string?> CheckAsync(CancellationToken cancellationToken);
}
