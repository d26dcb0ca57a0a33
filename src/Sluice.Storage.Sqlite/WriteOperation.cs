using Sluice.Errors;

namespace Sluice.Storage.Sqlite;

/// <summary>Something to be written.</summary>
internal abstract class WriteOperation
{
    /// <summary>Does it within the open transaction; false where it failed and must be undone.</summary>
    public abstract bool Run(Statements statements, string path);

    /// <summary>Tells whoever waits.</summary>
    /// <param name="failure">Why the transaction failed; <see langword="null"/> where it is committed.</param>
    public abstract void Complete(GatewayError? failure);
}

/// <summary>Something to be written, with a result.</summary>
internal sealed class WriteOperation<T>(Func<Statements, T> write) : WriteOperation
{
    private readonly TaskCompletionSource<(T? Value, GatewayError? Error)> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private T? _value;
    private GatewayError? _error;

    public Task<(T? Value, GatewayError? Error)> Done => _done.Task;

    public override bool Run(Statements statements, string path)
    {
        try
        {
            _value = write(statements);
            return true;
        }
        catch (Exception e) when (e is SqliteException or OverflowException or InvalidOperationException)
        {
            _error = StorageErrors.Of(e, path);
            return false;
        }
    }

    public override void Complete(GatewayError? failure)
    {
        var error = _error ?? failure;
        _done.SetResult(error is null ? (_value, null) : (default, error));
    }
}
