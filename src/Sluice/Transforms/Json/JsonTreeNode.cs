using System.Text.Json;

namespace Sluice.Transforms.Json;

/// <summary>A value of a document: what it is, where it stands, and what it belongs to.</summary>
internal struct JsonTreeNode
{
    /// <summary>What it is.</summary>
    public JsonValueKind Kind;

    /// <summary>Offset of its first byte.</summary>
    public int Start;

    /// <summary>One past its last byte.</summary>
    public int End;

    /// <summary>Offset of its name, after the quote; -1 where it is no member of an object.</summary>
    public int NameStart;

    /// <summary>Length of its name as spelled.</summary>
    public int NameLength;

    /// <summary>The node that holds it; -1 for the document.</summary>
    public int Parent;

    /// <summary>Its first child; -1 where there is none.</summary>
    public int First;

    /// <summary>Its next sibling; -1 where there is none.</summary>
    public int Next;

    /// <summary>Offset of the whole member or element.</summary>
    public readonly int From => NameStart >= 0 ? NameStart - 1 : Start;
}
