using System.Text.Json;
using Sluice.Engine;

namespace Sluice.Accounting.Ledger;

/// <summary>The labels of a call: those of its key, those that the client puts into <c>metadata</c>, those of the header <c>x-sluice-labels</c>; later ones win.</summary>
internal static class CallLabels
{
    /// <summary>The header: <c>project=search, env=prod</c>.</summary>
    public const string Header = "x-sluice-labels";

    private const int MostLabels = 16;
    private const int MostName = 64;
    private const int MostValue = 256;
    private static readonly IReadOnlyDictionary<string, string> None = new Dictionary<string, string>();

    /// <summary>The labels; bounded in number and length, the rest is left out.</summary>
    public static IReadOnlyDictionary<string, string> Of(CallContext call)
    {
        var ofKey = call.Inbound.Caller?.Key.Labels;
        string? header = call.Inbound.Headers.Get(Header);
        bool hasMetadata = call.Members.TryGet("metadata"u8, out var metadata) && call.Members.Value(metadata)[0] == (byte)'{';
        if (header is null && !hasMetadata && ofKey is not { Count: > 0 }) return None;
        var labels = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in ofKey ?? None) Add(labels, name, value);
        if (hasMetadata) AddMetadata(labels, call.Members.Body.Slice(metadata.ValueStart, metadata.ValueLength));
        foreach (string pair in (header ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            int equals = pair.IndexOf('=');
            if (equals > 0) Add(labels, pair[..equals].TrimEnd(), pair[(equals + 1)..].TrimStart());
        }
        return labels;
    }

    // Anthropic has the user's id there, OpenAI whatever the client writes.
    private static void AddMetadata(Dictionary<string, string> labels, ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json);
        foreach (var member in document.RootElement.EnumerateObject())
        {
            if (member.Value.ValueKind == JsonValueKind.String) Add(labels, member.Name, member.Value.GetString()!);
        }
    }

    private static void Add(Dictionary<string, string> labels, string name, string value)
    {
        if (name.Length is 0 or > MostName || (labels.Count >= MostLabels && !labels.ContainsKey(name))) return;
        labels[name] = value.Length <= MostValue ? value : value[..MostValue];
    }
}
