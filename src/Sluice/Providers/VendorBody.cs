using Sluice.Formats.Json;

namespace Sluice.Providers;

/// <summary>What a vendor's endpoint wants changed at the top of a format's body. Immutable.</summary>
public sealed record VendorBody
{
    /// <summary>How the model is called in the body, with the placeholders <c>{name}</c> and <c>{publisher}</c> of a path; null where it has no <c>model</c>.</summary>
    public string? Model { get; init; }

    /// <summary>Members that are set, by their names, with their values as JSON.</summary>
    public IReadOnlyList<KeyValuePair<byte[], ReadOnlyMemory<byte>>> Set { get; init; } = [];

    /// <summary>Applies it to a body.</summary>
    /// <param name="edits">Where the edits are collected.</param>
    /// <param name="model">The model's name in the body as a JSON string; absent where it has none.</param>
    internal void Apply(JsonEdits edits, ReadOnlyMemory<byte> model)
    {
        if (Model is null) edits.Remove("model"u8);
        else edits.Set("model"u8, model);
        foreach (var (name, value) in Set) edits.Set(name, value);
    }
}
