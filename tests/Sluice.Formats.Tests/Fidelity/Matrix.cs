using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Sluice.TestKit;
using Sluice.Wire;

namespace Sluice.Formats.Tests.Fidelity;

/// <summary>How often a feature was carried from one format to another: unchanged, reported as changed or dropped, or lost in silence.</summary>
internal sealed class Cell
{
    public int Carried { get; set; }

    public int Reported { get; set; }

    public int Silent { get; set; }
}

/// <summary>Every recorded request through every other format, compared by <see cref="PlainReaders"/>.</summary>
internal sealed partial class Matrix
{
    private static readonly string[] Sources = ["openai-chat", "openai-responses", "anthropic-messages", "gemini-generate"];

    private static readonly string[] ChosenTargets = ["openai-chat", "openai-responses", "anthropic-messages", "gemini-generate", "ollama-chat", "cohere-chat", "mistral-chat", "bedrock-converse"];

    /// <summary>By source, target and feature.</summary>
    public SortedDictionary<(string Source, string Target, string Feature), Cell> Cells { get; } = [];

    /// <summary>By source, target and path (without numbers): how often it was reported.</summary>
    public SortedDictionary<(string Source, string Target, string Path), int> Losses { get; } = [];

    /// <summary>By target and path: why.</summary>
    public SortedDictionary<(string Target, string Path), string> Reasons { get; } = [];

    /// <summary>What was lost without a word: the recording, the feature, what was said and what came.</summary>
    public List<string> Silent { get; } = [];

    /// <summary>Requests that a format cannot serve at all, by source, target and reason.</summary>
    public SortedDictionary<(string Source, string Target, string Why), int> Refused { get; } = [];

    public static IReadOnlyList<string> From => Sources;

    public static IReadOnlyList<string> To => ChosenTargets;

    public static Matrix Run()
    {
        var matrix = new Matrix();
        foreach (string source in Sources)
        {
            var server = WireFormats.Find<IChatServerFormat>(new WireFormatId(source))!;
            foreach (var exchange in Corpus.Of(source).Where(e => e is { Status: < 300, RequestBody: not null }))
            {
                foreach (string target in ChosenTargets.Where(t => t != source)) matrix.Add(server, WireFormats.Find<IChatClientFormat>(new WireFormatId(target))!, exchange);
            }
        }
        return matrix;
    }

    private void Add(IChatServerFormat server, IChatClientFormat client, Exchange exchange)
    {
        var (source, target) = (server.Id.Value, client.Id.Value);
        byte[] body = Encoding.UTF8.GetBytes(exchange.RequestBody!);
        string path = exchange.Path.Split('?')[0];
        var decoded = server.DecodeRequest(new WireRequest { Path = path, PathModel = server.ModelInBody ? null : "gemini-2.5-pro", Body = body });
        decoded.Error.ShouldBeNull(exchange.Id);
        var context = RecordedAnswers.Context(server.Id, client.Id, decoded.Value, Model(target));
        var output = new ArrayBufferWriter<byte>();
        if (client.EncodeRequest(decoded.Value!, context, output) is { } refusal)
        {
            Count(Refused, (source, target, Numbers().Replace(refusal.Message, "")));
            return;
        }
        foreach (var loss in context.Losses.Losses)
        {
            string place = Numbers().Replace(loss.Path, "[]");
            Count(Losses, (source, target, place));
            Reasons.TryAdd((target, place), loss.Reason);
        }
        Compare(exchange.Id, source, target, PlainReaders.Read(source, JsonDocument.Parse(body).RootElement), PlainReaders.Read(target, JsonDocument.Parse(output.WrittenMemory).RootElement), context.Losses);
    }

    private void Compare(string id, string source, string target, PlainRequest said, PlainRequest came, LossReport losses)
    {
        foreach (string feature in PlainRequest.Names)
        {
            if (said[feature] is not { } expected) continue;
            if (!Cells.TryGetValue((source, target, feature), out var cell)) Cells[(source, target, feature)] = cell = new Cell();
            if (came[feature] == expected || IsNarrowed(feature, said, came)) cell.Carried++;
            else if (losses.Losses.Any(l => IsAbout(feature, l.Path))) cell.Reported++;
            else
            {
                cell.Silent++;
                Silent.Add(string.Create(CultureInfo.InvariantCulture, $"{source} > {target}: {feature} of {id}\n  said: {Short(expected)}\n  came: {Short(came[feature] ?? "nothing")}\n  reported: {string.Join(", ", losses.Losses.Select(l => l.Path))}"));
            }
        }
    }

    // A choice among some tools can be said by offering no others.
    private static bool IsNarrowed(string feature, PlainRequest said, PlainRequest came) =>
        feature is "tools" or "tool schemas" or "tool choice" && said["tool choice"] == "allowed" && came["tools"] is { } offered && offered.Split('\n').All(said["tools"]!.Split('\n').Contains)
        && (feature == "tool choice" || offered != said["tools"]);

    /// <summary>True for a report that tells of the feature. What is said in messages may be told under the message or its content.</summary>
    private static bool IsAbout(string feature, string path) => feature switch
    {
        "max tokens" => path.Contains("max_", StringComparison.Ordinal),
        "temperature" or "top_p" or "top_k" or "seed" or "stop" => path.StartsWith(feature, StringComparison.Ordinal),
        "penalties" => path.EndsWith("_penalty", StringComparison.Ordinal),
        "reasoning wanted" => path.StartsWith("reasoning", StringComparison.Ordinal),
        // Without tools there is nothing to choose.
        "tool choice" => path.StartsWith("tool", StringComparison.Ordinal),
        "one call at a time" => path.StartsWith("parallel_tool_calls", StringComparison.Ordinal) || path.StartsWith("tool_choice", StringComparison.Ordinal),
        "answer schema" => path.StartsWith("response_format", StringComparison.Ordinal) || path.StartsWith("answer_format", StringComparison.Ordinal),
        "tools" or "tool schemas" or "provider's tools" => path.StartsWith("tool", StringComparison.Ordinal) || path.StartsWith("web_search_options", StringComparison.Ordinal),
        _ => path.StartsWith("messages", StringComparison.Ordinal) || path.StartsWith("system", StringComparison.Ordinal),
    };

    private static string Model(string format) => format switch
    {
        "anthropic-messages" => "claude-sonnet-4-5",
        "bedrock-converse" => "us.anthropic.claude-sonnet-4-5-20250929-v1:0",
        "gemini-generate" => "gemini-2.5-pro",
        "cohere-chat" => "command-a-03-2025",
        "mistral-chat" => "mistral-large-latest",
        "ollama-chat" => "qwen3",
        _ => "gpt-4.1",
    };

    private static string Short(string text)
    {
        string line = text.Replace('\n', '|');
        return line.Length <= 300 ? line : line[..300] + "...";
    }

    private static void Count<T>(SortedDictionary<T, int> counts, T key)
        where T : notnull => counts[key] = counts.GetValueOrDefault(key) + 1;

    [GeneratedRegex(@"\[\d+\]")]
    private static partial Regex Numbers();
}
