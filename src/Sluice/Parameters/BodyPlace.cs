using System.Text;
using Sluice.Formats.Json;
using Sluice.Wire;

namespace Sluice.Parameters;

/// <summary>A place of a parameter in bodies, as bytes.</summary>
internal sealed class BodyPlace(ParameterPlace place)
{
    private readonly byte[][] _holders = [.. place.Holder.Select(Encoding.UTF8.GetBytes)];

    /// <summary>The parameter's spellings, the usual one first.</summary>
    public byte[][] Names { get; } = [.. place.Names.Select(Encoding.UTF8.GetBytes)];

    /// <summary>True where the value is always a list.</summary>
    public bool IsList => place.IsList;

    /// <summary>The object that holds it; <see langword="null"/> where a body has none and none is to be made.</summary>
    public JsonEdits? Holder(JsonEdits body, bool creates = false)
    {
        if (_holders.Length == 0) return body;
        foreach (byte[] name in _holders)
        {
            if (body.Inside(name) is { } inner) return inner;
        }
        return creates ? body.Inside(_holders[0], creates: true) : null;
    }
}
