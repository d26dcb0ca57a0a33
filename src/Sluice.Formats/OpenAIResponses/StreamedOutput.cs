using System.Buffers;
using System.Text.Json;
using Sluice.Chat;
using Sluice.Errors;
using Sluice.Formats.Json;
using Sluice.Streaming;
using Sluice.Wire;

namespace Sluice.Formats.OpenAIResponses;

/// <summary>Writes the events of one stream: numbers them, and keeps the finished items for the final response.</summary>
internal sealed class StreamedOutput(TranslationContext context)
{
    private readonly SortedDictionary<int, RawJson> _done = [];
    private readonly Dictionary<string, int> _indexes = new(StringComparer.Ordinal);
    private Utf8JsonWriter? _json;
    private int _sequence;
    private int _next;

    /// <summary>Where events go; set before each of them.</summary>
    public IBufferWriter<byte> Output { get; set; } = null!;

    /// <summary>The call.</summary>
    public TranslationContext Context { get; } = context;

    /// <summary>Opens an item.</summary>
    /// <returns>Its output index.</returns>
    public int AddItem<TState>(string id, TState state, Action<Utf8JsonWriter, TState> write)
    {
        int index = _next++;
        _indexes[id] = index;
        ItemEvent("response.output_item.added"u8, index, JsonOutput.ToRaw(state, write));
        return index;
    }

    /// <summary>Closes an item with its final JSON.</summary>
    public void EndItem<TState>(int index, TState state, Action<Utf8JsonWriter, TState> write)
    {
        var item = JsonOutput.ToRaw(state, write);
        _done[index] = item;
        ItemEvent("response.output_item.done"u8, index, item);
    }

    /// <summary>Opens a message item.</summary>
    public EncodedMessage OpenMessage(Part first)
    {
        string id = ResponsesMessageItem.IdOf([first], Context);
        var around = ResponsesNotes.Silent(first.Notes, ResponsesNotes.Item);
        int index = AddItem(id, (id, around), static (json, s) =>
        {
            json.WriteStartObject();
            var members = new ResponsesMembers(json, s.around.IsAbsent ? null : ResponsesNotes.Empty with { Shape = s.around.ToString() });
            members.String("id", s.id);
            members.Type("message");
            if (!members.Kept("status")) members.String("status", "in_progress");
            if (!members.Kept("role")) members.String("role", "assistant");
            members.Name("content");
            json.WriteStartArray();
            json.WriteEndArray();
            members.Rest();
            json.WriteEndObject();
        });
        return new EncodedMessage(id, index);
    }

    /// <summary>Closes a message item.</summary>
    public void CloseMessage(EncodedMessage message, string status) =>
        EndItem(message.OutputIndex, (message, status, Context), static (json, s) => ResponsesMessageItem.Write(json, s.message.Id, s.message.Contents, s.status, s.Context));

    /// <summary>Writes an item that carries the signature of another piece.</summary>
    public void Carrier(Signature signature, PayloadRole role)
    {
        string id = Context.Ids.Next("rs_");
        string payload = ReasoningPayload.Write(signature, role);
        int index = AddItem(id, id, static (json, i) => ResponsesItemWriter.Reasoning(json, new ReasoningPart(""), i, payload: null));
        EndItem(index, (id, payload), static (json, s) => ResponsesItemWriter.Reasoning(json, new ReasoningPart(""), s.id, s.payload));
    }

    /// <summary>Writes one event; the writer adds the members after <c>type</c> and <c>sequence_number</c>.</summary>
    public void Event<TState>(ReadOnlySpan<byte> type, TState state, Action<Utf8JsonWriter, TState> write)
    {
        Output.Write("event: "u8);
        Output.Write(type);
        Output.Write("\ndata: "u8);
        var json = _json ??= JsonOutput.CreateWriter(Output);
        json.Reset(Output);
        json.WriteStartObject();
        json.WriteString("type"u8, type);
        json.WriteNumber("sequence_number"u8, _sequence++);
        write(json, state);
        json.WriteEndObject();
        json.Flush();
        Output.Write("\n\n"u8);
    }

    /// <summary>Writes an event that carries the response.</summary>
    public void ResponseEvent(ReadOnlySpan<byte> type, RawJson response) => Event(type, response, static (json, r) =>
    {
        json.WritePropertyName("response"u8);
        r.WriteTo(json);
    });

    /// <summary>The response object with the items that are finished.</summary>
    public RawJson Response(ResponseFacts facts, bool withOutput) => JsonOutput.ToRaw((facts, withOutput, this), static (json, s) =>
        ResponsesEnvelope.Write(json, s.facts, s.Item3.Context, writer =>
        {
            writer.WriteStartArray();
            if (s.withOutput)
            {
                foreach (var item in s.Item3._done.Values) item.WriteTo(writer);
            }
            writer.WriteEndArray();
        }));

    /// <summary>Writes the event that says why the stream breaks off.</summary>
    public void Error(GatewayError error) => ResponsesErrors.WriteEvent(error, _sequence++, Output);

    /// <summary>Passes on an event that the encoder has no word for, if it belongs to an item that is known here.</summary>
    public void Raw(RawEvent e)
    {
        var root = e.Json.ToElement();
        int? index = null;
        if (root.Text("item_id"u8) is { } id)
        {
            if (!_indexes.TryGetValue(id, out int known)) return;
            index = known;
        }
        else if (root.Get("output_index"u8) is not null)
        {
            return;
        }
        JsonOutput.WriteSse(Output, System.Text.Encoding.UTF8.GetBytes(e.Name), (root, index, sequence: _sequence++), static (json, s) =>
        {
            json.WriteStartObject();
            foreach (var member in s.root.EnumerateObject())
            {
                if (member.NameEquals("sequence_number"u8)) continue;
                if (member.NameEquals("output_index"u8) && s.index is { } own) json.WriteNumber("output_index"u8, own);
                else member.WriteTo(json);
            }
            json.WriteNumber("sequence_number"u8, s.sequence);
            json.WriteEndObject();
        });
    }

    private void ItemEvent(ReadOnlySpan<byte> type, int index, RawJson item) => Event(type, (index, item), static (json, s) =>
    {
        json.WriteNumber("output_index"u8, s.index);
        json.WritePropertyName("item"u8);
        s.item.WriteTo(json);
    });
}

/// <summary>A message item that is being written.</summary>
internal sealed class EncodedMessage(string id, int outputIndex)
{
    /// <summary>Its id.</summary>
    public string Id { get; } = id;

    /// <summary>The id, escaped once for all its events.</summary>
    public JsonEncodedText EncodedId { get; } = JsonEncodedText.Encode(id);

    /// <summary>Its place in the output.</summary>
    public int OutputIndex { get; } = outputIndex;

    /// <summary>Its parts, complete ones in their final form.</summary>
    public List<MessageContent> Contents { get; } = [];

    /// <summary>How many of its parts still go on.</summary>
    public int OpenParts { get; set; }

    /// <summary>True when another item has begun since: no text joins it any more.</summary>
    public bool IsLeft { get; set; }
}
