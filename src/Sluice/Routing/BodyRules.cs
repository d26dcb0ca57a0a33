using System.Text;
using System.Text.Json;
using Sluice.Formats.Json;
using Sluice.Wire;

namespace Sluice.Routing;

/// <summary>What a target's configuration changes in a body of its own format: default parameters and <c>provider_specific</c> members.</summary>
internal sealed class BodyRules
{
    private readonly KeyValuePair<byte[], ReadOnlyMemory<byte>>[] _additions;
    private readonly KeyValuePair<string, JsonElement>[] _defaults;
    private readonly TargetModel _target;

    public BodyRules(TargetModel target)
    {
        _target = target;
        var specific = target.Config?.ProviderSpecific ?? target.Provider.Config.ProviderSpecific;
        _additions = [.. specific.Select(p => new KeyValuePair<byte[], ReadOnlyMemory<byte>>(Encoding.UTF8.GetBytes(p.Key), RawJson.From(p.Value).Utf8))];
        _defaults = [.. target.Config?.Params ?? target.Provider.Config.Params];
    }

    /// <summary>True when <c>provider_specific</c> is empty.</summary>
    public bool HasNoAdditions => _additions.Length == 0;

    /// <summary>Adds what the configuration asks for.</summary>
    public void Apply(JsonMembers members, JsonEdits edits, WireFormatId format)
    {
        foreach (var (name, value) in _defaults)
        {
            if (BodyParameterNames.Of(name, format) is not { } usual || members.TryGet(Encoding.UTF8.GetBytes(usual), out _)) continue;
            var json = RawJson.From(value).Utf8;
            if (_target.ParameterRules.ForBody(format).NameOf(usual, json.Span, members) is not { } spelled) continue;
            if (name == "max_tokens" && members.TryGet("max_completion_tokens"u8, out _)) continue;
            edits.Set(Encoding.UTF8.GetBytes(spelled), json);
        }
        ApplyAdditions(edits, format);
    }

    /// <summary>Adds the <c>provider_specific</c> members.</summary>
    public void ApplyAdditions(JsonEdits edits, WireFormatId format)
    {
        foreach (var (name, value) in _additions) edits.Set(name, value);
    }
}
