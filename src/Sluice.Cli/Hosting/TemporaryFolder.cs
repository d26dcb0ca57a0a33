namespace Sluice.Cli.Hosting;

/// <summary>A folder that is gone when it is disposed.</summary>
internal sealed class TemporaryFolder(string prefix) : IDisposable
{
    /// <summary>Its path.</summary>
    public string Path { get; } = Directory.CreateTempSubdirectory(prefix).FullName;

    public void Dispose()
    {
        try
        {
            Directory.Delete(Path, recursive: true);
        }
        catch (IOException)
        {
            // Somebody still looks at it: the system clears its temporary folder.
        }
    }
}
