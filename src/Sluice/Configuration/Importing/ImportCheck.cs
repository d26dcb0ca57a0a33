using System.Diagnostics.CodeAnalysis;
using Sluice.Configuration.Binding;
using Sluice.Configuration.Yaml;

namespace Sluice.Configuration.Importing;

/// <summary>Holds a result against the checks of a start, on a machine where every variable is set and every file is there: what is left is wrong in the result itself.</summary>
internal static class ImportCheck
{
    internal static ConfigurationResult Load(string yaml, string name)
    {
        var faults = new FaultList();
        return YamlReader.Read(yaml, name, faults) is { } root
            ? ConfigurationLoader.Build(root, [], new BindingContext(new Elsewhere(), faults) { LooksAtFiles = false })
            : new ConfigurationResult { Faults = faults.Sorted() };
    }

    /// <summary>The variables that a text asks for, in order.</summary>
    internal static IReadOnlyList<string> Variables(string yaml)
    {
        var names = new List<string>();
        for (var at = yaml.IndexOf("${", StringComparison.Ordinal); at >= 0; at = yaml.IndexOf("${", at + 2, StringComparison.Ordinal))
        {
            if (at > 0 && yaml[at - 1] == '$') continue;
            var end = yaml.AsSpan(at).IndexOfAny(':', '}');
            // One with a default need not be set.
            if (end > 2 && yaml[at + end] == '}' && yaml[(at + 2)..(at + end)] is var found && !names.Contains(found, StringComparer.Ordinal)) names.Add(found);
        }

        return names;
    }

    private sealed class Elsewhere : IEnvironment
    {
        public IReadOnlyDictionary<string, string> Variables { get; } = new AllSet();

        public string WorkingDirectory => Path.GetTempPath();
    }

    // One value that is right for keys, addresses and names alike.
    private sealed class AllSet : Dictionary<string, string>, IReadOnlyDictionary<string, string>
    {
        bool IReadOnlyDictionary<string, string>.TryGetValue(string key, [MaybeNullWhen(false)] out string value)
        {
            value = "https://value.invalid";
            return true;
        }
    }
}
