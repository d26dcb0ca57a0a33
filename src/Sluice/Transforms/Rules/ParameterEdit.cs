using System.Globalization;
using System.Text;
using System.Text.Json;
using Sluice.Configuration;
using Sluice.Formats;
using Sluice.Transforms.Json;
using Sluice.Wire;

namespace Sluice.Transforms.Rules;

/// <summary>A <c>params</c> rule: request parameters that are forced, defaulted or dropped, in the client's format.</summary>
internal sealed class ParameterEdit(ParamRulesConfig config)
{
    private readonly KeyValuePair<string, ReadOnlyMemory<byte>>[] _force = Values(config.Force);
    private readonly KeyValuePair<string, ReadOnlyMemory<byte>>[] _default = Values(config.Default);

    /// <summary>The names that the rule changes.</summary>
    public IEnumerable<string> Names => [.. config.Force.Keys, .. config.Default.Keys, .. config.Drop];

    /// <summary>Gives the edited body.</summary>
    public ReadOnlyMemory<byte> Apply(ReadOnlyMemory<byte> body, WireFormatId format)
    {
        foreach (string name in config.Drop) body = Edit(body, Place(name, format), default, replaces: true);
        foreach (var (name, value) in _force) body = Edit(body, Place(name, format), value, replaces: true);
        foreach (var (name, value) in _default) body = Edit(body, Place(name, format), value, replaces: false);
        return body;
    }

    /// <summary>A body with a number as one of its parameters, in place of one that is there.</summary>
    public static ReadOnlyMemory<byte> Set(string name, long value, ReadOnlyMemory<byte> body, WireFormatId format) =>
        Edit(body, Place(name, format), Encoding.UTF8.GetBytes(value.ToString(CultureInfo.InvariantCulture)), replaces: true);

    private static ParameterPlace Place(string name, WireFormatId format) => (WireFormats.Find(format)?.Parameters ?? ParameterMap.None).Place(name);

    private static KeyValuePair<string, ReadOnlyMemory<byte>>[] Values(IReadOnlyDictionary<string, JsonElement> values) =>
        [.. values.Select(v => new KeyValuePair<string, ReadOnlyMemory<byte>>(v.Key, RawJson.From(v.Value).Utf8))];

    // A value of no bytes takes the parameter away.
    private static ReadOnlyMemory<byte> Edit(ReadOnlyMemory<byte> body, ParameterPlace place, ReadOnlyMemory<byte> value, bool replaces)
    {
        if (JsonTree.Parse(body) is not { } tree) return body;
        var edits = new TreeEdits(tree);
        int holder = JsonTree.Root;
        if (place.Holder.Count > 0)
        {
            holder = place.Holder.Select(name => tree.Find(JsonTree.Root, Encoding.UTF8.GetBytes(name))).FirstOrDefault(node => node >= 0, -1);
            if (holder < 0 || tree[holder].Kind != JsonValueKind.Object)
            {
                if (value.IsEmpty) return body;
                byte[] made = [(byte)'{', .. JsonStrings.Quote(place.Names[0]), (byte)':', .. value.Span, (byte)'}'];
                if (holder < 0) edits.AddMember(JsonTree.Root, place.Holder[0], made);
                else edits.Replace(holder, made);
                return edits.Apply();
            }
        }
        var spelled = new List<int>();
        foreach (int member in tree.Children(holder))
        {
            if (place.Names.Contains(tree.Name(member), StringComparer.Ordinal)) spelled.Add(member);
        }
        if (spelled.Count > 0 && !replaces) return body;
        for (int i = 0; i < spelled.Count; i++)
        {
            if (!value.IsEmpty && i == spelled.Count - 1) edits.Replace(spelled[i], value);
            else edits.Remove(spelled[i]);
        }
        if (spelled.Count == 0 && !value.IsEmpty) edits.AddMember(holder, place.Names[0], value);
        return edits.IsEmpty ? body : edits.Apply();
    }
}
