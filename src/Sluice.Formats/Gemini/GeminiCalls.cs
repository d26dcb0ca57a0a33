namespace Sluice.Formats.Gemini;

/// <summary>
/// The calls of a conversation. Calls mostly have no id on this wire: those get one by their number, the same each time the conversation is sent,
/// and results without an id belong to the first unanswered call of their name.
/// </summary>
internal sealed class GeminiCalls
{
    private readonly List<Call> _calls = [];

    /// <summary>Notes a call and gives the id that it goes by.</summary>
    public string Add(string? wireId, string name)
    {
        string id = string.IsNullOrEmpty(wireId) ? $"call_{_calls.Count}" : wireId;
        _calls.Add(new Call(id, name, !string.IsNullOrEmpty(wireId)));
        return id;
    }

    /// <summary>The id of the call that a result answers.</summary>
    public string Answer(string? wireId, string name)
    {
        var call = string.IsNullOrEmpty(wireId)
            ? Open(c => name.Length == 0 || c.Name == name)
            : _calls.FindLast(c => c.HasWireId && c.Id == wireId) ?? Open(c => !c.HasWireId && c.Name == name);
        if (call is null) return string.IsNullOrEmpty(wireId) ? $"call_{name}" : wireId;
        call.IsAnswered = true;
        return call.Id;
    }

    private Call? Open(Predicate<Call> test) => _calls.Find(c => !c.IsAnswered && test(c));

    private sealed class Call(string id, string name, bool hasWireId)
    {
        public string Id { get; } = id;

        public string Name { get; } = name;

        public bool HasWireId { get; } = hasWireId;

        public bool IsAnswered { get; set; }
    }
}
