namespace Sluice.Wire;

/// <summary>Where the types of media stand in the bodies of a format.</summary>
/// <param name="Members">The members that hold a type.</param>
/// <param name="Objects">The members whose objects have them.</param>
/// <param name="Foreign">The members below which everything is the user's own: arguments, results, schemas.</param>
public sealed record MediaTypePlaces(IReadOnlyList<string> Members, IReadOnlyList<string> Objects, IReadOnlyList<string> Foreign);
