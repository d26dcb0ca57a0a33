using System.Buffers;
using System.Text;
using SQLitePCL;

namespace Sluice.Storage.Sqlite;

/// <summary>A prepared statement. SQLite is called directly: a ledger's worth of parameters bound by name through ADO.NET costs more than the insert itself.</summary>
internal sealed class Statement : IDisposable
{
    private const int StackBytes = 512;
    private readonly sqlite3 _database;
    private readonly sqlite3_stmt _statement;
    private readonly int[] _places;

    /// <summary>Prepares a statement.</summary>
    /// <param name="database">The connection.</param>
    /// <param name="sql">One statement.</param>
    /// <param name="values">Its parameters: their names, in the order in which values will come; none where they are bound by number.</param>
    public Statement(sqlite3 database, string sql, ReadOnlySpan<(string Name, object? Value)> values)
    {
        _database = database;
        Check(raw.sqlite3_prepare_v2(database, sql, out _statement));
        _places = new int[values.Length];
        for (int i = 0; i < _places.Length; i++) _places[i] = raw.sqlite3_bind_parameter_index(_statement, values[i].Name);
    }

    /// <summary>Binds all parameters, in the order of their names.</summary>
    public void Bind(ReadOnlySpan<(string Name, object? Value)> values)
    {
        for (int i = 0; i < _places.Length; i++) BindAny(_places[i], values[i].Value);
    }

    /// <summary>Binds a parameter by its number, which begins at 1.</summary>
    public void Bind(int place, long? value) => Check(value is { } number ? raw.sqlite3_bind_int64(_statement, place, number) : raw.sqlite3_bind_null(_statement, place));

    /// <summary>Binds a parameter by its number, which begins at 1.</summary>
    public void Bind(int place, string? value) => Check(value is null ? raw.sqlite3_bind_null(_statement, place) : BindText(place, value));

    /// <summary>Runs it to its end and makes it ready for another run.</summary>
    public void Run()
    {
        try
        {
            while (Step())
            {
                // Some PRAGMAs answer with rows that nobody asked for.
            }
        }
        finally
        {
            Reset();
        }
    }

    /// <summary>Goes to the next row; false where there is none.</summary>
    public bool Step()
    {
        int result = raw.sqlite3_step(_statement);
        if (result == raw.SQLITE_ROW) return true;
        if (result != raw.SQLITE_DONE) Fail(result);
        return false;
    }

    /// <summary>Makes it ready for another run. What failed was thrown by <see cref="Step"/>.</summary>
    public void Reset() => _ = raw.sqlite3_reset(_statement);

    public bool IsNull(int column) => raw.sqlite3_column_type(_statement, column) == raw.SQLITE_NULL;

    public long Int64(int column) => raw.sqlite3_column_int64(_statement, column);

    public string Text(int column) => raw.sqlite3_column_text(_statement, column).utf8_to_string() ?? "";

    public byte[] Bytes(int column) => raw.sqlite3_column_blob(_statement, column).ToArray();

    /// <summary>A value of any type; <see langword="null"/> for NULL.</summary>
    public object? Value(int column) => raw.sqlite3_column_type(_statement, column) switch
    {
        raw.SQLITE_INTEGER => Int64(column),
        raw.SQLITE_FLOAT => raw.sqlite3_column_double(_statement, column),
        raw.SQLITE_TEXT => Text(column),
        raw.SQLITE_BLOB => Bytes(column),
        _ => null,
    };

    public void Dispose() => _statement.Dispose();

    private void BindAny(int place, object? value) => Check(value switch
    {
        null => raw.sqlite3_bind_null(_statement, place),
        string text => BindText(place, text),
        long number => raw.sqlite3_bind_int64(_statement, place, number),
        int number => raw.sqlite3_bind_int64(_statement, place, number),
        bool flag => raw.sqlite3_bind_int64(_statement, place, flag ? 1 : 0),
        byte[] bytes => raw.sqlite3_bind_blob(_statement, place, bytes),
        _ => throw new ArgumentException($"a {value.GetType().Name} cannot be bound", nameof(value)),
    });

    private int BindText(int place, string text)
    {
        // An empty span would be bound as NULL.
        if (text.Length == 0) return raw.sqlite3_bind_text(_statement, place, "");
        int most = Encoding.UTF8.GetMaxByteCount(text.Length);
        if (most <= StackBytes)
        {
            Span<byte> stack = stackalloc byte[StackBytes];
            return raw.sqlite3_bind_text(_statement, place, stack[..Encoding.UTF8.GetBytes(text, stack)]);
        }
        byte[] rented = ArrayPool<byte>.Shared.Rent(most);
        int result = raw.sqlite3_bind_text(_statement, place, rented.AsSpan(0, Encoding.UTF8.GetBytes(text, rented)));
        ArrayPool<byte>.Shared.Return(rented);
        return result;
    }

    private void Check(int result)
    {
        if (result != raw.SQLITE_OK) Fail(result);
    }

    private void Fail(int result) => throw SqliteException.Last(_database, result);
}
