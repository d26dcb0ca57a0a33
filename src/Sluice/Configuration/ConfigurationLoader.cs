using Sluice.Configuration.Binding;
using Sluice.Configuration.Loading;
using Sluice.Configuration.Schema;
using Sluice.Configuration.Validation;
using Sluice.Configuration.Yaml;

namespace Sluice.Configuration;

/// <summary>Finds, reads, merges, validates and binds a configuration. Reads files and the given environment, and nothing else.</summary>
public static class ConfigurationLoader
{
    /// <summary>Loads a configuration. Whatever is wrong is in the result, all of it; nothing is thrown for it.</summary>
    /// <param name="source">What to load.</param>
    /// <param name="environment">Variables and the working directory.</param>
    public static ConfigurationResult Load(ConfigurationSource source, IEnvironment environment)
    {
        var faults = new FaultList();
        var layers = new ConfigurationLocator(environment, faults).Find(source);
        var reader = new LayerReader(environment, faults);
        var read = reader.Read(layers);
        var zero = layers.Count == 0 && faults.Count == 0;
        var overrides = new OverrideReader(faults);
        ConfigNode root = read ?? new MapNode(ConfigurationOrigin.BuiltIn, []);
        if (zero)
        {
            // Overrides may say where to listen, which decides whether a well-known address is Sluice itself.
            var written = overrides.Apply(root, source, environment);
            root = WellKnownVariables.Read(environment, ListenOf(written), faults);
        }

        root = overrides.Apply(root, source, environment);
        return Build(root, reader.Files, new BindingContext(environment, faults) { ZeroConfiguration = zero, MainFile = layers.Count > 0 ? layers[0] : null }, complete: read is not null || zero);
    }

    /// <summary>Loads a configuration from text that a program made; no file is read and no override applied.</summary>
    /// <param name="yaml">The text of a configuration file.</param>
    /// <param name="name">What messages call it.</param>
    /// <param name="environment">Variables.</param>
    public static ConfigurationResult LoadText(string yaml, string name, IEnvironment environment)
    {
        var faults = new FaultList();
        var root = YamlReader.Read(yaml, name, faults) ?? new MapNode(ConfigurationOrigin.BuiltIn, []);
        return Build(root, [], new BindingContext(environment, faults));
    }

    internal static ConfigurationResult Build(ConfigNode root, IReadOnlyList<string> files, BindingContext context, bool complete = true)
    {
        var faults = context.Faults;
        var tree = (MapNode)new Interpolation(context.Environment, faults).Apply(root, "");
        new StructureValidator(faults).Validate(tree, RootSchema.Root, "");
        var config = RootBinder.Bind(tree, context);
        if (complete) new ReferenceValidator(config, tree, context).Validate();
        return new ConfigurationResult
        {
            Config = faults.Count == 0 ? config : null,
            Faults = faults.Sorted(),
            Warnings = faults.SortedWarnings(),
            Files = files,
            SecretFiles = context.SecretFiles,
            Tree = tree,
            Implied = context.Implied,
        };
    }

    private static ListenAddress ListenOf(ConfigNode root) =>
        (root as MapNode)?["server"] is MapNode server && server["listen"] is ScalarNode listen && ListenAddress.TryParse(listen.Text, out var address) ? address : ListenAddress.Default;
}
