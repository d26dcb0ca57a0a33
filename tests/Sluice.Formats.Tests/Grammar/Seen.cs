using System.Text;
using System.Text.Json;
using Sluice.Chat;

namespace Sluice.Formats.Tests.Grammar;

/// <summary>A tool call as a client sees it.</summary>
internal sealed class SeenCall(string id, string name)
{
    public string Id { get; } = id;

    public string Name { get; } = name;

    public StringBuilder Arguments { get; } = new();

    public override string ToString() => $"{Id} {Name} {Canonical(Arguments.ToString())}";

    private static string Canonical(string arguments)
    {
        try
        {
            using var document = JsonDocument.Parse(arguments.Length == 0 ? "{}" : arguments);
            return JsonSerializer.Serialize(document.RootElement);
        }
        catch (JsonException)
        {
            return arguments;
        }
    }
}

/// <summary>One answer as a client sees it, in no format's words.</summary>
internal sealed class SeenCandidate
{
    /// <summary>Text; refusals too where the dialect has no field for them.</summary>
    public StringBuilder Text { get; } = new();

    public StringBuilder Refusal { get; } = new();

    public StringBuilder Reasoning { get; } = new();

    public List<SeenCall> Calls { get; } = [];

    public string? Finish { get; set; }

    public override string ToString() =>
        $"text {JsonSerializer.Serialize(Text.ToString())}\nrefusal {JsonSerializer.Serialize(Refusal.ToString())}\nreasoning {Squeezed(Reasoning)}\n{string.Join('\n', Calls)}";

    // How parts of reasoning are told apart (an empty line or nothing) is each format's own matter.
    private static string Squeezed(StringBuilder text) => JsonSerializer.Serialize(string.Concat(text.ToString().Where(c => !char.IsWhiteSpace(c))));
}

/// <summary>A whole stream as a client sees it.</summary>
internal sealed class Seen
{
    public SortedDictionary<int, SeenCandidate> Candidates { get; } = [];

    public bool IsComplete { get; set; }

    public string? Error { get; set; }

    public long? OutputTokens { get; set; }

    public SeenCandidate Candidate(int index)
    {
        if (!Candidates.TryGetValue(index, out var candidate)) Candidates[index] = candidate = new SeenCandidate();
        return candidate;
    }

    /// <summary>What a client of a dialect should see of an answer.</summary>
    public static Seen Of(ChatResponse response, DialectTraits traits)
    {
        var seen = new Seen { OutputTokens = response.Usage?.OutputTokens };
        foreach (var candidate in response.Candidates.Where(c => traits.ManyCandidates || c.Index == 0))
        {
            var view = seen.Candidate(candidate.Index);
            foreach (var part in candidate.Parts) Add(view, part, traits);
        }
        return seen;
    }

    /// <summary>Everything that a client was told, as text to compare; candidates of which nothing was told do not count.</summary>
    public string Content() => string.Join('\n', Candidates.Select(c => $"{c.Key}: {c.Value}").Where(c => !c.EndsWith("text \"\"\nrefusal \"\"\nreasoning \"\"\n", StringComparison.Ordinal)));

    private static void Add(SeenCandidate view, Part part, DialectTraits traits)
    {
        switch (part)
        {
            case TextPart p: view.Text.Append(p.Text); break;
            case RefusalPart p: (traits.Refusals ? view.Refusal : view.Text).Append(p.Text); break;
            case ReasoningPart p when traits.Reasoning: view.Reasoning.Append(p.Text); break;
            case ToolCallPart p when traits.Calls:
                var call = new SeenCall(p.CallId, p.Name);
                call.Arguments.Append(p.Arguments);
                view.Calls.Add(call);
                break;
            default: break;
        }
    }
}

/// <summary>What a dialect has words for.</summary>
internal sealed record DialectTraits
{
    public bool ManyCandidates { get; init; }

    public bool Refusals { get; init; }

    public bool Reasoning { get; init; } = true;

    public bool Calls { get; init; } = true;
}
