using System.Collections.Concurrent;

namespace Sluice.Simulator.Faults;

/// <summary>Decides which fault strikes a call: header first, then a marker in the text, then what was ordered for the vendor, then chance.</summary>
internal sealed class FaultDesk
{
    private const int MaxCountedTexts = 10_000;
    private readonly Lock gate = new();
    private readonly Dictionary<string, LinkedList<Fault>> ordered = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, Fault[]> forever = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, int> foreverNext = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, Chance> chances = new(StringComparer.OrdinalIgnoreCase);
    private readonly ConcurrentDictionary<string, int> strikes = new(StringComparer.Ordinal);
    private bool anything;

    /// <summary>Orders faults for the next calls.</summary>
    /// <param name="provider">A vendor or <c>*</c>.</param>
    /// <param name="faults">In the order in which they strike.</param>
    /// <param name="repeat">How often the list is gone through; below zero without end.</param>
    public void Enqueue(string provider, IReadOnlyList<Fault> faults, int repeat)
    {
        if (faults.Count == 0)
            return;
        lock (gate)
        {
            Volatile.Write(ref anything, true);
            if (repeat < 0)
            {
                forever[provider] = [.. faults];
                foreverNext[provider] = 0;
                return;
            }

            if (!ordered.TryGetValue(provider, out var queue))
                ordered[provider] = queue = new LinkedList<Fault>();
            for (var i = 0; i < Math.Min(repeat, 100_000); i++)
            {
                foreach (var fault in faults)
                    queue.AddLast(fault);
            }
        }
    }

    public void SetProbability(string provider, double probability, int seed, IReadOnlyList<Fault> faults)
    {
        lock (gate)
        {
            Volatile.Write(ref anything, true);
            if (probability <= 0 || faults.Count == 0)
                chances.Remove(provider);
            else
                chances[provider] = new Chance(probability, [.. faults], new Random(seed));
        }
    }

    public void Reset()
    {
        lock (gate)
        {
            ordered.Clear();
            forever.Clear();
            foreverNext.Clear();
            chances.Clear();
            strikes.Clear();
            Volatile.Write(ref anything, false);
        }
    }

    /// <summary>The faults waiting in each queue, without those that repeat for ever.</summary>
    public IReadOnlyList<(string Provider, int Count)> Waiting()
    {
        lock (gate)
            return [.. ordered.Where(entry => entry.Value.Count > 0).Select(entry => (entry.Key, entry.Value.Count))];
    }

    /// <summary>The shares of calls that fail by chance.</summary>
    public IReadOnlyList<(string Provider, double Probability)> Probabilities()
    {
        lock (gate)
            return [.. chances.Select(entry => (entry.Key, entry.Value.Probability))];
    }

    public Fault? Decide(string provider, string method, string path, string? model, string? header, string? marker)
    {
        if (header is not null && FromText(header, provider, path, model) is { } byHeader)
            return byHeader;
        if (marker is not null && FromText(marker, provider, path, model) is { } byMarker)
            return byMarker;
        if (!Volatile.Read(ref anything))
            return null;
        lock (gate)
        {
            return Take(provider, method, path, model) ?? Take("*", method, path, model)
                ?? Chanced(provider, method, path, model) ?? Chanced("*", method, path, model);
        }
    }

    private Fault? FromText(string text, string provider, string path, string? model)
    {
        if (!FaultText.TryParse(text, out var fault, out _) || !Fits(fault, provider, "POST", path, model))
            return null;
        if (fault.Times <= 0)
            return fault;
        if (strikes.Count > MaxCountedTexts)
            strikes.Clear();
        return strikes.AddOrUpdate(text, 1, static (_, count) => count + 1) <= fault.Times ? fault : null;
    }

    private Fault? Take(string queueName, string method, string path, string? model)
    {
        if (ordered.TryGetValue(queueName, out var queue))
        {
            for (var node = queue.First; node is not null; node = node.Next)
            {
                if (!Fits(node.Value, queueName, method, path, model))
                    continue;
                queue.Remove(node);
                return node.Value;
            }
        }

        if (!forever.TryGetValue(queueName, out var loop))
            return null;
        var next = loop[foreverNext[queueName] % loop.Length];
        if (!Fits(next, queueName, method, path, model))
            return null;
        foreverNext[queueName] = (foreverNext[queueName] + 1) % loop.Length;
        return next;
    }

    private Fault? Chanced(string name, string method, string path, string? model)
    {
        if (!chances.TryGetValue(name, out var chance) || !Fits(chance.Faults[0], name, method, path, model))
            return null;
        return chance.Random.NextDouble() < chance.Probability ? chance.Faults[chance.Random.Next(chance.Faults.Length)] : null;
    }

    /// <summary>A fault without a path strikes model calls only, so that listing models does not use up what was meant for a call.</summary>
    private static bool Fits(Fault fault, string provider, string method, string path, string? model) =>
        (fault.Path is null ? method == "POST" : path.Contains(fault.Path, StringComparison.OrdinalIgnoreCase))
        && (fault.Model is null || (model is not null && model.Contains(fault.Model, StringComparison.OrdinalIgnoreCase)))
        && (fault.Provider is null || provider == "*" || provider.Equals(fault.Provider, StringComparison.OrdinalIgnoreCase));

    private sealed record Chance(double Probability, Fault[] Faults, Random Random);
}
