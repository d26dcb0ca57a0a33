using System.Text;
using Sluice.Configuration;
using Sluice.Errors;
using Sluice.Storage;

namespace Sluice.Access;

/// <summary>The secret that keys are hashed with: the configuration's, else the one that the store has made. Kept once it is known.</summary>
internal sealed class KeyPepper(IKeyStore keys)
{
    private volatile Configured? _configured;
    private volatile byte[]? _stored;

    /// <summary>The pepper, where it need not be asked for.</summary>
    public byte[]? Known(KeysConfig config)
    {
        if (config.Pepper is not { } secret) return _stored;
        var configured = _configured;
        if (configured is null || !ReferenceEquals(configured.Secret, secret)) _configured = configured = new Configured(secret, Encoding.UTF8.GetBytes(secret.Reveal()));
        return configured.Bytes;
    }

    /// <summary>The pepper; or why the store does not give it.</summary>
    public async ValueTask<Outcome<byte[]>> GetAsync(KeysConfig config, CancellationToken cancellationToken)
    {
        if (Known(config) is { } known) return known;
        var stored = await keys.PepperAsync(cancellationToken).ConfigureAwait(false);
        if (stored.IsSuccess) _stored = stored.Value;
        return stored;
    }

    private sealed record Configured(Secret Secret, byte[] Bytes);
}
