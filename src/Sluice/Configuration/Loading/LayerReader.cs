using Sluice.Configuration.Schema;
using Sluice.Configuration.Yaml;

namespace Sluice.Configuration.Loading;

/// <summary>Reads files and lays each over the one that it extends.</summary>
internal sealed class LayerReader(IEnvironment environment, FaultList faults)
{
    private readonly List<string> files = [];

    /// <summary>Every file that was read or tried, the lowest layer first.</summary>
    internal IReadOnlyList<string> Files => files;

    /// <summary>Reads the layers, the lowest first, and merges them. Null where nothing could be read.</summary>
    internal ConfigNode? Read(IReadOnlyList<string> layers)
    {
        ConfigNode? root = null;
        foreach (var layer in layers)
        {
            if (Read(layer, []) is { } node) root = root is null ? node : NodeMerge.Over(root, node, RootSchema.Root);
        }

        return root;
    }

    /// <summary>A path as messages show it: relative where it lies under the working directory.</summary>
    internal string Show(string path)
    {
        var relative = Path.GetRelativePath(environment.WorkingDirectory, path);
        return relative.StartsWith("..", StringComparison.Ordinal) ? path : relative;
    }

    private ConfigNode? Read(string path, IReadOnlyList<string> above)
    {
        var shown = Show(path);
        var root = ConfigurationText.Read(path, shown, faults) is { } text ? YamlReader.Read(text, shown, faults) : null;
        ConfigNode? below = null;
        switch (root)
        {
            case ScalarNode { IsNull: true }:
                faults.Add(new ConfigurationOrigin(ConfigurationOriginKind.File, shown, 1, 1), "", "holds no key", "write at least one, or start from 'sluice config init'");
                root = null;
                break;
            case not null and not MapNode:
                faults.Add(root.Origin, "", $"the file is {root.Kind}", "write keys: server:, providers:, models: ...");
                root = null;
                break;
            case MapNode map when map["extends"] is ScalarNode { IsNull: false } extends:
                below = ReadBase(path, extends, [.. above, path]);
                break;
        }

        if (!files.Contains(path, StringComparer.Ordinal)) files.Add(path);
        return root is null || below is null ? root ?? below : NodeMerge.Over(below, root, RootSchema.Root);
    }

    private ConfigNode? ReadBase(string path, ScalarNode extends, IReadOnlyList<string> above)
    {
        var target = Path.GetFullPath(extends.Text, Path.GetDirectoryName(path)!);
        if (above.Contains(target, StringComparer.Ordinal))
        {
            var circle = string.Join(" -> ", above.SkipWhile(file => file != target).Append(target).Select(Show));
            faults.Add(extends.Origin, "extends", $"the files extend each other in a circle: {circle}", "take one 'extends' out");
            return null;
        }

        if (above.Count > 16)
        {
            faults.Add(extends.Origin, "extends", "more than 16 files extend each other", "merge some of them");
            return null;
        }

        if (File.Exists(target)) return Read(target, above);
        if (Directory.Exists(target)) faults.Add(extends.Origin, "extends", $"{Show(target)} is a directory", "name a file in it");
        else faults.Add(extends.Origin, "extends", $"{Show(target)} does not exist", "write a path relative to this file");
        return null;
    }
}
