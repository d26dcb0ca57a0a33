using System.Text;
using System.Text.Json;
using Sluice.Chat;
using Sluice.Formats.Json;
using Sluice.Formats.Shared;
using Sluice.Streaming;
using Sluice.Wire;

namespace Sluice.Formats.OpenAIChat;

/// <summary>
/// Puts streamed calls together from their fragments, by <c>index</c>: the first has id and name, the others arguments. A call ends when another part begins and
/// its arguments are complete, else with the answer, so that fragments of several calls may mix. Fronts of other APIs number every call 0, or not at
/// all: a new id, or a new name after complete arguments, is a new call.
/// </summary>
internal sealed class ChatCallAssembler(int candidate, TranslationContext context, PartNumbers numbers)
{
    private const int MaxOpenCalls = 1024;

    private readonly List<Call> _open = [];
    private readonly HashSet<long> _ended = [];
    private Call? _last;

    /// <summary>Takes one fragment.</summary>
    public void Read(JsonElement fragment, List<StreamEvent> events)
    {
        if (fragment.ValueKind != JsonValueKind.Object) throw new WireFormatException("choices.delta.tool_calls", "must hold objects");
        bool custom = fragment.Get("custom"u8) is { ValueKind: JsonValueKind.Object } && fragment.Get("function"u8) is not { ValueKind: JsonValueKind.Object };
        var called = fragment.Get(custom ? "custom"u8 : "function"u8) ?? default;
        string id = fragment.Text("id"u8) is { Length: > 0 } given && given != "null" ? given : "";
        Take(fragment.Count("index"u8), id, called.Text("name"u8) ?? "", Arguments(called, custom), custom, ThoughtSignature.Read(fragment), events);
    }

    /// <summary>Takes a fragment of the deprecated kind.</summary>
    public void ReadLegacy(JsonElement called, List<StreamEvent> events)
    {
        string name = called.Text("name"u8) ?? "";
        Take(-1, name.Length > 0 ? ChatAssistantReader.LegacyId(name) : "", name, Arguments(called, false), false, null, events);
    }

    /// <summary>Another part begins: ends the calls whose arguments are complete.</summary>
    public void CloseComplete(List<StreamEvent> events)
    {
        for (int i = 0; i < _open.Count; i++)
        {
            if (_open[i].IsComplete) Close(_open[i--], events);
        }
    }

    /// <summary>The answer ends.</summary>
    public void CloseAll(List<StreamEvent> events)
    {
        while (_open.Count > 0) Close(_open[0], events);
    }

    private static string Arguments(JsonElement called, bool custom)
    {
        if (called.Get(custom ? "input"u8 : "arguments"u8) is not { } value) return "";
        return value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();
    }

    private void Take(long? index, string id, string name, string arguments, bool custom, Signature? signature, List<StreamEvent> events)
    {
        var call = Find(index, id, name);
        if (call is null)
        {
            // Nothing but a late signature of a call that is told already.
            if (id.Length == 0 && name.Length == 0 && index is { } late && _ended.Contains(late) && string.IsNullOrWhiteSpace(arguments)) return;
            if (_last is { IsEnded: true } ended && id.Length == 0 && name.Length == 0 && (index is null || ended.Index == index))
            {
                if (string.IsNullOrWhiteSpace(arguments)) return;
                throw new WireFormatException("choices.delta.tool_calls", "a call goes on after it was complete");
            }
            CloseComplete(events);
            if (_open.Count == MaxOpenCalls) throw new WireFormatException("choices.delta.tool_calls", "has too many calls");
            call = new Call(index ?? _open.Count, id, custom);
            _open.Add(call);
        }
        _last = call;
        if (call.Name.Length == 0) call.Name = name;
        if (call.Id.Length == 0) call.Id = id;
        call.Balance.Add(arguments);
        Start(call, signature, events);
        if (!call.IsStarted) call.Waiting.Append(arguments);
        else if (arguments.Length > 0) events.Add(new PartDelta(candidate, call.Part, new ArgumentsDelta(arguments)));
    }

    private Call? Find(long? index, string id, string name)
    {
        Call? known = null;
        if (index is null && id.Length == 0)
        {
            known = _last is { IsEnded: false } ? _last : null;
        }
        else
        {
            for (int i = _open.Count - 1; i >= 0 && known is null; i--)
            {
                if (index is { } number ? _open[i].Index == number : _open[i].Id == id) known = _open[i];
            }
        }
        if (known is null) return null;
        bool another = id.Length > 0 && known.Id.Length > 0 ? id != known.Id : name.Length > 0 && known.IsComplete;
        return another && !(id.Length > 0 && id == known.Id) ? null : known;
    }

    // The part is told when the name is known; a signature that comes later follows as a delta.
    private void Start(Call call, Signature? signature, List<StreamEvent> events)
    {
        if (call.IsStarted)
        {
            if (signature is not null) events.Add(new PartDelta(candidate, call.Part, new SignatureDelta(signature)));
            return;
        }
        call.Signature ??= signature;
        if (call.Name.Length > 0) Tell(call, events);
    }

    private void Tell(Call call, List<StreamEvent> events)
    {
        call.Part = numbers.Next();
        if (call.Id.Length == 0) call.Id = context.Ids.Next("call_");
        events.Add(new PartStarted(candidate, call.Part, new ToolCallPart(call.Id, ToolNames.Undo(call.Name, context), "") { IsCustom = call.IsCustom, Signature = call.Signature }));
        if (call.Waiting.Length > 0) events.Add(new PartDelta(candidate, call.Part, new ArgumentsDelta(call.Waiting.ToString())));
        call.Waiting.Clear();
    }

    private void Close(Call call, List<StreamEvent> events)
    {
        if (!call.IsStarted) Tell(call, events);
        events.Add(new PartEnded(candidate, call.Part));
        call.IsEnded = true;
        _ended.Add(call.Index);
        _open.Remove(call);
    }

    private sealed class Call(long index, string id, bool isCustom)
    {
        // A field: the balance is a struct that changes.
        public JsonBalance Balance;

        public long Index { get; } = index;

        public string Id { get; set; } = id;

        public string Name { get; set; } = "";

        public bool IsCustom { get; } = isCustom;

        public Signature? Signature { get; set; }

        public StringBuilder Waiting { get; } = new();

        public int Part { get; set; } = -1;

        public bool IsEnded { get; set; }

        public bool IsStarted => Part >= 0;

        public bool IsComplete => !IsCustom && Balance.IsComplete;
    }
}
