using Sluice.Formats.Shared;

namespace Sluice.Formats.OllamaChat;

/// <summary>The calls of a conversation. A result is matched to its call by id, by the tool's name, or by order.</summary>
internal sealed class OllamaCalls
{
    private readonly UnansweredCalls<bool> _all = new();
    private readonly UnansweredCalls<string> _byId = new();
    private readonly UnansweredCalls<string> _byName = new();
    private readonly UnansweredCalls<int> _byTurn = new();
    private readonly UnansweredCalls<(int Turn, string Name)> _byTurnAndName = new();

    /// <summary>How many calls were looked at to answer; for tests of how much work that is.</summary>
    internal int Looks => _all.Looks + _byId.Looks + _byName.Looks + _byTurn.Looks + _byTurnAndName.Looks;

    /// <summary>Notes a call of a turn.</summary>
    public void Add(string id, string name, int turn)
    {
        var call = new AwaitedCall(id, turn);
        _all.Add(true, call);
        _byId.Add(id, call);
        _byName.Add(name, call);
        _byTurn.Add(turn, call);
        _byTurnAndName.Add((turn, name), call);
    }

    /// <summary>The id of the call that a result answers; <see langword="null"/> where there is none.</summary>
    public string? Answer(string? id, string? name)
    {
        var call = string.IsNullOrEmpty(id) ? Find(name) : _byId.Last(id);
        if (call is not null) call.IsAnswered = true;
        return call?.Id;
    }

    // Results answer the last turn that called; what stayed open before is matched by name only.
    private AwaitedCall? Find(string? name)
    {
        if (_all.Last(true) is not { } newest) return null;
        var named = name is null ? null : _byTurnAndName.First((newest.Turn, name)) ?? _byName.First(name);
        return named ?? _byTurn.First(newest.Turn);
    }
}
