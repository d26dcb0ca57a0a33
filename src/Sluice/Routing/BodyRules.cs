using System.Globalization;
using System.Text;
using System.Text.Json;
using Sluice.Formats;
using Sluice.Formats.Json;
using Sluice.Parameters;
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
        HasOwnDefaults = _defaults.Any(d => !ChatRules.Carries(d.Key));
    }

    /// <summary>True when <c>provider_specific</c> is empty.</summary>
    public bool HasNoAdditions => _additions.Length == 0;

    /// <summary>True when <c>params</c> has names that the chat model does not carry.</summary>
    public bool HasOwnDefaults { get; }

    /// <summary>Adds what the configuration asks for.</summary>
    public void Apply(JsonMembers members, JsonEdits edits, IWireFormat format, long? mostTokens)
    {
        foreach (var (name, value) in _defaults)
        {
            if (PlaceOf(name, format) is not { } place || IsGiven(edits, place)) continue;
            var json = name == ParameterMap.OutputLimit && mostTokens is { } most && value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out long limit) && limit > most
                ? Encoding.UTF8.GetBytes(most.ToString(CultureInfo.InvariantCulture))
                : RawJson.From(value).Utf8;
            if (_target.ParameterRules.ForBody(format.Id).NameOf(name, json.Span, members) is { } spelled) Set(edits, place, spelled, value, json);
        }
        ApplyAdditions(edits);
    }

    /// <summary>Adds what the chat model did not carry, in a body that was translated.</summary>
    public void ApplyOwn(JsonEdits edits, IWireFormat format)
    {
        foreach (var (name, value) in _defaults)
        {
            if (ChatRules.Carries(name) || PlaceOf(name, format) is not { } place || IsGiven(edits, place)) continue;
            Set(edits, place, place.Names[0], value, RawJson.From(value).Utf8);
        }
        ApplyAdditions(edits);
    }

    // What a format does not have is not sent there, and what no format has goes with every chat call: only the provider can know it.
    private static ParameterPlace? PlaceOf(string name, IWireFormat format) =>
        format.Parameters.Find(name) ?? (format.Operation == WireOperation.Chat && !WireFormats.Parameters.Contains(name) ? format.Parameters.Place(name) : null);

    private static bool IsGiven(JsonEdits edits, ParameterPlace place) =>
        new BodyPlace(place) is var found && found.Holder(edits) is { } holder && Array.Exists(found.Names, n => holder.Members.TryGet(n, out _));

    private static void Set(JsonEdits edits, ParameterPlace place, string name, JsonElement value, ReadOnlyMemory<byte> json)
    {
        if (new BodyPlace(place).Holder(edits, creates: true) is not { } holder) return;
        holder.Set(Encoding.UTF8.GetBytes(name), place.IsList && value.ValueKind != JsonValueKind.Array ? (byte[])[(byte)'[', .. json.Span, (byte)']'] : json);
    }

    private void ApplyAdditions(JsonEdits edits)
    {
        foreach (var (name, value) in _additions) edits.Set(name, value);
    }
}
