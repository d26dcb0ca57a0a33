using System.Text.Json;

namespace Sluice.Cli.Keys;

/// <summary>A key as the administration API tells it.</summary>
/// <param name="Json">The object.</param>
internal sealed record ShownKey(JsonElement Json)
{
    public string Id => Text("id") ?? "";

    public string Name => Text("name") ?? "";

    public string State => Text("state") ?? "";

    public string? Group => Text("group");

    /// <summary>The key itself, right after it was made; <see langword="null"/> otherwise.</summary>
    public string? Secret => Text("key");

    public string? Text(string name) => Json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    /// <summary>Whether something is true of it.</summary>
    public bool Flag(string name) => Json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.True;

    /// <summary>A list; <see langword="null"/> where there is none.</summary>
    public IReadOnlyList<string>? List(string name) => Json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Array ? [.. value.EnumerateArray().Select(v => v.ToString())] : null;

    /// <summary>A number of <c>limits</c> or <c>budget</c>; <see langword="null"/> where there is none.</summary>
    public decimal? Number(string within, string name) =>
        Json.TryGetProperty(within, out var numbers) && numbers.ValueKind == JsonValueKind.Object && numbers.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetDecimal(out decimal number) ? number : null;

    public override string ToString() => Id;
}
