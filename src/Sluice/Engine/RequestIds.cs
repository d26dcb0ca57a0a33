namespace Sluice.Engine;

/// <summary>
/// The ids of calls: <c>req_</c>, eight letters of the time in milliseconds, twelve of chance. They sort by time, so that the ledger's index of ids grows at its end: with ids of
/// chance alone every call would touch another page of it.
/// </summary>
internal sealed class RequestIds(IdSource ids, TimeProvider time)
{
    private const int TimeLetters = 8;
    private const int RandomLetters = 12;

    public string Next() => ids.Next(string.Create(Prefix.Length + TimeLetters, time.GetUtcNow().ToUnixTimeMilliseconds(), static (target, milliseconds) =>
    {
        Prefix.CopyTo(target);
        for (int i = target.Length - 1; i >= Prefix.Length; i--, milliseconds /= IdSource.Alphabet.Length) target[i] = IdSource.Alphabet[(int)(milliseconds % IdSource.Alphabet.Length)];
    }), RandomLetters);

    private const string Prefix = "req_";
}
