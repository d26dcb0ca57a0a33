using Sluice.Transforms.Json;
using Sluice.Transforms.Streams;

namespace Sluice.Transforms.Texts;

/// <summary>Knows where text content stands in the bodies of one dialect.</summary>
internal interface IDialectTexts
{
    /// <summary>Finds the texts of a request.</summary>
    void Request(TextPlaces places);

    /// <summary>Finds the texts of a whole answer.</summary>
    void Answer(TextPlaces places);

    /// <summary>Finds the texts of one event of a stream, and where texts end.</summary>
    void Event(EventTexts texts);

    /// <summary>What the events of a stream have in common, as members without braces: kept for events that are made here.</summary>
    byte[] Envelope(JsonTree tree);

    /// <summary>The data of an event that goes on with a text.</summary>
    /// <param name="channel">The text that goes on.</param>
    /// <param name="text">How it goes on.</param>
    /// <param name="number">The event's number, where the dialect counts its events.</param>
    byte[] Continue(TextChannel channel, string text, long? number);

    /// <summary>The name of such an event; empty where the dialect's events have none.</summary>
    string EventName(TextChannel channel) => "";

    /// <summary>True where events are of several kinds and few of them hold the answer; false where each event is a piece shaped like the answer.</summary>
    bool HasEventTypes => false;

    /// <summary>True where later events repeat the texts of earlier ones.</summary>
    bool RepeatsTexts => false;

    /// <summary>The answer inside an event that holds one; -1 where it holds none.</summary>
    int AnswerOf(JsonTree tree) => -1;
}
