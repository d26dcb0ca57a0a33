using System.Text.Json;
using Sluice.Chat;
using Sluice.Streaming;
using Sluice.Wire;

namespace Sluice.Formats.OpenAIResponses;

/// <summary>One part of an answer while its events are written.</summary>
internal abstract class EncodedPart(StreamedOutput stream, Part first)
{
    private readonly StreamFolder _folder = Begin(first);

    /// <summary>Where its events go.</summary>
    protected StreamedOutput Stream { get; } = stream;

    /// <summary>The part as it began.</summary>
    public Part First { get; } = first;

    /// <summary>Writes the beginning.</summary>
    public virtual void Start()
    {
    }

    /// <summary>Takes a delta.</summary>
    public void Add(PartDelta e)
    {
        _folder.Add(e with { Index = 0 });
        Write(e.Delta);
    }

    /// <summary>Writes the end.</summary>
    public abstract void End(PartEnded e);

    /// <summary>Writes what a delta means.</summary>
    protected abstract void Write(Delta delta);

    /// <summary>The part as it is now. What an upstream of this format repeats at the end counts more than what was folded.</summary>
    protected Part Folded(PartEnded e)
    {
        var folded = _folder.ToResponse().Candidates[0].Parts[0];
        if (e.Final is not { } final || final.GetType() != First.GetType()) return folded;
        return final is RawPart || ResponsesNotes.IsNative(final.Notes) ? final : folded with { Signature = final.Signature ?? folded.Signature };
    }

    /// <summary>The item's id: its own where it came in this format, else a new one.</summary>
    protected string Id(string prefix) => ResponsesNotes.IsNative(First.Notes) && First.Id is { Length: > 0 } id ? id : Stream.Context.Ids.Next(prefix);

    private static StreamFolder Begin(Part first)
    {
        var folder = new StreamFolder();
        folder.Add(new PartStarted(0, 0, first));
        return folder;
    }
}

/// <summary>A call of a function or of a free-text tool.</summary>
internal sealed class EncodedCall(StreamedOutput stream, ToolCallPart call) : EncodedPart(stream, call)
{
    private readonly DeclaredTool _tool = ToolLift.Declared(call, stream.Context);
    private string _id = "";
    private string _callId = "";
    private int _index;
    private bool _hasDelta;

    // A search is told whole at its end.
    private bool IsSearch => _tool.Kind == ToolLift.Search;

    public override void Start()
    {
        if (call.Signature is { } signature) Stream.Carrier(signature, PayloadRole.OfNext);
        _id = Id(ToolLift.IdPrefix(call, Stream.Context));
        _callId = call.CallId.Length > 0 ? call.CallId : Stream.Context.Ids.Next("call_");
        _index = Stream.AddItem(_id, (this, call), static (json, s) =>
            ResponsesItemWriter.Call(json, s.call with { Notes = null }, s.Item1._id, s.Item1._callId, s.Item1._tool, "", "in_progress"));
        if (call.Arguments.Length > 0) WriteArguments(call.Arguments);
    }

    public override void End(PartEnded e)
    {
        var folded = (ToolCallPart)Folded(e);
        if (!_hasDelta && folded.Arguments.Length > 0) WriteArguments(folded.Arguments);
        if (!IsSearch) Stream.Event(call.IsCustom ? "response.custom_tool_call_input.done"u8 : "response.function_call_arguments.done"u8, (this, folded), static (json, s) =>
        {
            json.WriteString("item_id"u8, s.Item1._id);
            json.WriteNumber("output_index"u8, s.Item1._index);
            if (!s.folded.IsCustom) json.WriteString("name"u8, s.Item1._tool.Name);
            json.WriteString(s.folded.IsCustom ? "input"u8 : "arguments"u8, s.folded.Arguments);
        });
        Stream.EndItem(_index, (this, folded), static (json, s) =>
            ResponsesItemWriter.Call(json, s.folded, s.Item1._id, s.Item1._callId, s.Item1._tool, s.folded.Arguments, "completed"));
        if (call.Signature is null && folded.Signature is { } signature) Stream.Carrier(signature, PayloadRole.OfPrevious);
    }

    protected override void Write(Delta delta)
    {
        if (delta is ArgumentsDelta { Text.Length: > 0 } arguments) WriteArguments(arguments.Text);
    }

    private void WriteArguments(string text)
    {
        _hasDelta = true;
        if (IsSearch) return;
        Stream.Event(call.IsCustom ? "response.custom_tool_call_input.delta"u8 : "response.function_call_arguments.delta"u8, (this, text), static (json, s) =>
        {
            json.WriteString("item_id"u8, s.Item1._id);
            json.WriteNumber("output_index"u8, s.Item1._index);
            json.WriteString("delta"u8, s.text);
        });
    }
}

/// <summary>An item that is told whole at its end: a tool that the provider ran, a picture, or what only this format knows.</summary>
internal sealed class EncodedItem(StreamedOutput stream, Part part) : EncodedPart(stream, part)
{
    private string _id = "";
    private int _index;

    public override void Start()
    {
        _id = First is MediaPart ? Id("ig_") : First.Id ?? Stream.Context.Ids.Next("item_");
        _index = Stream.AddItem(_id, (this, First), static (json, s) => WriteItem(json, s.First, s.Item1._id, "in_progress"));
    }

    public override void End(PartEnded e) =>
        Stream.EndItem(_index, (this, Folded(e)), static (json, s) => WriteItem(json, s.Item2, s.Item1._id, "completed"));

    protected override void Write(Delta delta)
    {
    }

    private static void WriteItem(Utf8JsonWriter json, Part part, string id, string status)
    {
        switch (part)
        {
            case RawPart raw: raw.Json.WriteTo(json); break;
            case ServerToolCallPart server: RawJson.FromText(server.Notes!.Shape!).WriteTo(json); break;
            case MediaPart { Source: InlineMedia inline } picture:
                ResponsesItemWriter.Picture(json, picture, id, inline.Base64, status);
                break;
            default: break;
        }
    }
}
