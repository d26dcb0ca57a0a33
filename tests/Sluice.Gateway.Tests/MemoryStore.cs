using System.Collections.Concurrent;
using System.Security.Cryptography;
using Sluice.Errors;
using Sluice.Storage;

namespace Sluice.Gateway.Tests;

/// <summary>Keys and acts in memory, with a switch that makes the store fail.</summary>
internal sealed class MemoryStore : ISluiceStore, IKeyStore, IAuditStore
{
    private static readonly GatewayError Broken = new(ErrorKind.Internal, "the disk is gone") { Code = "storage" };
    private readonly byte[] _pepper = RandomNumberGenerator.GetBytes(32);
    private readonly List<KeyRecord> _keys = [];
    private long _revision = 1;

    public bool Fails { get; set; }

    public int Lookups { get; private set; }

    public ConcurrentQueue<AuditEntry> Acts { get; } = new();

    public ILedgerStore Ledger => throw new NotSupportedException();

    public IBudgetStore Budgets => throw new NotSupportedException();

    public IKeyStore Keys => this;

    public IAuditStore Audit => this;

    public ValueTask<GatewayError?> CheckAsync(CancellationToken cancellationToken) => ValueTask.FromResult(Fails ? Broken : null);

    public ValueTask DisposeAsync() => default;

    public ValueTask<Outcome<byte[]>> PepperAsync(CancellationToken cancellationToken) => ValueTask.FromResult<Outcome<byte[]>>(Fails ? Broken : _pepper);

    public ValueTask<KeyRevision> RevisionAsync(CancellationToken cancellationToken) => ValueTask.FromResult(Fails ? new KeyRevision(0, Broken) : new KeyRevision(Interlocked.Read(ref _revision), null));

    public ValueTask<KeyLookup> FindAsync(ReadOnlyMemory<byte> hash, CancellationToken cancellationToken)
    {
        lock (_keys)
        {
            Lookups++;
            return ValueTask.FromResult(Fails ? new KeyLookup(null, Broken) : new KeyLookup(_keys.Find(k => k.Hash.Span.SequenceEqual(hash.Span) || k.PreviousHash.Span.SequenceEqual(hash.Span)), null));
        }
    }

    public ValueTask<KeyLookup> GetAsync(string idOrName, CancellationToken cancellationToken)
    {
        lock (_keys) return ValueTask.FromResult(Fails ? new KeyLookup(null, Broken) : new KeyLookup(_keys.Find(k => k.Id == idOrName || k.Name == idOrName), null));
    }

    public ValueTask<Outcome<IReadOnlyList<KeyRecord>>> ListAsync(CancellationToken cancellationToken)
    {
        lock (_keys) return ValueTask.FromResult(Fails ? Broken : Outcome.Of<IReadOnlyList<KeyRecord>>([.. _keys]));
    }

    public ValueTask<GatewayError?> AddAsync(KeyRecord key, CancellationToken cancellationToken)
    {
        lock (_keys)
        {
            if (Fails) return ValueTask.FromResult<GatewayError?>(Broken);
            if (_keys.Exists(k => k.Name == key.Name)) return ValueTask.FromResult<GatewayError?>(new GatewayError(ErrorKind.InvalidRequest, $"there is a key '{key.Name}' already") { Status = 409 });
            _keys.Add(key);
            _revision++;
            return default;
        }
    }

    public ValueTask<GatewayError?> UpdateAsync(KeyRecord key, long expectedVersion, CancellationToken cancellationToken)
    {
        lock (_keys)
        {
            if (Fails) return ValueTask.FromResult<GatewayError?>(Broken);
            int at = _keys.FindIndex(k => k.Id == key.Id && k.Version == expectedVersion);
            if (at < 0) return ValueTask.FromResult<GatewayError?>(new GatewayError(ErrorKind.InvalidRequest, $"key '{key.Name}' was changed meanwhile") { Status = 412 });
            _keys[at] = key;
            _revision++;
            return default;
        }
    }

    public ValueTask<GatewayError?> WriteAsync(AuditEntry entry, CancellationToken cancellationToken)
    {
        if (Fails) return ValueTask.FromResult<GatewayError?>(Broken);
        Acts.Enqueue(entry);
        return default;
    }

    public ValueTask<Outcome<IReadOnlyList<AuditEntry>>> ReadAsync(int most, DateTimeOffset? before, CancellationToken cancellationToken) =>
        ValueTask.FromResult(Outcome.Of<IReadOnlyList<AuditEntry>>([.. Acts.Reverse().Where(a => before is null || a.At < before).Take(most)]));
}
