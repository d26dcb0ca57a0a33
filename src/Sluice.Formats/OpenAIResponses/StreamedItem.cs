using System.Text.Json;
using Sluice.Chat;
using Sluice.Streaming;
using Sluice.Wire;

namespace Sluice.Formats.OpenAIResponses;

/// <summary>One output item while it is streamed, and the part or parts that it becomes. Events that do not fit the item are passed over.</summary>
internal abstract class StreamedItem(int outputIndex, TranslationContext context)
{
    // Parts are numbered so that they sort as the whole answer has them, whatever the order in which their events come.
    protected const int MaxContents = 1 << 10;

    /// <summary>The call.</summary>
    protected TranslationContext Context { get; } = context;

    /// <summary>Where it stands in errors.</summary>
    protected string Path => $"output[{outputIndex}]";

    /// <summary>True after its end.</summary>
    protected bool IsEnded { get; private set; }

    /// <summary>The parts that it became, complete.</summary>
    public List<Part> Ended { get; } = [];

    /// <summary>An item of a type.</summary>
    public static StreamedItem Create(int outputIndex, string type, TranslationContext context) =>
        type == "message" ? new StreamedMessage(outputIndex, context) : new StreamedPart(outputIndex, type, context);

    /// <summary>The item begins.</summary>
    /// <param name="item">The item as it was added; default where that was not told.</param>
    /// <param name="events">The events so far.</param>
    public abstract void Open(JsonElement item, List<StreamEvent> events);

    /// <summary>The item is complete. What its deltas left out follows first.</summary>
    /// <param name="item">The item as the provider repeats it; default where it does not.</param>
    /// <param name="events">The events so far.</param>
    public void End(JsonElement item, List<StreamEvent> events)
    {
        if (IsEnded) return;
        IsEnded = true;
        if (item.ValueKind == JsonValueKind.Object && IsOwn(item)) ResponsesMessageReader.ReadOutput(item, Path, Ended);
        Close(events);
    }

    public virtual void StartContent(JsonElement root, List<StreamEvent> events)
    {
    }

    public virtual void EndContent(JsonElement root, List<StreamEvent> events)
    {
    }

    public virtual void AddText(JsonElement root, List<StreamEvent> events)
    {
    }

    public virtual void AddRefusal(JsonElement root, List<StreamEvent> events)
    {
    }

    public virtual void AddAnnotation(JsonElement root, List<StreamEvent> events)
    {
    }

    public virtual void AddArguments(JsonElement root, List<StreamEvent> events)
    {
    }

    public virtual void AddReasoning(JsonElement root, List<StreamEvent> events)
    {
    }

    public virtual void AddSummary(JsonElement root, List<StreamEvent> events)
    {
    }

    /// <summary>Writes what is left, and the ends of the parts; <see cref="Ended"/> holds the repeated item, if there was one.</summary>
    protected abstract void Close(List<StreamEvent> events);

    /// <summary>True for a repeated item of the same type.</summary>
    protected abstract bool IsOwn(JsonElement item);

    /// <summary>The number of a part.</summary>
    protected int Index(int content = 0) => (outputIndex * MaxContents) + content;
}
