using System.Buffers.Text;
using System.Text;
using Sluice.Client;
using Sluice.Engine;
using Sluice.Wire;

namespace Sluice.Budgets;

/// <summary>
/// How much a request asks for, read at its dearest: of several spellings, objects and kinds of numbers that servers take for the limit of the output or the number of
/// answers, the one that costs most.
/// </summary>
internal sealed class AskedOutput
{
    // More than any server gives; products of it stay within a decimal.
    private const long Most = 1_000_000_000;
    private const int MaxDepth = 1024;
    private long? _limit;
    private bool _isOpen;
    private int _readings;
    private bool _hasOther;

    private AskedOutput()
    {
    }

    /// <summary>The most tokens of one answer; <see langword="null"/> where the request sets no bound that every server keeps.</summary>
    public long? Tokens => _isOpen || _readings == 0 ? null : _limit;

    /// <summary>Whether the request says anything of a limit, also that there is none.</summary>
    public bool IsSaid { get; private set; }

    /// <summary>Whether a limit that is put in would hold: the request has none of its own, in no spelling and in no place.</summary>
    public bool MayBeLimited => Tokens is null && !_hasOther && _readings <= 1;

    /// <summary>How many answers are asked for.</summary>
    public long Answers { get; private set; } = 1;

    /// <summary>A member that decides how much is asked for and is no number that can be read; <see langword="null"/> for none.</summary>
    public string? Unreadable { get; private set; }

    /// <summary>Reads a call's request.</summary>
    public static AskedOutput Of(CallContext call)
    {
        var asked = new AskedOutput();
        if (call.Inbound.Format is DirectFormat)
        {
            asked.TakeLimit(call.Head.MaxTokens);
            asked.Answers = call.Chat is { IsSuccess: true, Value.CandidateCount: { } count } ? Math.Clamp(count, 1, Most) : 1;
            return asked;
        }
        var map = call.Inbound.Format.Parameters;
        if (map.Find(ParameterMap.OutputLimit) is { } limit)
        {
            foreach (var (place, holder) in asked.Places(call.Members, limit)) asked.ReadLimit(place, limit, holder);
        }
        if (map.Find(ParameterMap.Answers) is { } answers)
        {
            foreach (var (place, holder) in asked.Places(call.Members, answers)) asked.ReadAnswers(place, answers, holder);
        }
        return asked;
    }

    // Each object that a server could take for the one with the settings.
    private List<(JsonMembers Members, string Path)> Places(JsonMembers body, ParameterPlace place)
    {
        if (place.Holder.Count == 0) return [(body, "")];
        var found = new List<(JsonMembers, string)>();
        for (int i = 0; i < body.Count; i++)
        {
            string name = Encoding.UTF8.GetString(body.Name(i));
            if (!place.Holder.Contains(name, StringComparer.Ordinal)) continue;
            var value = body.Value(body[i]);
            if (value[0] == (byte)'n') continue;
            if (value[0] == (byte)'{' && JsonMembers.Scan(body.Body.Slice(body[i].ValueStart, body[i].ValueLength), MaxDepth, out _) is { } inner) found.Add((inner, name + "."));
            else Unreadable ??= name;
        }
        return found;
    }

    private void ReadLimit(JsonMembers members, ParameterPlace place, string path)
    {
        bool isSaid = false;
        _readings++;
        for (int i = 0; i < members.Count; i++)
        {
            bool isOther = IsOneOf(members.Name(i), place.Also);
            if ((!isOther && !IsOneOf(members.Name(i), place.Names)) || !TryRead(members, i, path, out long? number)) continue;
            IsSaid = true;
            if (isOther) _hasOther = true;
            else isSaid = true;
            // Less than one token is no limit: Ollama takes -1 for any number.
            if (number is > 0) _limit = Math.Max(_limit ?? 0, number.Value);
            else _isOpen = true;
        }
        if (!isSaid) _isOpen = true;
    }

    private void TakeLimit(long? tokens)
    {
        (_readings, IsSaid, _limit, _isOpen) = (1, tokens is not null, tokens, tokens is not > 0);
    }

    private void ReadAnswers(JsonMembers members, ParameterPlace place, string path)
    {
        for (int i = 0; i < members.Count; i++)
        {
            if ((IsOneOf(members.Name(i), place.Names) || IsOneOf(members.Name(i), place.Also)) && TryRead(members, i, path, out long? number)) Answers = Math.Max(Answers, number ?? 1);
        }
    }

    // False where nothing is said. Servers in lax modes take "100", 1e2 and 100.0 for 100.
    private bool TryRead(JsonMembers members, int index, string path, out long? number)
    {
        var value = members.Value(members[index]);
        number = null;
        if (value[0] == (byte)'n') return false;
        var text = value[0] == (byte)'"' ? value[1..^1].Trim(" \t"u8) : value;
        if (text.Length > 0 && text[0] == (byte)'+') text = text[1..];
        if (Utf8Parser.TryParse(text, out double read, out int used) && used == text.Length && !double.IsNaN(read))
        {
            number = (long)Math.Clamp(Math.Ceiling(read), -1, Most);
            return true;
        }
        Unreadable ??= path + Encoding.UTF8.GetString(members.Name(index));
        return true;
    }

    private static bool IsOneOf(ReadOnlySpan<byte> name, IReadOnlyList<string> names)
    {
        foreach (string one in names)
        {
            if (System.Text.Ascii.Equals(name, one)) return true;
        }
        return false;
    }
}
