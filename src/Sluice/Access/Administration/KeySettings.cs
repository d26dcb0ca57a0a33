using System.Globalization;
using Sluice.Configuration;
using Sluice.Configuration.Binding;
using Sluice.Configuration.Importing;
using Sluice.Configuration.Validation;
using Sluice.Configuration.Yaml;
using Sluice.Errors;
using Sluice.Storage;

namespace Sluice.Access.Administration;

/// <summary>What an administrator may say of a key, as a tree of names and values and back: one way in for every face, with one set of rules.</summary>
internal static class KeySettings
{
    /// <summary>A key's settings.</summary>
    /// <param name="key">The key.</param>
    /// <param name="isShown">True where a person or a log sees it: the webhook's address is masked.</param>
    public static MapNode Of(KeyRecord key, bool isShown)
    {
        var limits = new NodeBuilder().SetPlain("rpm", Text(key.Limits.Rpm)).SetPlain("tpm", Text(key.Limits.Tpm)).SetPlain("concurrency", Text(key.Limits.Concurrency));
        if (key.Limits.Burst != LimitsConfig.None.Burst) limits.Set("burst", (decimal)key.Limits.Burst);
        if (key.Limits.Queue != LimitsConfig.None.Queue) limits.Set("queue", key.Limits.Queue);
        var budget = new NodeBuilder().Set("daily", key.Budget.Daily).Set("weekly", key.Budget.Weekly).Set("monthly", key.Budget.Monthly).Set("total", key.Budget.Total);
        if (key.Budget.TimeZone != BudgetConfig.None.TimeZone) budget.Set("time_zone", key.Budget.TimeZone);
        if (key.Budget.Warn != BudgetConfig.None.Warn) budget.Set("warn", (decimal)key.Budget.Warn);
        budget.Set("webhook", isShown ? key.Budget.Webhook?.ToString() : key.Budget.Webhook?.Reveal());
        var labels = new NodeBuilder();
        foreach (var (name, value) in key.Labels) labels.Set(name, value);
        return new NodeBuilder()
            .Set("name", key.Name).Set("group", key.Group)
            .Set("models", List(key.Models)).Set("routes", List(key.Routes)).Set("providers", List(key.Providers))
            .Set("limits", limits).Set("budget", budget)
            .Set("expires_at", Text(key.ExpiresAt)).Set("addresses", List(key.Addresses)).Set("labels", labels)
            .Build();
    }

    /// <summary>A key with these settings in place of its own; or what is wrong with them, all at once.</summary>
    public static Outcome<KeyRecord> Apply(KeyRecord key, MapNode settings, DateTimeOffset now)
    {
        var faults = new FaultList();
        new StructureValidator(faults).Validate(settings, KeySchema.Settings, "");
        var reader = new ObjectReader(KeySchema.Settings, settings, "", new BindingContext(new ProcessEnvironment(), faults));
        var changed = key with
        {
            Name = reader.Text("name") ?? key.Name,
            Group = reader.Text("group"),
            Models = reader.Texts("models"),
            Routes = reader.Texts("routes"),
            Providers = reader.Texts("providers"),
            Limits = SharedBinder.Limits(reader.Object("limits"), LimitsConfig.None),
            Budget = SharedBinder.Budget(reader.Object("budget")),
            ExpiresAt = reader.Text("expires_at") is { } text && ExpiryType.TryParse(text, now, out var end) ? end : null,
            Addresses = reader.Texts("addresses"),
            Labels = reader.TextMap("labels") ?? Empty<string>.Map,
        };
        return faults.Count == 0 ? changed : Fault(faults);
    }

    /// <summary>What is wrong, as the error that every face tells.</summary>
    public static GatewayError Fault(FaultList faults)
    {
        var sorted = faults.Sorted();
        return new GatewayError(ErrorKind.InvalidRequest, string.Join("\n", sorted.Select(f => $"{f.What}; {f.Remedy}"))) { Param = sorted[0].Path.Length > 0 ? sorted[0].Path : null, Code = "invalid_key_settings" };
    }

    /// <summary>A time as it is written everywhere.</summary>
    public static string? Text(DateTimeOffset? time) => time?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture);

    private static string? Text(long? number) => number?.ToString(CultureInfo.InvariantCulture);

    private static ListNode? List(IReadOnlyList<string>? items) => items is null ? null : NodeBuilder.List(items.Select(NodeBuilder.Text));
}
