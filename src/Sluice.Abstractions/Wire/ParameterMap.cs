namespace Sluice.Wire;

/// <summary>
/// Where request parameters stand in a format's bodies: the one place that knows how <c>max_tokens</c> is spelled here, and whether there is such a thing
/// at all. Defaults of the configuration, rules for parameters, rules for model families and output limits all ask it. Immutable.
/// </summary>
public sealed class ParameterMap
{
    /// <summary>The neutral name of the limit of an answer's tokens.</summary>
    public const string OutputLimit = "max_tokens";

    /// <summary>The neutral name of the number of answers that are wanted.</summary>
    public const string Answers = "n";

    private readonly Dictionary<string, ParameterPlace> _places = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ParameterPlace> _ownNames = new(StringComparer.Ordinal);
    private MemberNames? _decidingTop;
    private MemberNames? _decidingInside;
    private MemberNames? _state;

    /// <summary>Makes a map.</summary>
    /// <param name="places">Where the neutral parameters stand that the format takes.</param>
    public ParameterMap(params IReadOnlyList<ParameterPlace> places)
    {
        ArgumentNullException.ThrowIfNull(places);
        foreach (var place in places)
        {
            _places[place.Parameter] = place;
            foreach (string name in place.Names) _ownNames.TryAdd(name, place);
        }
    }

    /// <summary>The map of a format that takes no such parameters.</summary>
    public static ParameterMap None { get; } = new();

    /// <summary>The object that holds the settings, in its spellings; empty where they stand in the body itself.</summary>
    public IReadOnlyList<string> Section { get; init; } = [];

    /// <summary>Members that stand in the body itself although there is a <see cref="Section"/>.</summary>
    public IReadOnlyCollection<string> TopLevel { get; init; } = [];

    /// <summary>The spellings that a parser of the format takes for a name that this map does not have; the usual one first.</summary>
    public Func<string, IReadOnlyList<string>> Spell { get; init; } = static name => [name];

    /// <summary>Members of the body itself, beside parameters, that decide who answers what and how much of it.</summary>
    public IReadOnlyCollection<string> Deciding { get; init; } = [];

    /// <summary>Members, at any depth, that bring input which is not in the request: an earlier turn, a file, a prompt that the provider keeps.</summary>
    public IReadOnlyCollection<string> State { get; init; } = [];

    /// <summary>All members of the body itself that decide something: a parser must not read another one for them.</summary>
    public MemberNames DecidingTop => _decidingTop ??= new MemberNames([.. Deciding, .. Section, .. TopLevel, .. NamesWhere(p => p.Holder.Count == 0)]);

    /// <summary>All members of the <see cref="Section"/> that decide something.</summary>
    public MemberNames DecidingInside => _decidingInside ??= new MemberNames(Section.Count == 0 ? [] : NamesWhere(p => p.Holder.SequenceEqual(Section)));

    /// <summary><see cref="State"/>, for looking up.</summary>
    public MemberNames StateNames => _state ??= new MemberNames(State);

    /// <summary>The neutral names of the parameters that the format takes.</summary>
    public IReadOnlyCollection<string> Parameters => _places.Keys;

    /// <summary>Where a parameter stands, by its neutral name; <see langword="null"/> where the format has no such parameter.</summary>
    public ParameterPlace? Find(string parameter) => _places.GetValueOrDefault(parameter);

    /// <summary>Where a parameter stands, by its neutral name or by its name in the format. What the map does not know stands where the format keeps its settings.</summary>
    public ParameterPlace Place(string name)
    {
        if (_places.TryGetValue(name, out var place)) return place;
        if (_ownNames.TryGetValue(name, out place)) return place with { Names = [name, .. place.Names.Where(n => n != name)] };
        return TopLevel.Contains(name) ? new ParameterPlace(name, [], [name]) : new ParameterPlace(name, Section, Spell(name));
    }

    /// <summary>Whether a name stands for how much is answered (the limit, the number of answers) or for an object that holds such a member.</summary>
    public bool DecidesAmount(string name) =>
        name is OutputLimit or Answers || Section.Contains(name) || Names(OutputLimit).Contains(name) || Names(Answers).Contains(name);

    private IEnumerable<string> NamesWhere(Func<ParameterPlace, bool> isOne) => _places.Values.Where(isOne).SelectMany(p => p.Names.Concat(p.Also));

    private IReadOnlyList<string> Names(string parameter) => Find(parameter)?.Names ?? [];
}
