using System.Text.Json;
using Sluice.Transforms.Json;
using Sluice.Transforms.Texts;

namespace Sluice.Transforms.Streams;

/// <summary>The texts of one event of a stream and the places where texts end, in order. A dialect fills it.</summary>
internal sealed class EventTexts(JsonTree tree)
{
    /// <summary>The event.</summary>
    public JsonTree Tree { get; } = tree;

    /// <summary>What is found.</summary>
    public List<EventText> Items { get; } = [];

    /// <summary>Texts of the event that are complete by themselves.</summary>
    public TextPlaces Whole { get; } = new(tree);

    /// <summary>A piece of a text; it ends the other parts of its candidate.</summary>
    public void Piece(int node, int candidate, int part, string field, bool isJson = false)
    {
        if (node < 0 || Tree[node].Kind != JsonValueKind.String) return;
        var id = new TextChannelId(candidate, part, field);
        if (Tree[node].End - Tree[node].Start > 2) Items.Add(new EventText(EventTextKind.EndOthers, -1, id, isJson));
        Items.Add(new EventText(EventTextKind.Piece, node, id, isJson));
    }

    /// <summary>A text that went before in pieces, repeated whole. It ends the pieces.</summary>
    public void Repeat(int node, int candidate, int part, string field, bool isJson = false)
    {
        if (node < 0 || Tree[node].Kind != JsonValueKind.String) return;
        var id = new TextChannelId(candidate, part, field);
        Items.Add(new EventText(EventTextKind.EndPart, -1, id, isJson));
        Items.Add(new EventText(EventTextKind.Repeat, node, id, isJson));
    }

    /// <summary>A part ends.</summary>
    public void EndPart(int candidate, int part) => Items.Add(new EventText(EventTextKind.EndPart, -1, new TextChannelId(candidate, part, ""), false));

    /// <summary>All parts of a candidate end.</summary>
    public void EndCandidate(int candidate) => Items.Add(new EventText(EventTextKind.EndCandidate, -1, new TextChannelId(candidate, -1, ""), false));

    /// <summary>Everything ends.</summary>
    public void EndAll() => Items.Add(new EventText(EventTextKind.EndAll, -1, default, false));
}

/// <summary>A text of an event, or where texts end.</summary>
internal readonly record struct EventText(EventTextKind Kind, int Node, TextChannelId Id, bool IsJson)
{
    /// <summary>Whether a text ends here.</summary>
    public bool Ends(TextChannelId open) => Kind switch
    {
        EventTextKind.EndOthers => open.Candidate == Id.Candidate && open.Part != Id.Part,
        EventTextKind.EndPart => open.Candidate == Id.Candidate && open.Part == Id.Part,
        EventTextKind.EndCandidate => open.Candidate == Id.Candidate,
        EventTextKind.EndAll => true,
        _ => false,
    };
}

/// <summary>The kinds of <see cref="EventText"/>.</summary>
internal enum EventTextKind
{
    Piece,
    Repeat,
    EndOthers,
    EndPart,
    EndCandidate,
    EndAll,
}
