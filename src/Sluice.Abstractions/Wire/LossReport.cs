namespace Sluice.Wire;

/// <summary>What a translation could not carry or had to change. Nothing is lost in silence.</summary>
public sealed class LossReport
{
    private readonly List<Loss> _losses = [];
    private readonly HashSet<string> _paths = new(StringComparer.Ordinal);

    /// <summary>The losses in the order in which they were met, each path once.</summary>
    public IReadOnlyList<Loss> Losses => _losses;

    /// <summary>True when everything was carried.</summary>
    public bool IsEmpty => _losses.Count == 0;

    /// <summary>Reports a field of the client's request (or the provider's answer) that the target cannot express.</summary>
    /// <param name="path">A path in the neutral vocabulary of the chat model, snake case: <c>seed</c>, <c>messages[2].name</c>, <c>tools[0].strict</c>.</param>
    /// <param name="reason">Why, in a sentence for users.</param>
    public void Dropped(string path, string reason) => Add(new Loss(path, reason, LossKind.Dropped));

    /// <summary>Reports a field whose value was changed to fit (clamped, renamed with another meaning, moved).</summary>
    public void Changed(string path, string reason) => Add(new Loss(path, reason, LossKind.Changed));

    /// <summary>Reports every unknown member of another format's <paramref name="notes"/>.</summary>
    /// <param name="notes">What the decoder kept; ignored when it is of <paramref name="target"/>.</param>
    /// <param name="target">The format that is written.</param>
    /// <param name="path">Where the object stands; empty for the root.</param>
    public void Unknown(WireNotes? notes, WireFormatId target, string path)
    {
        if (notes is null || notes.Format == target) return;
        foreach (var (name, json) in notes.Fields)
        {
            if (!json.IsNull) Dropped(path.Length == 0 ? name : $"{path}.{name}", $"only {notes.Format} has this field");
        }
    }

    /// <summary>Takes over what another report holds.</summary>
    public void Add(LossReport other)
    {
        ArgumentNullException.ThrowIfNull(other);
        foreach (var loss in other.Losses) Add(loss);
    }

    private void Add(Loss loss)
    {
        if (_paths.Add(loss.Path)) _losses.Add(loss);
    }
}

/// <summary>One loss.</summary>
/// <param name="Path">What was lost.</param>
/// <param name="Reason">Why.</param>
/// <param name="Kind">Dropped or changed.</param>
public sealed record Loss(string Path, string Reason, LossKind Kind);

/// <summary>What happened to a field.</summary>
public enum LossKind
{
    /// <summary>It did not reach the target.</summary>
    Dropped,

    /// <summary>It reached the target with another value.</summary>
    Changed,
}
