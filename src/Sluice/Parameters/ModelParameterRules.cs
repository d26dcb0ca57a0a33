using System.Collections.Concurrent;
using Sluice.Chat;
using Sluice.Wire;

namespace Sluice.Parameters;

/// <summary>The rules of one model, decided once. Immutable and thread-safe.</summary>
public sealed class ModelParameterRules
{
    private readonly ParameterRule[] _translated;
    private readonly ConcurrentDictionary<WireFormatId, BodyParameterRules> _bodies = new();

    internal ModelParameterRules(ParameterRule[] rules)
    {
        Rules = rules;
        _translated = [.. rules.Where(r => r.Lanes.HasFlag(ParameterLanes.Translated))];
    }

    /// <summary>The rules of a model that takes everything.</summary>
    public static ModelParameterRules None { get; } = new([]);

    /// <summary>The rules that hold for it.</summary>
    public IReadOnlyList<ParameterRule> Rules { get; }

    /// <summary>True when a translated request is never changed.</summary>
    public bool IsEmpty => _translated.Length == 0;

    /// <summary>Applies the rules to a request on its way into another format. Each change is reported.</summary>
    /// <param name="request">The request.</param>
    /// <param name="losses">Where changes are reported.</param>
    /// <param name="format">The upstream's format; <see langword="null"/> to apply the rules of all.</param>
    public ChatRequest Apply(ChatRequest request, LossReport losses, WireFormatId? format = null)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(losses);
        foreach (var rule in _translated)
        {
            if (format is null || rule.Formats.Count == 0 || rule.Formats.Contains(format.Value.Value)) request = ChatParameters.Apply(rule, request, losses);
        }
        return request;
    }

    /// <summary>Whether the model refuses the tools of a request in a format because it would reason beside them.</summary>
    internal bool RefusesToolsOf(ChatRequest request, WireFormatId format)
    {
        foreach (var rule in Rules)
        {
            if (rule.ToolsNeedEffortNone && rule.Formats.Contains(format.Value) && (request.Reasoning?.Wanted ?? rule.ReasonsByDefault) && request.Tools.Any(t => t is FunctionTool or CustomTool)) return true;
        }
        return false;
    }

    /// <summary>Whether the model takes OpenAI's own prompt-cache markers in a format.</summary>
    internal bool TakesCacheBreakpoints(WireFormatId format)
    {
        foreach (var rule in Rules)
        {
            if (rule.TakesCacheBreakpoints && rule.Formats.Contains(format.Value)) return true;
        }
        return false;
    }

    /// <summary>The rules for bodies of the upstream's own format; one with nothing to do says so (<see cref="BodyParameterRules.IsEmpty"/>).</summary>
    public BodyParameterRules ForBody(WireFormatId format) => _bodies.GetOrAdd(format, static (f, all) => BodyParameterRules.Of(all, f), Rules);
}
