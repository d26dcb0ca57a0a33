using Sluice.Accounting.Ledger;
using Sluice.Configuration;
using Sluice.Configuration.Validation;
using Sluice.Errors;
using Sluice.Storage;

namespace Sluice.Access.Administration;

/// <summary>Checks what a key names: groups, providers and routes that must be there. What was there before a change is not asked again.</summary>
internal static class KeyReferences
{
    private const int MostItems = 200;

    public static GatewayError? Check(KeyRecord? before, KeyRecord after, SluiceConfig config, DateTimeOffset now)
    {
        var faults = new FaultList();
        if (after.Group is { } group && group != before?.Group && !config.Keys.Groups.ContainsKey(group)) Unknown(faults, "group", "group", group, config.Keys.Groups.Keys, "; groups are written under keys.groups in the configuration");
        foreach (string provider in New(before?.Providers, after.Providers))
        {
            if (!config.Providers.Keys.Any(p => Wildcard.Matches(provider, p))) Unknown(faults, "providers", "provider", provider, config.Providers.Keys);
        }
        foreach (string route in New(before?.Routes, after.Routes))
        {
            if (!config.Routes.Keys.Any(r => Wildcard.Matches(route, r))) Unknown(faults, "routes", "route", route, config.Routes.Keys);
        }
        foreach (string model in New(before?.Models, after.Models)) Model(faults, model, config);
        Bound(faults, "models", after.Models);
        Bound(faults, "routes", after.Routes);
        Bound(faults, "providers", after.Providers);
        Bound(faults, "addresses", after.Addresses);
        if (after.Labels.Count > CallLabels.MostLabels) faults.Add(ConfigurationOrigin.BuiltIn, "labels", $"labels has {after.Labels.Count} entries", $"write at most {CallLabels.MostLabels}");
        if (after.ExpiresAt is { } end && end <= now && end != before?.ExpiresAt) faults.Add(ConfigurationOrigin.BuiltIn, "expires_at", $"expires_at: {KeySettings.Text(end)} is past", "write a time to come, or revoke the key");
        return faults.Count == 0 ? null : KeySettings.Fault(faults);
    }

    // 'openai/gpt*' names a provider; 'gpt*' or a route's name does not, and a bare model name may be any.
    private static void Model(FaultList faults, string pattern, SluiceConfig config)
    {
        int slash = pattern.IndexOf('/');
        if (slash <= 0 || config.Routes.ContainsKey(pattern) || pattern[..slash].Contains('*') || config.Providers.ContainsKey(pattern[..slash])) return;
        Unknown(faults, "models", "provider", pattern[..slash], config.Providers.Keys);
    }

    private static void Unknown(FaultList faults, string path, string kind, string name, IEnumerable<string> known, string? more = null)
    {
        string remedy = ReferenceValidator.Remedy(kind, name, known);
        faults.Add(ConfigurationOrigin.BuiltIn, path, $"there is no {kind} '{name}'", remedy.StartsWith("no ", StringComparison.Ordinal) ? remedy + more : remedy);
    }

    private static IEnumerable<string> New(IReadOnlyList<string>? before, IReadOnlyList<string>? after) => (after ?? []).Except(before ?? []);

    private static void Bound(FaultList faults, string path, IReadOnlyList<string>? items)
    {
        if (items?.Count > MostItems) faults.Add(ConfigurationOrigin.BuiltIn, path, $"{path} has {items.Count} entries", $"write at most {MostItems}, with patterns");
    }
}
