using System.Text;
using Sluice.Configuration.Yaml;
using Sluice.Providers;

namespace Sluice.Configuration.Loading;

/// <summary>
/// Puts variables into values: <c>${NAME}</c>, <c>${NAME:-default}</c>; <c>$${</c> stands for <c>${</c> itself. Done after the layers were merged, so that a
/// value that a profile replaced asks for nothing.
/// </summary>
internal sealed class Interpolation(IEnvironment environment, FaultList faults)
{
    internal ConfigNode Apply(ConfigNode node, string path, bool silent = false)
    {
        switch (node)
        {
            case ScalarNode { Substituted: false } scalar when scalar.Text.Contains("${", StringComparison.Ordinal):
                return Substitute(scalar, path, silent);
            case ListNode list:
                return new ListNode(list.Origin, [.. list.Items.Select((item, i) => Apply(item, $"{path}[{i}]", silent))]);
            case MapNode map:
                // Nobody needs the key of a provider that is switched off.
                silent |= map["enabled"] is ScalarNode { Text: "false" };
                return new MapNode(map.Origin, [.. map.Entries.Select(entry => entry with { Value = Apply(entry.Value, Validation.StructureValidator.Join(path, entry.Key), silent) })]);
            default:
                return node;
        }
    }

    private ScalarNode Substitute(ScalarNode scalar, string path, bool silent)
    {
        var variables = new List<string>();
        var broken = false;
        var text = Expand(scalar.Text);
        return new ScalarNode(scalar.Origin, text) { Plain = scalar.Plain, Substituted = variables.Count > 0, Variables = variables, Broken = broken };

        string Expand(string source)
        {
            var result = new StringBuilder(source.Length);
            for (var i = 0; i < source.Length; i++)
            {
                if (source[i] != '$' || i + 1 >= source.Length)
                {
                    result.Append(source[i]);
                    continue;
                }

                if (source[i + 1] == '$' && i + 2 < source.Length && source[i + 2] == '{')
                {
                    result.Append("${");
                    i += 2;
                    continue;
                }

                var end = source[i + 1] == '{' ? VariableText.FindEnd(source, i) : -1;
                if (end < 0)
                {
                    if (source[i + 1] == '{') Report($"'${{' is not closed", "write ${NAME}, or $${ for the signs themselves");
                    result.Append(source[i]);
                    continue;
                }

                result.Append(Value(source[(i + 2)..end]));
                i = end;
            }

            return result.ToString();
        }

        string Value(string inner)
        {
            var colon = inner.IndexOf(":-", StringComparison.Ordinal);
            var name = colon < 0 ? inner : inner[..colon];
            if (name.Length == 0 || !name.All(c => char.IsAsciiLetterOrDigit(c) || c is '_') || char.IsAsciiDigit(name[0]))
            {
                Report("'${' is not followed by a variable's name", "write ${NAME} or ${NAME:-default}, or $${ for the signs themselves");
                return "";
            }

            variables.Add(name);
            var value = environment.GetVariable(name);
            // As in a shell, ':-' also takes the place of an empty variable.
            if (colon >= 0) return string.IsNullOrEmpty(value) ? Expand(inner[(colon + 2)..]) : value;
            if (value is null) Report($"the variable {name} is not set ({path})", $"set {name}{Made(name)}, or {Otherwise(name)}");
            else if (value.Length == 0) Report($"the variable {name} is empty ({path})", $"set {name}{Made(name)}, or {(IsKey(name) ? Otherwise(name) : $"write ${{{name}:-}} where nothing is right")}");
            return value ?? "";
        }

        // Who copies a file from another machine has no key yet.
        static string Made(string name) => Vendor(name)?.KeyUrl is { } url ? $" (keys are made at {url})" : "";

        static bool IsKey(string name) => Vendor(name) is not null;

        static VendorDescriptor? Vendor(string name) => Vendors.All.FirstOrDefault(vendor => vendor.KeyVariables.Contains(name));

        string Otherwise(string name) => path.StartsWith("providers.", StringComparison.Ordinal) ? "switch the provider off (enabled: false)" : $"write a default: ${{{name}:-...}}";

        void Report(string what, string remedy)
        {
            broken = true;
            if (!silent) faults.Add(scalar.Origin, path, what, remedy);
        }
    }
}
