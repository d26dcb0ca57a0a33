using System.Text.Json;
using Sluice.Engine;

namespace Sluice.Accounting.Ledger;

/// <summary>
/// The labels of a call: those of its key, those of the header <c>x-sluice-labels</c>, those that the client puts into <c>metadata</c>; the first one of a name
/// wins. A key's are its administrator's: no client can change or crowd them out.
/// </summary>
internal static class CallLabels
{
    /// <summary>The header: <c>project=search, env=prod</c>.</summary>
    public const string Header = "x-sluice-labels";

    /// <summary>The most labels of a call, and of a key.</summary>
    public const int MostLabels = 16;

    private const int MostName = 64;
    private const int MostValue = 256;
    // Deeper than any configuration lets a request be.
    private const int MostDepth = 256;
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
        foreach (string pair in (header ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            int equals = pair.IndexOf('=');
            if (equals > 0) Add(labels, pair[..equals].TrimEnd(), pair[(equals + 1)..].TrimStart());
        }
        if (hasMetadata) AddMetadata(labels, call.Members.Value(metadata));
        return labels;
    }

    // Anthropic has the user's id there, OpenAI whatever the client writes. What is no text is left out; the provider judges it.
    private static void AddMetadata(Dictionary<string, string> labels, ReadOnlySpan<byte> json)
    {
        try
        {
            var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = MostDepth });
            reader.Read();
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                string? name = Text(ref reader);
                reader.Read();
                if (name is not null && reader.TokenType == JsonTokenType.String && Text(ref reader) is { } value) Add(labels, name, value);
                else reader.Skip();
            }
        }
        catch (JsonException)
        {
            // What was read until here stays.
        }
    }

    // JSON may escape halves of signs, which no text can hold.
    private static string? Text(ref Utf8JsonReader reader)
    {
        try
        {
            return reader.GetString();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    private static void Add(Dictionary<string, string> labels, string name, string value)
    {
        if (name.Length is 0 or > MostName || labels.Count >= MostLabels) return;
        labels.TryAdd(name, value.Length <= MostValue ? value : value[..(char.IsHighSurrogate(value[MostValue - 1]) ? MostValue - 1 : MostValue)]);
    }
}
