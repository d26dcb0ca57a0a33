using Sluice.Storage.Sqlite;

namespace Sluice.Storage.Tests;

/// <summary>The store in a SQLite file, and what can be wrong with the file.</summary>
public sealed class SqliteStoreTests : StoreContract, IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("sluice-store-").FullName;

    private string File => Path.Combine(_folder, "sluice.db");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    protected override ValueTask<ISluiceStore> OpenAsync() => ValueTask.FromResult<ISluiceStore>(SqliteStore.Open(File, TimeProvider.System).Value!);

    [Fact]
    public async Task Files_AreTheOwnersAlone()
    {
        if (OperatingSystem.IsWindows()) Assert.Skip("Windows has no file modes");
        await using var store = await OpenAsync();
        await store.Ledger.WriteAsync(Entries.Call("req_1"), TestContext.Current.CancellationToken);

        if (OperatingSystem.IsWindows()) return;
        foreach (string file in Directory.GetFiles(_folder)) System.IO.File.GetUnixFileMode(file).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite, file);
    }

    [Fact]
    public void DamagedFile_IsSaidClearly_AndLeftAlone()
    {
        byte[] noise = [.. Enumerable.Repeat((byte)'x', 5000)];
        System.IO.File.WriteAllBytes(File, noise);

        var opened = SqliteStore.Open(File, TimeProvider.System);

        opened.Error!.Message.ShouldContain("damaged or not a database");
        opened.Error.Message.ShouldContain(File);
        System.IO.File.ReadAllBytes(File).ShouldBe(noise);
    }

    [Fact]
    public async Task NewerDatabase_IsRefused()
    {
        await (await OpenAsync()).DisposeAsync();
        Alter("PRAGMA user_version = 99");

        SqliteStore.Open(File, TimeProvider.System).Error!.Message.ShouldContain("newer version of Sluice");
    }

    [Fact]
    public void ForeignDatabase_IsRefused()
    {
        Alter("CREATE TABLE things (a)");

        SqliteStore.Open(File, TimeProvider.System).Error!.Message.ShouldContain("another program");
    }

    [Fact]
    public void MissingFolder_IsSaid() =>
        SqliteStore.Open(Path.Combine(_folder, "no", "sluice.db"), TimeProvider.System).Error!.Message.ShouldContain("folder of the database");

    [Fact]
    public async Task OneFailingOperation_TakesNothingElseAlong()
    {
        await using var store = await OpenAsync();
        var bad = Entries.Call("bad", 100_000_000_000m);

        var writes = await Task.WhenAll(Enumerable.Range(0, 50).Select(i => store.Ledger.WriteAsync(i == 25 ? bad : Entries.Call($"req_{i}"), TestContext.Current.CancellationToken).AsTask()));

        writes.Count(e => e is not null).ShouldBe(1);
        (await store.Ledger.ReadAsync(new LedgerFilter(), TestContext.Current.CancellationToken).CountAsync(TestContext.Current.CancellationToken)).ShouldBe(49);
    }

    private void Alter(string sql)
    {
        using var connection = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={File};Pooling=False");
        SQLitePCL.Batteries_V2.Init();
        connection.Open();
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // constants of this class
        command.CommandText = sql;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }
}
