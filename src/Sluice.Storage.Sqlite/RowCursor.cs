namespace Sluice.Storage.Sqlite;

/// <summary>The rows of a statement that runs. To be disposed before the statement runs again.</summary>
internal readonly struct RowCursor(Statement statement) : IDisposable
{
    /// <summary>Goes to the next row; false where there is none.</summary>
    public bool Read() => statement.Step();

    public bool IsNull(int column) => statement.IsNull(column);

    public long Int64(int column) => statement.Int64(column);

    public string Text(int column) => statement.Text(column);

    public byte[] Bytes(int column) => statement.Bytes(column);

    /// <summary>Text; <see langword="null"/> for NULL.</summary>
    public string? TextOrNull(int column) => IsNull(column) ? null : Text(column);

    /// <summary>A number; <see langword="null"/> for NULL.</summary>
    public long? Int64OrNull(int column) => IsNull(column) ? null : Int64(column);

    public void Dispose() => statement.Reset();
}
