namespace Sluice.TestKit;

/// <summary>Finds the repository and the material beside it from wherever the tests run.</summary>
public static class RepositoryPaths
{
    /// <summary>The root of the checkout: the folder that holds <c>Sluice.slnx</c>.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>The folder of shared material beside the checkout; it may be absent.</summary>
    public static string Shared { get; } = Path.GetFullPath(Path.Combine(Root, "..", "shared"));

    /// <summary>True when the recorded exchanges are there.</summary>
    public static bool HasCorpus { get; } = Directory.Exists(Path.Combine(Shared, "corpus"));

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Sluice.slnx"))) folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException("the tests run outside of a checkout: Sluice.slnx was not found");
    }
}
