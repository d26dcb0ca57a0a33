using Sluice.Formats.Shared;

namespace Sluice.Formats.Gemini;

/// <summary>
/// The calls of a conversation. Calls mostly have no id on this wire: those get one by their number, the same each time the conversation is sent,
/// and results without an id belong to the first unanswered call of their name.
/// </summary>
internal sealed class GeminiCalls
{
    // A result that names nothing looks among all.
    private const string Any = "";
    private readonly UnansweredCalls<string> _open = new();
    private readonly UnansweredCalls<string> _openWithoutId = new();
    private readonly Dictionary<string, AwaitedCall> _byId = new(StringComparer.Ordinal);
    private int _count;

    /// <summary>How many calls were looked at to answer; for tests of how much work that is.</summary>
    internal int Looks => _open.Looks + _openWithoutId.Looks;

    /// <summary>Notes a call and gives the id that it goes by.</summary>
    public string Add(string? wireId, string name)
    {
        bool hasId = !string.IsNullOrEmpty(wireId);
        var call = new AwaitedCall(hasId ? wireId! : $"call_{_count}");
        _count++;
        _open.Add(Any, call);
        if (name.Length > 0) _open.Add(name, call);
        if (hasId) _byId[call.Id] = call;
        else _openWithoutId.Add(name, call);
        return call.Id;
    }

    /// <summary>The id of the call that a result answers.</summary>
    public string Answer(string? wireId, string name)
    {
        bool hasId = !string.IsNullOrEmpty(wireId);
        var call = !hasId ? _open.First(name) : _byId.GetValueOrDefault(wireId!) ?? _openWithoutId.First(name);
        if (call is null) return hasId ? wireId! : $"call_{name}";
        call.IsAnswered = true;
        return call.Id;
    }
}
